// A member's way into a task and out of it: what it bonds, what it asks its owner for, and when its stake is free.
import type { Address } from 'viem';
import { describe, expect, it } from 'vitest';
import { type AccountActions, Reverted } from '../../../../node/chain/index.ts';
import { token } from '../../../../node/protocol/index.ts';
import { applyForSeat, bondUpTo, checkMandate, settleUp } from '../../../../node/roles/runtime/seat.ts';

const account: Address = `0x${'1'.repeat(40)}`;
const another: Address = `0x${'2'.repeat(40)}`;
const origin = { block: 5n, hash: `0x${'33'.repeat(32)}` } as const;
const terms = `0x${'44'.repeat(32)}`;

interface Standing {
  readonly free?: bigint;
  readonly owner?: Address;
  readonly mandate?: bigint;
  readonly seat?: object;
  readonly release?: () => Promise<void>;
}

/** An account's actions, which write down what is done; it owns itself unless told otherwise. */
function actionsOf({
  free = 0n,
  owner = account,
  mandate = 10n ** 30n,
  seat = { role: 'none', removed: false },
  release = async () => undefined,
}: Standing) {
  const done: unknown[] = [];
  const actions = {
    account,
    seat: async () => seat,
    posting: async () => ({ origin, terms }),
    mandate: async () => mandate,
    stake: async () => ({ free, owner }),
    bond: async (amount: bigint) => void done.push(['bond', amount]),
    join: async (task: bigint, application: object) => void done.push(['join', task, application]),
    claim: async () => void done.push('claim'),
    async release(task: bigint) {
      await release();
      done.push(['release', task]);
    },
  } as unknown as AccountActions;
  return { actions, done };
}

describe('a member that applies for a seat', () => {
  const apply = async (standing: Standing, role: 'trainer' | 'validator' = 'trainer') => {
    const { actions, done } = actionsOf(standing);
    const member = {
      actions,
      deployment: { chainId: 1, marketplace: another },
      signer: { address: account },
      secretBox: { seed: () => new Uint8Array(32).fill(7) },
      places: { enter: async (place: unknown) => void done.push(['enter', place]) },
    } as unknown as Parameters<typeof applyForSeat>[0];
    const applied = await applyForSeat(member, { task: 3n, role, stake: 100n * token });
    return { applied, done };
  };
  const joins = { role: 'trainer', weight: 1, proof: [], stake: 100n * token, terms };

  it('remembers whose task it is, bonds what is missing, and joins on the terms that it read', async () => {
    const { applied, done } = await apply({ free: 30n * token });
    expect(applied).toBe(true);
    expect(done).toEqual([
      ['enter', { task: 3n, origin }],
      ['bond', 70n * token],
      ['join', 3n, expect.objectContaining(joins)],
    ]);
  });

  it('does nothing where it has the seat already; one that was taken from it, or of another role, is no seat', async () => {
    expect(await apply({ seat: { role: 'trainer', removed: false } })).toEqual({ applied: false, done: [] });
    const others = [
      { role: 'trainer', removed: true },
      { role: 'validator', removed: false },
    ];
    for (const seat of others) expect((await apply({ seat })).done).toHaveLength(3);
  });

  it('bonds nothing and applies for nothing where its owner lets it pledge less', async () => {
    const { actions, done } = actionsOf({ mandate: 100n * token - 1n });
    await expect(checkMandate(actions, 3n, 100n * token)).rejects.toMatchObject({
      code: 'input',
      mend: expect.stringContaining(`--operator ${account} --task 3`),
    });
    await checkMandate(actions, 3n, 100n * token - 1n);
    await expect(apply({ mandate: 100n * token - 1n })).rejects.toMatchObject({ code: 'input' });
    expect(done).toEqual([]);
  });
});

describe('stake that is to be free', () => {
  it('is bonded by the account itself, as far as it is missing', async () => {
    for (const [free, bonded] of [
      [0n, 50n],
      [49n, 1n],
      [50n, undefined],
      [51n, undefined],
    ] as const) {
      const { actions, done } = actionsOf({ free });
      await bondUpTo(actions, 50n);
      expect(done).toEqual(bonded === undefined ? [] : [['bond', bonded]]);
    }
  });

  it('is asked of the owner where that is another', async () => {
    const { actions, done } = actionsOf({ free: 49n, owner: another });
    await expect(bondUpTo(actions, 50n)).rejects.toMatchObject({
      code: 'input',
      mend: expect.stringContaining(another),
    });
    await bondUpTo(actions, 49n);
    expect(done).toEqual([]);
  });
});

describe('a member whose task is over', () => {
  it('claims what it earned and gets its stake back', async () => {
    const { actions, done } = actionsOf({});
    expect(await settleUp(actions, 3n)).toBe(true);
    expect(done).toEqual(['claim', ['release', 3n]]);
  });

  it('asks again later while the contract holds its stake, and hears of every other refusal', async () => {
    const refused = (name: string) =>
      actionsOf({
        release: async () => {
          throw new Reverted('release', name, 'refused');
        },
      }).actions;
    expect(await settleUp(refused('StakeHeld'), 3n)).toBe(false);
    await expect(settleUp(refused('WrongStatus'), 3n)).rejects.toThrow(Reverted);
    const fault = Object.assign(new Error('away'), { error: 'StakeHeld' });
    const { actions } = actionsOf({ release: () => Promise.reject(fault) });
    await expect(settleUp(actions, 3n)).rejects.toBe(fault);
  });
});
