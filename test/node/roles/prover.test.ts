// The prover of sums in a round: what it sends, until when a proof is of use, and what it does when another prover
// was first.
import type { Prover } from '@murmuration/prover';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SumCall, TaskChain } from '../../../node/chain/index.ts';
import { probeSum, updateSum } from '../../../node/protocol/index.ts';
import { SumProver } from '../../../node/roles/prover.ts';
import { makeRound, type TestRound } from './support/round.ts';

let round: TestRound;
beforeEach(async () => {
  round = await makeRound();
});
afterEach(() => round.stop());

const signal = () => new AbortController().signal;

/** A prover of the round whose proofs are made by `prove`; what it sends is kept. */
function proverWith(prove: Prover['prove'], sent: Partial<SumCall>[] = []): SumProver {
  const context = round.context({ member: 0 });
  const chain: TaskChain = Object.assign(context.chain, {
    refresh: async () => undefined,
    async submitSum(_: number, call: SumCall) {
      sent.push(call);
      return 7n;
    },
  });
  return new SumProver({ ...context, chain, prover: { ...context.prover, prove } }, 1);
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
