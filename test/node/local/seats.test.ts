// Who sits where, and who may join: adversaries take seats of parties, and an allow-list has everybody who has a seat.
import { concat, encodeAbiParameters, type Hex, keccak256, zeroHash } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { newAccount } from '../../../node/local/members.ts';
import { localOptions } from '../../../node/local/options.ts';
import { type Seats, seatsOf } from '../../../node/local/seats.ts';
import { membershipOf, policyOf } from '../../../node/local/terms.ts';
import { type DealtScenario, scenarioOf } from '../../../node/scenarios/index.ts';

async function dealt(input: Parameters<typeof localOptions.parse>[0]) {
  const options = localOptions.parse(input);
  const scenario = await scenarioOf(options.scenario).deal(options);
  return { options, scenario, seats: seatsOf(options, scenario) };
}
const kinds = (seats: readonly { readonly kind: string }[]) => seats.map(({ kind }) => kind);

describe('the seats of digits', () => {
  const small = { preset: 'tiny', trainers: 5, validators: 3 } as const;

  it('are of plain trainers, and one that is left-handed', async () => {
    const { seats } = await dealt(small);
    expect(seats.trainer.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((at) => `trainer ${at}`));
    expect(kinds(seats.trainer)).toEqual(['plain', 'plain', 'plain', 'plain', 'mirrored']);
    expect(kinds(seats.validator)).toEqual(['plain', 'plain', 'plain']);
    expect(seats.prover).toEqual([{ name: 'prover', kind: 'plain' }]);
  });

  it('go to adversaries: before the left-handed trainer, the last validators, beside the prover', async () => {
    const adversary = ['noise', 'lazy-vote', 'opposite', 'spam'];
    const { seats } = await dealt({ ...small, adversary } as never);
    expect(kinds(seats.trainer)).toEqual(['plain', 'plain', 'noise', 'opposite', 'mirrored']);
    expect(kinds(seats.validator)).toEqual(['plain', 'plain', 'lazy-vote']);
    expect(seats.prover.map(({ name, kind }) => [name, kind])).toEqual([
      ['prover', 'plain'],
      ['prover 2', 'spam'],
    ]);
    expect(seats.trainer.map(({ adversary: cheat }) => cheat !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('who may join', () => {
  let [scenario, seats]: [DealtScenario | undefined, Seats | undefined] = [undefined, undefined];
  beforeAll(async () => {
    ({ scenario, seats } = await dealt({ scenario: 'credit', validators: 3, adversary: ['label-flip'] }));
  });
  const accountsOf = ({ trainer, validator }: Seats) =>
    new Map([...trainer, ...validator].map(({ name }) => [name, newAccount()]));

  it('is everybody where a scenario has no weights', async () => {
    const open = await dealt({ preset: 'tiny', trainers: 3, validators: 2 });
    const membership = membershipOf(open.seats, open.scenario, accountsOf(open.seats));
    expect(membership).toEqual({ root: zeroHash, places: new Map() });
    expect(policyOf(open.options, open.scenario, membership).members).toBe(zeroHash);
  });

  it('is who has a seat, with its weight, by a proof that the contract takes', () => {
    const accounts = accountsOf(seats!);
    const { root, places } = membershipOf(seats!, scenario!, accounts);
    expect([...places.keys()]).toEqual([...accounts.keys()]);
    const climb = (leaf: Hex, proof: readonly Hex[]) =>
      proof.reduce(
        (node, next) => keccak256(node < next ? concat([node, next]) : concat([next, node])),
        leaf,
      );
    const leafOf = (name: string, weight: number, role: number) =>
      keccak256(
        keccak256(
          encodeAbiParameters(
            [{ type: 'address' }, { type: 'uint32' }, { type: 'uint8' }],
            [accounts.get(name)!.account.address, weight, role],
          ),
        ),
      );
    for (const [at, { name }] of seats!.trainer.entries()) {
      const { weight, proof } = places.get(name)!;
      expect(weight).toBe(scenario!.weights![at]);
      expect(climb(leafOf(name, weight, 1), proof)).toBe(root);
      // Another weight, or the other role, is on no list.
      expect(climb(leafOf(name, weight + 1, 1), proof)).not.toBe(root);
      expect(climb(leafOf(name, weight, 2), proof)).not.toBe(root);
    }
    for (const { name } of seats!.validator)
      expect(climb(leafOf(name, 1, 2), places.get(name)!.proof)).toBe(root);
  });

  it('includes an adversary, which keeps the name and the weight of its seat', () => {
    expect(seats!.trainer.map(({ name, kind }) => [name, kind])).toEqual([
      ['cars', 'trainer'],
      ['goods', 'trainer'],
      ['rest', 'label-flip'],
    ]);
  });
});
