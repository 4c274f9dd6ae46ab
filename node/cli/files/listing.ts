// A member's place on a task's allow-list: its weight and Merkle proof, from the file that the planner hands
// out.
import { type Address, type Hex, isAddressEqual, zeroHash } from 'viem';
import { z } from 'zod';
import type { SeatRole } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { Listing } from '../../roles/index.ts';
import { type MembersFile, parseMembersFile, readMembersFile } from './members.ts';
import { readJson } from './read.ts';

/** A proof of OpenZeppelin's StandardMerkleTree. */
const proofSchema = z.array(z.string().regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hexadecimal digits')).max(64);

/** How a command line names a place on an allow-list. */
export interface ListingSettings {
  readonly weight?: number;
  readonly proof?: string;
  /** A file of `planner members`. */
  readonly members?: string;
}

/** Whose place it is, on which task's list. */
export interface ListedAs {
  readonly account: Address;
  readonly role: SeatRole;
  /** Of the task's allow-list; zero where anybody may join. */
  readonly root: Hex;
}

/** The place on a planner's list. @param name of the file, for people. */
function placeOn(file: MembersFile, name: string, { account, role, root }: ListedAs): Listing {
  if (file.root !== root)
    throw new NodeError('input', `${name}: its root is ${file.root}, but the task's list has ${root}`, {
      mend: "Ask the planner for the task's file of members.",
    });
  const own = file.members.find((one) => isAddressEqual(one.account, account));
  if (!own) throw new NodeError('input', `${name}: account ${account} is not on it`);
  if (own.role !== role)
    throw new NodeError('input', `${name}: ${own.label} is on it as ${own.role}, not as ${role}`);
  return { weight: own.weight, proof: own.proof };
}

/**
 * The listing by the text of a planner's file; that of an open task without one.
 * @throws NodeError `input` where the task has a list and the text does not place the account on it.
 */
export function listingOf(text: string | undefined, as: ListedAs): Listing {
  if (as.root === zeroHash) return { weight: 1, proof: [] };
  if (text === undefined)
    throw new NodeError('input', 'the task takes those alone who are on its list', {
      mend: "Give the planner's file of members.",
    });
  const name = 'the file of members';
  return placeOn(parseMembersFile(name, text), name, as);
}

/**
 * The listing of `--members`, or of `--weight` and `--proof`; without any, that of an open task.
 * @throws NodeError `input`.
 */
export async function readListing(
  { weight, proof, members }: ListingSettings,
  { account, role, root }: ListedAs,
): Promise<Listing> {
  if (members !== undefined) {
    if (weight !== undefined || proof !== undefined)
      throw new NodeError('input', '--members says the weight and has the proof, but others are given, too', {
        mend: 'Leave out --weight and --proof.',
      });
    return placeOn(await readMembersFile(members), members, { account, role, root });
  }
  if (!proof) return { weight: weight ?? 1, proof: [] };
  const parsed = proofSchema.safeParse(await readJson(proof));
  if (!parsed.success)
    throw new NodeError('input', `${proof}: ${parsed.error.issues[0]!.message}`, {
      mend: 'It holds the proof as a JSON list.',
    });
  return { weight: weight ?? 1, proof: parsed.data as Hex[] };
}
