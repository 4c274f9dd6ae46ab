// The prover of sums in a round: what it sends, until when a proof is of use, and what it does when another prover
// was first.
import type { Prover } from '@murmuration/prover';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Reverted, type SumCall, type TaskChain } from '../../../node/chain/index.ts';
import { probeSum, updateSum } from '../../../node/protocol/index.ts';
import { SumProver } from '../../../node/roles/prover.ts';
import type { RoleEvent } from '../../../node/roles/runtime/observer.ts';
import { makeRound, type TestRound } from './support/round.ts';

let round: TestRound;
beforeEach(async () => {
  round = await makeRound();
});
afterEach(() => round.stop());

const signal = () => new AbortController().signal;

interface ProverWorld {
  /** What the contract refuses a sum with. */
  readonly fault?: (sum: number) => Error | undefined;
  readonly onLook?: () => void;
  readonly observe?: (event: RoleEvent) => void;
}

/** A prover of the round whose proofs are made by `prove`; what it sends is kept, or fails. */
function proverWith(
  prove: Prover['prove'],
  sent: Partial<SumCall & { readonly sum: number }>[] = [],
  { fault, onLook, observe }: ProverWorld = {},
): SumProver {
  const context = round.context({ member: 0 });
  const chain: TaskChain = Object.assign(context.chain, {
    refresh: async () => onLook?.(),
    async submitSum(sum: number, call: SumCall) {
      const error = fault?.(sum);
      if (error) throw error;
      sent.push({ sum, ...call });
      return 7n;
    },
  });
  const own = { ...context, ...(observe && { observe }), chain, prover: { ...context.prover, prove } };
  return new SumProver(own, 1);
}

const answer = {
  proof: { a: { x: 1n, y: 2n }, b: { x: { c0: 1n, c1: 1n }, y: { c0: 1n, c1: 1n } }, c: { x: 1n, y: 2n } },
};
const quick = (async () => ({
  ...answer,
  witnessMs: 1,
  proveMs: 1,
  engine: 'test',
})) as unknown as Prover['prove'];

it('waits for shares, then sends the sum; its proof is of use until the phase ends', async () => {
  const sent: SumCall[] = [];
  const deadlines: (Date | undefined)[] = [];
  const prover = proverWith((statement, request) => {
    deadlines.push(request.deadline);
    return quick(statement, request);
  }, sent);
  const attempt = { entry: round.entry, sum: updateSum, signal: signal() };
  expect(await prover.prove(attempt)).toEqual({ how: 'closed' });
  await round.announceSet([0, 1]);
  expect(await prover.prove({ ...attempt, sends: async () => false })).toEqual({ how: 'declined' });
  expect(sent).toEqual([]);
  expect(await prover.prove(attempt)).toEqual({ how: 'proven', wei: 7n });
  expect(sent).toHaveLength(1);
  for (const deadline of deadlines)
    expect(Math.abs(Number(deadline) - 1000 * Number(round.entry.deadline))).toBeLessThan(3000);
});

it.each(['taken', 'over'] as const)(
  'ends its proving where the sum is %s meanwhile, and sends nothing',
  async (how) => {
    await round.announceSet([0, 1]);
    const sent: SumCall[] = [];
    const aborted = Promise.withResolvers<void>();
    const prover = proverWith(async (_, { signal }) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal!.addEventListener('abort', () => {
        aborted.resolve();
        reject(signal!.reason);
      });
      if (how === 'over') round.entry.phase = 'commit';
      else round.entry.sums.set(probeSum(0), { prover: round.accounts[2]!, digests: [], h: [] });
      return promise;
    }, sent);
    const entry = { ...round.entry };
    expect(await prover.prove({ entry, sum: probeSum(0), signal: signal() })).toEqual({ how });
    await aborted.promise;
    expect(sent).toEqual([]);
  },
);

it('goes on while the sum is wanted, and looks no more whether it is once it is sent', async () => {
  await round.announceSet([0, 1]);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let looks = 0;
    const prover = proverWith(
      async (statement, request) => {
        await vi.advanceTimersByTimeAsync(3000);
        expect(looks).toBe(3);
        return quick(statement, request);
      },
      [],
      { onLook: () => void looks++ },
    );
    const attempt = { entry: { ...round.entry }, sum: updateSum, signal: signal() };
    expect(await prover.prove(attempt)).toMatchObject({ how: 'proven' });
    await vi.advanceTimersByTimeAsync(3000);
    expect(looks).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});

it('reports each proof: of which round, how long it took, and what made it', async () => {
  await round.announceSet([0, 1]);
  const events: RoleEvent[] = [];
  const prover = proverWith(quick, [], { observe: (event) => void events.push(event) });
  await prover.prove({ entry: round.entry, sum: updateSum, signal: signal() });
  expect(events.filter(({ type }) => type === 'proof')).toEqual([
    expect.objectContaining({
      ...{ account: round.accounts[0], round: 1, statement: 'aggregate', engine: 'test' },
      milliseconds: expect.any(Number),
    }),
  ]);
});

it('does not begin a sum that the contract has, though its logs are not read yet', async () => {
  const prover = proverWith(() => {
    throw new Error('it was begun');
  });
  await round.announceSet([0, 1]);
  (round.stage.sumsProven as number[]).push(updateSum);
  expect(await prover.prove({ entry: round.entry, sum: updateSum, signal: signal() })).toEqual({
    how: 'taken',
  });
});

describe('in a round', () => {
  const sums = (sent: readonly { readonly sum?: number }[]) => sent.map(({ sum }) => sum).sort();

  it('proves what is due and not proven, in the Aggregate phase of that round alone', async () => {
    await round.announceSet([0, 1]);
    const sent: { sum?: number }[] = [];
    const prover = proverWith(quick, sent);
    for (const elsewhere of [
      { ...round.entry, phase: 'commit' as const },
      { ...round.entry, number: 2 },
    ])
      await prover.round(elsewhere, signal());
    Object.assign(round.stage, { phase: 'commit' });
    await prover.round({ ...round.entry, phase: 'commit' }, signal());
    Object.assign(round.stage, { phase: 'aggregate' });
    expect(sent).toEqual([]);
    await prover.round(round.entry, signal());
    expect(sums(sent)).toEqual([updateSum, probeSum(0)]);
    sent.length = 0;
    (round.stage.sumsProven as number[]).push(updateSum);
    await prover.round(round.entry, signal());
    expect(sums(sent)).toEqual([probeSum(0)]);
  });

  it('proves the other sum where one fails, and says then what failed', async () => {
    await round.announceSet([0, 1]);
    const sent: { sum?: number }[] = [];
    const fault = new Error('no gas');
    const prover = proverWith(quick, sent, { fault: (sum) => (sum === updateSum ? fault : undefined) });
    await expect(prover.round(round.entry, signal())).rejects.toBe(fault);
    expect(sums(sent)).toEqual([probeSum(0)]);
  });

  it('proves the other sum where a ciphertext of one is none, which never opens', async () => {
    await round.announceSet([0, 1]);
    const junk = await round.store.put(Uint8Array.of(1, 2, 3));
    round.entry.submitted.update[2]!.digests = [junk];
    const sent: { sum?: number }[] = [];
    const prover = proverWith(quick, sent);
    expect(await prover.prove({ entry: round.entry, sum: updateSum, signal: signal() })).toEqual({
      how: 'closed',
    });
    await prover.round(round.entry, signal());
    expect(sums(sent)).toEqual([probeSum(0)]);
  });

  it('waits for a ciphertext that is not there: it may come', async () => {
    await round.announceSet([0, 1]);
    round.entry.submitted.update[2]!.digests = [`0x${'77'.repeat(32)}`];
    const attempt = { entry: round.entry, sum: updateSum, signal: signal() };
    await expect(proverWith(quick).prove(attempt)).rejects.toMatchObject({ name: 'StoreError' });
  });
});

describe('a proof that the contract refuses', () => {
  const refused = async (error: Error) => {
    await round.announceSet([0, 1]);
    const prover = proverWith(quick, [], { fault: () => error });
    return prover.prove({ entry: round.entry, sum: updateSum, signal: signal() });
  };

  it('is too late where the phase ended while it was on its way', async () => {
    expect(await refused(new Reverted('submitAggregate', 'WrongPhase', 'refused'))).toEqual({ how: 'over' });
  });

  it('is told otherwise', async () => {
    const others = [
      new Reverted('submitAggregate', 'InvalidProof', 'refused'),
      Object.assign(new Error('the node says'), { error: 'WrongPhase' }),
    ];
    for (const error of others) await expect(refused(error)).rejects.toBe(error);
  });
});
