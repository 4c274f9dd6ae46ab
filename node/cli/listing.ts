// A member's place on a task's allow-list: its weight and Merkle proof, from the file that the planner hands out.
import type { Hex } from 'viem';
import { z } from 'zod';
import type { Listing } from '../roles/index.ts';
import { UserError } from './errors.ts';
import { readJson } from './files.ts';
import type { Settings } from './settings.ts';

/** A proof of OpenZeppelin's StandardMerkleTree. */
const proofSchema = z.array(z.string().regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hexadecimal digits')).max(64);

/** The listing of `--weight` and `--proof`; without them, that of an open task. */
export async function readListing({ weight = 1, proof }: Settings): Promise<Listing> {
  if (!proof) return { weight, proof: [] };
  const parsed = proofSchema.safeParse(await readJson(proof));
  if (!parsed.success)
    throw new UserError(`${proof}: ${parsed.error.issues[0]!.message}; it holds the proof as a JSON list.`);
  return { weight, proof: parsed.data as Hex[] };
}
