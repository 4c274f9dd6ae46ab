// `host status`.
import type { Settings } from '../../command/flag.ts';
import { print } from '../../output/format.ts';
import type { statusFlags } from './flags.ts';
import { listKept, receiptFile } from './kept.ts';

/** Prints what lies here; it only looks, and opens nothing. */
export async function status({ home, json }: Settings<typeof statusFlags>): Promise<void> {
  const packages = await listKept(home);
  const lines = packages.map(({ package: digest, bytes, receipt }) =>
    receipt === undefined
      ? `${digest}: ${bytes ?? 0} bytes, sealed`
      : `${digest}: done, ${receiptFile(home, digest)}`,
  );
  print(json, { packages }, lines.length > 0 ? lines.join('\n') : `no packages below ${home}`);
}
