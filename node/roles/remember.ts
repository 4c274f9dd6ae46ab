// What a trainer remembers of its decryptions, also over restarts: no ciphertext may be opened to more than a few sets, and no
// round to more than one sum of each kind.
import { z } from 'zod';
import { DecryptionLog, digest } from '../../he/index.ts';
import type { Memory } from './context.ts';

const entries = z.array(z.tuple([z.string(), z.array(z.string())]));
const name = 'decryptions';

export async function loadLog(memory: Memory): Promise<DecryptionLog> {
  const bytes = await memory.read(name);
  return new DecryptionLog(bytes ? entries.parse(JSON.parse(new TextDecoder().decode(bytes))) : []);
}

/** Write it before a share is published. */
export const saveLog = (memory: Memory, log: DecryptionLog): Promise<void> =>
  memory.write(name, new TextEncoder().encode(JSON.stringify(log.entries())));

const opened = z.strictObject({ round: z.int().nonnegative(), sums: z.string() });

/**
 * Notes which sums a round is opened to; call it before a share is made. Two sums of one round differ by single updates, so a
 * second one is refused, whatever led to it: a reorganisation, a stale view of the chain, a chain that lies.
 */
export async function recordOpened(
  memory: Memory,
  round: number,
  sums: readonly Uint8Array[],
): Promise<void> {
  const name = 'opened';
  const hashes = sums.map((sum) => digest(sum));
  const all = new Uint8Array(hashes.length * 32);
  hashes.forEach((hash, at) => {
    all.set(hash, at * 32);
  });
  const found = Buffer.from(digest(all)).toString('hex');
  const bytes = await memory.read(name);
  const known = bytes && opened.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (known && (known.round > round || (known.round === round && known.sums !== found)))
    throw new Error(
      `round ${round}: this trainer has decrypted ${known.round === round ? 'another sum of it' : `round ${known.round} since`}; it gives no share, since two sums of a round show single updates`,
    );
  if (known?.round !== round)
    await memory.write(name, new TextEncoder().encode(JSON.stringify({ round, sums: found })));
}
