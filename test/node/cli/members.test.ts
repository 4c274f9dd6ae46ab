// Who may join: an allow-list from names and rows, by which the contract lets its members in and nobody else, and with
// the weights that keys are made with.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, encodeAbiParameters, type Hex, keccak256, pad, toHex, zeroHash } from 'viem';
import { afterAll, describe, expect, it } from 'vitest';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { readListing } from '../../../node/cli/files/listing.ts';
import { listMembers, namesOf, readMembersFile } from '../../../node/cli/files/members.ts';
import { readPolicy } from '../../../node/cli/files/policy.ts';
import { createFlags } from '../../../node/cli/verbs/planner/help.ts';
import { defaultEconomics, defaultRules } from '../../../node/demo/index.ts';
import { allowList, checkWeights, type ListedPlace, weightsByRows } from '../../../node/protocol/index.ts';
import { faultOf } from './fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'members-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}
const accountOf = (i: number): Address => pad(toHex(i + 1), { size: 20 });
const trainer = (label: string, i: number, rows?: number) => ({
  label,
  account: accountOf(i),
  role: 'trainer',
  ...(rows !== undefined && { rows }),
});
const hospitals = [
  trainer('Cleveland', 0, 303),
  trainer('Budapest', 1, 294),
  trainer('Zurich', 2, 123),
  trainer('Long Beach', 3, 200),
  { label: 'Registry', account: accountOf(4), role: 'validator' },
  { label: 'University', account: accountOf(5), role: 'validator' },
];
const list = (members: unknown[]) => file('list.json', { members });

/** What `MerkleProof.verify` of OpenZeppelin computes: siblings in ascending order, from the leaf up. */
function rootFrom(leaf: Hex, proof: readonly Hex[]): Hex {
  return proof.reduce(
    (node, sibling) =>
      keccak256(node < sibling ? `${node}${sibling.slice(2)}` : `${sibling}${node.slice(2)}`),
    leaf,
  );
}
/** As Membership.sol writes it. */
const leafOf = (account: Address, weight: number, role: number): Hex =>
  keccak256(
    keccak256(
      encodeAbiParameters(
        [{ type: 'address' }, { type: 'uint32' }, { type: 'uint8' }],
        [account, weight, role],
      ),
    ),
  );

describe('an allow-list', () => {
  it.each([1, 2, 3, 5, 8, 13])('of %i places lets each in by its proof, and as nothing else', (count) => {
    const places = Array.from(
      { length: count },
      (_, i): ListedPlace => ({
        account: accountOf(i),
        weight: 1 + (i % 4),
        role: 'trainer',
      }),
    );
    const { root, proofs } = allowList(places);
    places.forEach(({ account, weight }, i) => {
      expect(rootFrom(leafOf(account, weight, 1), proofs[i]!)).toBe(root);
      expect(rootFrom(leafOf(account, weight + 1, 1), proofs[i]!)).not.toBe(root);
      expect(rootFrom(leafOf(account, weight, 2), proofs[i]!)).not.toBe(root);
      expect(rootFrom(leafOf(accountOf(i + 100), weight, 1), proofs[i]!)).not.toBe(root);
    });
  });

  it('does not depend on the order in which its members are written', () => {
    const places = [0, 1, 2].map((i): ListedPlace => ({ account: accountOf(i), weight: 1, role: 'trainer' }));
    expect(allowList(places.toReversed()).root).toBe(allowList(places).root);
  });
});

describe('weights by rows', () => {
  it('are in proportion, at most 4 and at least 1', () => {
    expect(weightsByRows([303, 294, 123, 200])).toEqual([4, 4, 2, 3]);
    expect(weightsByRows([1000, 1])).toEqual([4, 1]);
    expect(() => weightsByRows([5, 0])).toThrow(/a trainer has 0 rows/);
  });
  it('are such that every part of the members can make a key and open a sum', () => {
    const weights = weightsByRows([90_000, 303, 41_000, 7, 66_000, 1200]);
    for (let part = 0; part < 1 << weights.length; part++) {
      const some = weights.filter((_, i) => (part >> i) & 1);
      if (some.length >= 2) expect(() => checkWeights('the sum', some)).not.toThrow();
    }
    // In proportion without a limit, these show single updates.
    expect(() => checkWeights('the sum', [303, 7])).toThrow(/otherwise the sum shows single updates/);
  });
});

describe("a planner's list", () => {
  it('becomes a file by which each joins, and by which accounts have names', async () => {
    const listed = await listMembers(list(hospitals));
    expect(listed.members.map(({ weight }) => weight)).toEqual([4, 4, 2, 3, 1, 1]);
    for (const one of listed.members)
      expect(Object.keys(one)).toEqual(['label', 'account', 'role', 'weight', 'proof']);
    const path = file('members.json', listed);
    const { root } = await readMembersFile(path);
    for (const [at, { account, role }] of listed.members.entries()) {
      const { weight, proof } = await readListing({ members: path }, { account, role, root });
      expect(rootFrom(leafOf(account, weight, role === 'trainer' ? 1 : 2), proof)).toBe(root);
      expect(namesOf(listed)(account.toLowerCase() as Address)).toBe(hospitals[at]!.label);
    }
    expect(namesOf(undefined)(accountOf(0))).toBe(accountOf(0));
  });

  it('is no way in for others, for another role, or to another task', async () => {
    const listed = await listMembers(list(hospitals));
    const [path, { root }] = [file('members.json', listed), listed];
    const as = { account: accountOf(2), role: 'trainer', root } as const;
    const members = { members: path };
    expect(await faultOf(readListing(members, { ...as, account: accountOf(9) }))).toMatch(/is not on it/);
    expect(await faultOf(readListing(members, { ...as, role: 'validator' }))).toMatch(
      /Zurich is on it as trainer, not as validator/,
    );
    expect(await faultOf(readListing(members, { ...as, root: zeroHash }))).toMatch(
      /but the task's list has 0x0+/,
    );
    expect(await faultOf(readListing({ ...members, weight: 4 }, as))).toMatch(
      /Leave out --weight and --proof/,
    );
  });

  it('that was altered after it was written is refused', async () => {
    const listed = await listMembers(list(hospitals));
    const members = listed.members.with(2, { ...listed.members[2]!, weight: 4 });
    expect(await faultOf(readMembersFile(file('altered.json', { ...listed, members })))).toMatch(
      /its members have the root 0x.*, but it says 0x/,
    );
  });

  it.each([
    [[...hospitals, trainer('Zurich', 7, 5)], /label Zurich stands there twice/],
    [[...hospitals, trainer('Basel', 2, 5)], /account 0x.*3 stands there twice/],
    [[...hospitals, trainer('Basel', 7)], /4 of 5 trainers have rows. Give rows to all trainers, or to none/],
    [[...hospitals, { ...trainer('Basel', 7, 5), role: 'validator' }], /Basel is a validator with rows/],
    [[{ ...trainer('Basel', 7), account: '0x12' }], /members\.0\.account.*an address/],
    [[], /members/],
  ])('is refused where it is wrong, case %#', async (members, message) => {
    expect(await faultOf(listMembers(list(members)))).toMatch(message);
  });

  it('without rows gives everybody the same weight', async () => {
    const { members } = await listMembers(list([trainer('A', 0), trainer('B', 1)]));
    expect(members.map(({ weight }) => weight)).toEqual([1, 1]);
  });
});

describe('the policy of a task with an allow-list', () => {
  const flags = (...args: string[]) => readFlags('murmur planner create', createFlags, args);
  it('has seats for its members, and takes no stake and no seat for a direction', async () => {
    const listed = await listMembers(list(hospitals));
    const read = await readPolicy(flags('--members', file('members.json', listed)));
    expect(read).toMatchObject({ members: listed.root, trainers: { max: 4 }, validators: { max: 2 } });
    expect(read.economics).toEqual({ ...defaultEconomics, strike: 0n });
    expect(read.rules).toEqual({ ...defaultRules, ejectAt: 255 });
    const root = await readPolicy(flags('--policy', file('root.json', { members: listed.root })));
    expect(root.economics.strike).toBe(0n);
    // An open task keeps them: there, who opposes may be nobody's friend.
    expect(await readPolicy(flags())).toMatchObject({ economics: defaultEconomics, rules: defaultRules });
  });
  it('takes stake again where the planner says so', async () => {
    const listed = await listMembers(list(hospitals));
    const policy = file('strict.json', { economics: { strike: '9' }, rules: { ejectAt: 8 } });
    const read = await readPolicy(flags('--members', file('members.json', listed), '--policy', policy));
    expect(read).toMatchObject({ economics: { strike: 9n }, rules: { ejectAt: 8 } });
    const other = file('other.json', { members: `0x${'12'.repeat(32)}` });
    expect(
      await faultOf(readPolicy(flags('--members', join(folder, 'members.json'), '--policy', other))),
    ).toMatch(/--members has the root .*, but --policy names/);
  });
});
