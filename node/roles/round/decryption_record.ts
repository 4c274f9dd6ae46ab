// The decryption record: what a trainer remembers of its decryptions, also over restarts. It opens no round
// to more than one sum of each kind, and no ciphertext to more than a few sets. Only the latest round is
// recorded: an earlier one is never opened again.

import { DecryptionLog, digest } from '@murmuration/he';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import type { RoleStorage } from '../runtime/storage.ts';

const name = 'decryptions';
const schema = z.strictObject({
  round: z.int().nonnegative(),
  /** SHA-256 over the SHA-256 of each of the sums' ciphertexts. */
  sums: z.string(),
  log: z.array(z.tuple([z.string(), z.array(z.string())])),
});

/** The sums of a round that this trainer may decrypt. */
export interface RoundDecryption {
  /** The decryption enters its sets here. */
  readonly log: DecryptionLog;
  /** Writes the log. Call it before a share is shown. */
  save(): Promise<void>;
}

/**
 * Records which sums a round is opened to; call it before a share is made. Two sums of one round differ by
 * single updates, so a second one is refused, whatever led to it: a reorganisation, a stale view of the
 * chain, a chain that lies.
 * @throws NodeError `sum`
 */
export async function beginDecryption(
  storage: RoleStorage,
  round: number,
  sums: readonly Uint8Array[],
): Promise<RoundDecryption> {
  const all = new Uint8Array(sums.length * 32);
  sums.forEach((sum, at) => {
    all.set(digest(sum), at * 32);
  });
  const found = Buffer.from(digest(all)).toString('hex');
  const bytes = await storage.read(name);
  const known = bytes && schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (known && (known.round > round || (known.round === round && known.sums !== found)))
    throw new NodeError(
      'sum',
      `round ${round}: this trainer has decrypted ` +
        `${known.round === round ? 'another sum of it' : `round ${known.round} since`}; ` +
        'it gives no share, since two sums of a round show single updates',
    );
  const log = new DecryptionLog(known?.round === round ? known.log : []);
  const save = () =>
    storage.write(name, new TextEncoder().encode(JSON.stringify({ round, sums: found, log: log.entries() })));
  if (known?.round !== round) await save();
  return { log, save };
}
