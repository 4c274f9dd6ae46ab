// The challenge: one monomial X^i a repetition and ciphertext, hashed from everything that the proof is
// about.

import { createHash } from 'node:crypto';
import { ensure } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import { publicStream } from '../sampling/stream.ts';
import { concat, u16 } from '../wire/message.ts';
import { repetitions } from './shape.ts';

/** The statement of a proof: which ciphertexts, under which key, for which use. */
export interface Claim {
  /** SHA-256 id of the key group, 32 bytes. */
  readonly groupId: Uint8Array;
  /** The ciphertexts on the wire, in order. */
  readonly ciphertexts: readonly Uint8Array[];
  /** At most 1024 bytes; what the proof is good for, and nothing else. */
  readonly binding: Uint8Array;
}

/** A hash to which bytes are added, as Node has it; a consumer need not have Node's types. */
export interface RunningHash {
  update(bytes: Uint8Array): RunningHash;
  digest(): Uint8Array;
  digest(encoding: 'hex'): string;
}

/** A hash of the statement, to which the cells of all repetitions are added before the challenge is drawn. */
export function beginHash(p: Parameters, { groupId, ciphertexts, binding }: Claim): RunningHash {
  ensure(binding.length <= 1024, 'argument', () => `binding: ${binding.length} bytes, expected at most 1024`);
  const hash = createHash('sha256')
    .update('murmuration/v2/he/encryption-proof')
    .update(p.id)
    .update(groupId)
    .update(u16(ciphertexts.length));
  for (const ciphertext of ciphertexts) hash.update(createHash('sha256').update(ciphertext).digest());
  return hash.update(u16(binding.length)).update(binding);
}

/** A repetition's exponents: i_j in [0, 2N) for each ciphertext j. */
export type Exponents = readonly number[];

/** The exponents of all repetitions from the 32 bytes of the hash; uniform, 2N being a power of two. */
export function expandChallenge(p: Parameters, seed: Uint8Array, ciphertexts: number): Exponents[] {
  const stream = publicStream(concat(new TextEncoder().encode('murmuration/v2/he/challenge'), seed));
  const exponent = () => {
    const [low, high] = stream(2);
    return (low! | (high! << 8)) & (2 * p.ringDegree - 1);
  };
  return Array.from({ length: repetitions }, () => Array.from({ length: ciphertexts }, exponent));
}
