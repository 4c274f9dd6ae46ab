// A member's place on a task's allow-list: its weight and Merkle proof, from the file that the planner hands
// out.
import type { Hex } from 'viem';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import type { Listing } from '../../roles/index.ts';
import { readJson } from './read.ts';

/** A proof of OpenZeppelin's StandardMerkleTree. */
const proofSchema = z.array(z.string().regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hexadecimal digits')).max(64);

/**
 * The listing of `--weight` and `--proof`; without a proof, that of an open task.
 * @throws NodeError `input`.
 */
export async function readListing(given: {
  readonly weight: number;
  readonly proof?: string;
}): Promise<Listing> {
  const { weight, proof } = given;
  if (!proof) return { weight, proof: [] };
  const parsed = proofSchema.safeParse(await readJson(proof));
  if (!parsed.success)
    throw new NodeError('input', `${proof}: ${parsed.error.issues[0]!.message}`, {
      mend: 'It holds the proof as a JSON list.',
    });
  return { weight, proof: parsed.data as Hex[] };
}
