// A role against what others make of its duties and of its view of the chain.
import { describe, expect, it } from 'vitest';
import type { RoundEntry, Stage, TaskChain, TaskState } from '../../../../node/chain/index.ts';
import { NodeError } from '../../../../node/errors.ts';
import { inStep } from '../../../../node/roles/runtime/in_step.ts';
import { ownRound } from '../../../../node/roles/runtime/own_round.ts';
import { createRole } from '../../../../node/roles/runtime/role.ts';

describe('a role whose duty fails', () => {
  it('pushes the state machine on all the same: or one withheld content would stop whom it concerns for ever', async () => {
    const pushed = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<unknown>();
    const chain = {
      height: 1n,
      journal: { rounds: [{ number: 1 }], departures: [] },
      refresh: async () => undefined,
      news: async () => undefined,
      state: async () => ({ status: 'running', epoch: 1, deadline: 0n }),
      stage: async () => ({ deadline: 40n }),
      time: async () => 100n,
      advance: async () => pushed.resolve(),
    } as unknown as TaskChain;
    const round = async () => {
      throw new Error('a ciphertext is missing');
    };
    const role = createRole({
      chain,
      interval: 10,
      patience: 5,
      duties: { round },
      onError: failed.resolve,
    });
    await role.start();
    await pushed.promise;
    expect(String(await failed.promise)).toMatch('a ciphertext is missing');
    await role.stop();
  });
});

describe('a role’s life', () => {
  type Status = TaskState['status'];

  /** What it does while its task's status is the given ones, one after the other; of the last, until it ends. */
  async function lifeOf(statuses: readonly Status[], overs: boolean[]) {
    const heard: string[] = [];
    const done = Promise.withResolvers<unknown>();
    let looks = 0;
    let idle = 0;
    const chain = {
      height: 1n,
      journal: { rounds: [{ number: 1, phase: 'submit' }], departures: [] },
      refresh: async () => void looks++,
      news: async () => {
        // Having looked three times in vain, it has ended or never will.
        idle = looks >= statuses.length + overs.length ? idle + 1 : 0;
        if (idle === 3) done.resolve(undefined);
      },
      state: async () => ({ status: statuses[looks - 1] ?? statuses.at(-1), epoch: 7, deadline: 0n }),
      advance: async () => void heard.push('push'),
    } as unknown as TaskChain;
    const role = createRole({
      chain,
      interval: 1,
      patience: 0,
      duties: {
        draw: async () => void heard.push('draw'),
        keying: async (epoch) => void heard.push(`keying ${epoch}`),
        round: async ({ number }) => void heard.push(`round ${number}`),
        over: async () => {
          heard.push('over');
          return overs.shift() ?? true;
        },
      },
      onError: done.resolve,
      onFinal: done.resolve,
      onOver: () => heard.push('ended'),
    });
    await role.start();
    const error = await done.promise;
    await role.stop();
    return { heard, error, looks };
  }

  it.each(['ended', 'cancelled'] as const)(
    'has a duty at each stage, and is over after its task is %s',
    async (end) => {
      const { heard, error, looks } = await lifeOf(
        ['none', 'open', 'drawing', 'keying', 'running', end],
        [false, false],
      );
      expect(error).toBeUndefined();
      expect(heard).toEqual([
        'push',
        'push',
        'draw',
        'push',
        'keying 7',
        'push',
        'round 1',
        'push',
        'over',
        'over',
        'over',
        'ended',
      ]);
      expect(looks).toBe(8);
    },
  );

  it('ends where its task is not on the chain any more, which was', async () => {
    const { error } = await lifeOf(['none', 'open', 'none'], []);
    expect(error).toMatchObject({ code: 'chain', prospect: 'final' });
  });
});

describe('a role whose chain is begun anew', () => {
  const origin = (byte: string) => ({ block: 7n, hash: `0x${byte.repeat(32)}` as const });

  it('takes no further step for the task that has its number now, and asks once about each post', async () => {
    const another = new NodeError('state', 'another task', { prospect: 'final' });
    const journal = { rounds: [{ number: 1 }], departures: [], origin: origin('11') };
    const asked: string[] = [];
    const worked: string[] = [];
    const ended = Promise.withResolvers<unknown>();
    const chain = {
      height: 1n,
      journal,
      refresh: async () => undefined,
      news: async () => undefined,
      state: async () => ({ status: 'running', epoch: 1, deadline: 0n }),
      stage: async () => ({ deadline: 160n }),
      time: async () => 100n,
    } as unknown as TaskChain;
    const role = createRole({
      chain,
      interval: 1,
      patience: 5,
      checkTask: async ({ hash }) => {
        asked.push(hash);
        if (hash !== origin('11').hash) throw another;
      },
      duties: {
        round: async () => {
          worked.push(journal.origin.hash);
          if (worked.length === 3) journal.origin = origin('22');
        },
      },
      onError: ended.reject,
      onFinal: ended.resolve,
    });
    await role.start();
    expect(await ended.promise).toBe(another);
    await role.stop();
    expect(asked).toEqual([origin('11').hash, origin('22').hash]);
    expect(worked).toEqual(Array.from({ length: 3 }, () => origin('11').hash));
  });
});

describe('a role whose clock is off', () => {
  /** How often it pushes in ten looks, at chain times that are years before this machine's clock. */
  async function pushesIn(deadline: bigint): Promise<number> {
    let pushes = 0;
    let looks = 0;
    const done = Promise.withResolvers<void>();
    const chain = {
      height: 1n,
      journal: { rounds: [], departures: [] },
      refresh: async () => undefined,
      news: async () => {
        looks += 1;
        if (looks === 10) done.resolve();
      },
      state: async () => ({ status: 'keying', epoch: 1, deadline }),
      time: async () => 1000n,
      advance: async () => {
        pushes += 1;
      },
    } as unknown as TaskChain;
    const role = createRole({
      chain,
      interval: 1,
      patience: 5,
      duties: {},
      onError: done.reject,
    });
    await role.start();
    await done.promise;
    await role.stop();
    return pushes;
  }

  it('pushes on some seconds after a deadline, and not before, by the time of the chain', async () => {
    expect(await pushesIn(996n)).toBe(0);
    expect(await pushesIn(994n)).toBeGreaterThan(8);
  });
});

describe('a view of the chain', () => {
  const entry = {
    number: 3,
    phase: 'aggregate',
    submitted: { update: [{ weight: 2 }, { weight: 1 }], probe: [{ weight: 1 }] },
  } as unknown as RoundEntry;
  const stage = { round: 3, phase: 'aggregate', weight: 3, probes: 1 } as Stage;

  it('is used where logs and state are at the same phase', () => {
    expect(inStep(stage, entry)).toBe(true);
    expect(inStep({ ...stage, phase: 'commit' }, entry)).toBe(false);
    expect(inStep({ ...stage, round: 4 }, entry)).toBe(false);
  });

  it.each([
    ['an update', { weight: 4 }],
    ['a probe', { probes: 2 }],
  ])('is refused where the logs lack %s: a sum without it shows what it is', (_, counted) => {
    expect(() => inStep({ ...stage, ...counted }, entry)).toThrow(/the RPC node left logs out/);
  });

  it('is waited for while submissions are excluded: the logs may lack the last exclusion', () => {
    const inspected = { ...entry, phase: 'inspect' } as const;
    expect(inStep({ ...stage, phase: 'inspect' }, inspected)).toBe(true);
    expect(inStep({ ...stage, phase: 'inspect', weight: 9 }, inspected)).toBe(false);
    expect(inStep({ ...stage, phase: 'inspect', probes: 9 }, inspected)).toBe(false);
  });

  it('need not be complete while submissions come in', () => {
    expect(inStep({ ...stage, phase: 'submit', weight: 9 }, { ...entry, phase: 'submit' })).toBe(true);
  });
});

describe('a role whose rounds are closed', () => {
  it('hears of each once, with what it cost', async () => {
    const account = '0x00000000000000000000000000000000000000aA';
    const other = '0x00000000000000000000000000000000000000bB';
    const heard: string[] = [];
    const two = Promise.withResolvers<void>();
    const rounds = [{ number: 1, phase: 'closed', penalties: [], settled: [] }] as unknown as RoundEntry[];
    let looks = 0;
    const chain = {
      height: 1n,
      journal: { rounds, departures: [] },
      refresh: async () => {
        looks += 1;
        if (looks === 3)
          rounds.push({
            number: 2,
            phase: 'closed',
            penalties: [
              { account, fault: 'no-show', amount: 10n ** 18n },
              { account: other, fault: 'outlier', amount: 1n },
            ],
            settled: [
              { trainer: account, struck: true, seen: -64, level: 2 },
              { trainer: other, struck: true, seen: -64, level: 1 },
            ],
          } as unknown as RoundEntry);
        if (looks === 6) two.resolve();
      },
      news: async () => undefined,
      state: async () => ({ status: 'running', epoch: 1, deadline: 0n }),
      stage: async () => ({ deadline: 200n }),
      time: async () => 100n,
      advance: async () => undefined,
    } as unknown as TaskChain;
    const role = createRole({
      chain,
      interval: 1,
      patience: 5,
      duties: {},
      onError: (error) => heard.push(String(error)),
      onClosed: (round) => heard.push(`closed ${round.number}`, ...ownRound(round, account)),
    });
    await role.start();
    await two.promise;
    await role.stop();
    expect(heard).toEqual([
      'closed 1',
      'closed 2',
      expect.stringMatching(
        /^round 2: it lost 1 tokens? of its stake: missed a duty that it could have done/,
      ),
      expect.stringMatching(
        /^round 2: struck: its update points elsewhere .*cosine -0\.50\); 2 strikes stand/,
      ),
    ]);
  });
});

describe('a role without duties and listeners', () => {
  it('follows its task to the end, whoever leaves and whatever is closed', async () => {
    const errors: unknown[] = [];
    const over = Promise.withResolvers<void>();
    let looks = 0;
    const left = { account: '0x00000000000000000000000000000000000000aA', block: 4n };
    const chain = {
      height: 1n,
      journal: { rounds: [{ number: 1, phase: 'closed' }], departures: [left] },
      refresh: async () => void looks++,
      news: async () => undefined,
      state: async () => ({ status: looks > 2 ? 'ended' : 'keying', epoch: 1, deadline: 0n }),
      advance: async () => undefined,
    } as unknown as TaskChain;
    const settings = {
      interval: 1,
      patience: 0,
      duties: {},
      onError: (error: unknown) => errors.push(error),
    };
    const role = createRole({
      chain,
      ...settings,
      onClosed: () => undefined,
      onOver: over.resolve,
    });
    await role.start();
    await over.promise;
    await role.stop();
    expect(errors).toEqual([]);
  });
});
