// Sponges of sums. The prover of a sum, and every member that reads it, works out the same one: the members of one
// process do so once.
import { type ChunkVector, Recent } from '@murmuration/core';
import type { Prover } from '@murmuration/prover';
import { digestOf, encodeSum } from '../protocol/index.ts';

/** Most sponges that are remembered: of a chunk each. */
const capacity = 1024;

/** By preset and the sum's digest. */
const held = new Recent<bigint>(capacity);

/** The sponge of a sum of one chunk: `h` of its claim. @throws ProverError for coordinates out of range. */
export async function sumSponge(
  prover: Pick<Prover, 'preset' | 'sponge'>,
  sum: ChunkVector,
): Promise<bigint> {
  const name = `${prover.preset.name} ${digestOf(encodeSum(sum))}`;
  const known = held.get(name);
  if (known !== undefined) return known;
  const h = await prover.sponge('aggregate', sum);
  held.set(name, h);
  return h;
}
