// Who may join a task: the list that a planner writes, by names and rows, and the file made of it, by which members join
// and people read a task.
import { type Address, getAddress, isAddress } from 'viem';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';
import { allowList, type ListedPlace, weightsByRows } from '../../protocol/index.ts';
import { describeIssues } from '../output/fault.ts';
import { digest } from './digest.ts';
import { parseJson, readJson } from './read.ts';

/** Of the file that `planner members` writes. */
export const membersFormat = 'murmuration-members/1';

const account = z.custom<Address>(
  (value) => typeof value === 'string' && isAddress(value),
  'an address: 0x and 40 hexadecimal digits, with the checksum of EIP-55 or in lower case',
);
const label = z
  .string()
  .min(1)
  .max(40)
  .refine((text) => text === text.trim() && !/\p{C}/u.test(text), 'a name without blanks at its ends');
const person = { label, account, role: z.enum(['trainer', 'validator']) };

const listSchema = z.strictObject({
  members: z
    .array(z.strictObject({ ...person, rows: z.int().min(1).optional() }))
    .min(1)
    .max(96),
});

const fileSchema = z.strictObject({
  format: z.literal(membersFormat),
  root: digest,
  members: z
    .array(z.strictObject({ ...person, weight: z.int().min(1).max(1023), proof: z.array(digest).max(64) }))
    .min(1),
});

/** A file of `planner members`. */
export type MembersFile = z.output<typeof fileSchema>;

/**
 * The list that a planner writes, as the file for everybody.
 * @throws NodeError `input` where it is none, where a name or an account stands there twice, or where some trainers have
 * rows and others none.
 */
export async function listMembers(path: string): Promise<MembersFile> {
  const { members } = await parse(path, listSchema, 'node/cli/README.md, "Who may join", shows one.');
  const fault = (what: string, mend: string) => new NodeError('input', `${path}: ${what}`, { mend });
  for (const [what, of] of [
    ['label', ({ label }: (typeof members)[number]) => label],
    ['account', ({ account }: (typeof members)[number]) => account.toLowerCase()],
  ] as const) {
    const names = members.map(of);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined)
      throw fault(`${what} ${twice} stands there twice`, 'One account takes one seat of a task.');
  }
  const trainers = members.filter(({ role }) => role === 'trainer');
  const counted = trainers.filter(({ rows }) => rows !== undefined);
  if (counted.length > 0 && counted.length < trainers.length)
    throw fault(
      `${counted.length} of ${trainers.length} trainers have rows`,
      'Give rows to all trainers, or to none: then all weigh the same.',
    );
  const stray = members.find(({ role, rows }) => role === 'validator' && rows !== undefined);
  if (stray) throw fault(`${stray.label} is a validator with rows`, 'Rows are for the weights of trainers.');
  const weights = new Map(
    counted.length === 0
      ? []
      : weightsByRows(counted.map(({ rows }) => rows!)).map((weight, at) => [counted[at]!.account, weight]),
  );
  const places = members.map(
    ({ account, role }): ListedPlace => ({
      account,
      role,
      weight: weights.get(account) ?? 1,
    }),
  );
  const { root, proofs } = allowList(places);
  return {
    format: membersFormat,
    root,
    members: members.map(({ label, account, role }, at) => ({
      label,
      account,
      role,
      weight: places[at]!.weight,
      proof: proofs[at]!,
    })),
  };
}

/** A file of `planner members`. @throws NodeError `input` where it is none, or its root is of other members. */
export async function readMembersFile(path: string): Promise<MembersFile> {
  return checkRoot(path, await parse(path, fileSchema, ofPlanner));
}

/** The same of a file's text, as a page sends it. @param name of the file, for people. */
export function parseMembersFile(name: string, text: string): MembersFile {
  return checkRoot(name, fit(name, { value: parseJson(name, text), schema: fileSchema, mend: ofPlanner }));
}

const ofPlanner = 'It must be a file of `murmur planner members`.';

function checkRoot(path: string, file: MembersFile): MembersFile {
  const { root } = allowList(file.members);
  if (root !== file.root)
    throw new NodeError('input', `${path}: its members have the root ${root}, but it says ${file.root}`, {
      mend: ofPlanner,
    });
  return file;
}

/** The labels of a file's members, by their accounts; of no file, none. */
export const labelsOf = (file: MembersFile | undefined): ReadonlyMap<Address, string> =>
  new Map(file?.members.map(({ account, label }) => [getAddress(account), label]));

/** How accounts are called: by their label where a file has one, else by their address. */
export function namesOf(file: MembersFile | undefined): (account: Address) => string {
  const labels = labelsOf(file);
  return (account) => labels.get(getAddress(account)) ?? account;
}

async function parse<T extends z.ZodType>(path: string, schema: T, mend: string): Promise<z.output<T>> {
  return fit(path, { value: await readJson(path), schema, mend });
}

function fit<T extends z.ZodType>(
  path: string,
  { value, schema, mend }: { readonly value: unknown; readonly schema: T; readonly mend: string },
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `${path}: ${describeIssues(parsed.error)}`, { mend });
}
