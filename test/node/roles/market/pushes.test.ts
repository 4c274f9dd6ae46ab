// When a task is pushed on, how many in one look, and by what it is paid; when a try is made again; what gas
// costs in tokens.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OpenTask, TaskChain } from '../../../../node/chain/index.ts';
import { Notices } from '../../../../node/roles/market/notices.ts';
import { Pushes } from '../../../../node/roles/market/pushes.ts';
import { Retries } from '../../../../node/roles/market/retries.ts';
import { costOf, GasOfSums } from '../../../../node/roles/market/worth.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const account = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
/** A unit of gas costs one of the token's smallest units, and a round brings ten. */
const terms = { prices: { gas: 1n, token: 10n ** 18n }, roundBrings: () => 10n };
const never = (error: unknown) => expect.unreachable(String(error));

const taskOf = (task: bigint, more: Partial<OpenTask> = {}) =>
  ({ task, logs: 1, status: 'running', deadline: 50n, journal: { rounds: [] }, ...more }) as OpenTask;

/** Pushes of tasks, each of which takes so much gas. */
function open(gas: (task: bigint) => bigint | undefined, advances = true) {
  const log: string[] = [];
  const notices = new Notices(account, (event) => log.push('text' in event ? event.text : event.type));
  const chain = ({ task }: OpenTask) =>
    ({
      gasToAdvance: async () => gas(task),
      advance: async () => {
        log.push(`push ${task}`);
        return advances;
      },
    }) as unknown as TaskChain;
  const pushes = new Pushes(chain, notices);
  const push = async (tasks: readonly OpenTask[], with_ = terms) => {
    pushes.begin(tasks, with_, never);
    await pushes.ended();
    return log.splice(0);
  };
  return { pushes, push };
}

it('looks at a task that has news, or whose deadline passed a while ago, and never at one that is still open', async () => {
  const { pushes, push } = open(() => undefined);
  const running = taskOf(1n, { journal: { rounds: [{ deadline: 100n }] } as never });
  const keying = taskOf(2n, { status: 'keying' });
  expect([running, keying].map((task) => pushes.mayBeDue(task, 0n))).toEqual([true, true]);
  expect(pushes.mayBeDue(taskOf(3n, { status: 'open' }), 1000n)).toBe(false);
  expect(await push([running, keying])).toEqual([]);
  expect(pushes.mayBeDue(running, 1000n)).toBe(false);
  vi.advanceTimersByTime(5001);
  expect([100n, 101n].map((now) => pushes.mayBeDue(running, now))).toEqual([false, true]);
  expect([50n, 51n].map((now) => pushes.mayBeDue(keying, now))).toEqual([false, true]);
  expect(pushes.mayBeDue(taskOf(1n, { logs: 2 }), 0n)).toBe(true);
  pushes.forget(2n);
  expect(pushes.mayBeDue(keying, 0n)).toBe(true);
});

it('pays pushes of what a round brings, then of what is earned, and leaves the rest to the members', async () => {
  const { pushes, push } = open(() => 6n);
  const left = 'task 1 is left to its members to push on: that costs more than its fees bring';
  pushes.earned(1n, 100n);
  expect(await push([taskOf(1n)])).toEqual(['push 1']);
  expect(await push([taskOf(1n)])).toEqual([left]);
  pushes.earned(1n, 2n);
  expect(await push([taskOf(1n)])).toEqual(['push 1']);
  expect(await push([taskOf(1n)])).toEqual([]);
  pushes.forget(1n);
  expect(await push([taskOf(1n)])).toEqual(['push 1']);
});

it('pays nothing for a push that another was faster with', async () => {
  const { push } = open(() => 10n, false);
  for (let n = 0; n < 3; n++) expect(await push([taskOf(1n)])).toEqual(['push 1']);
});

it('pushes sixteen at once at most, and begins no others while they are under way', async () => {
  const { pushes, push } = open(() => 1n);
  const many = Array.from({ length: 20 }, (_, n) => taskOf(BigInt(n)));
  pushes.begin(many, terms, never);
  expect(await push(many)).toHaveLength(16);
  expect(await push(many.slice(16))).toHaveLength(4);
});

it('tells what fails, and goes on with the next look', async () => {
  const failure = new Error('no answer');
  let fails = true;
  const { pushes, push } = open(() => {
    if (fails) throw failure;
    return 1n;
  });
  const told: unknown[] = [];
  pushes.begin([taskOf(1n)], terms, (error) => told.push(error));
  await pushes.ended();
  expect(told).toEqual([failure]);
  fails = false;
  expect(await push([taskOf(1n)])).toEqual(['push 1']);
});

it('tries again after longer and longer, at once with news, and forgets what is over', () => {
  const retries = new Retries();
  const waits = (news: number) => {
    let ms = 0;
    while (!retries.isDue('1/1/0', news)) {
      vi.advanceTimersByTime(500);
      ms += 500;
    }
    return ms;
  };
  expect(waits(1)).toBe(0);
  const all = Array.from({ length: 7 }, () => {
    retries.failed('1/1/0', 1);
    return waits(1);
  });
  expect(all).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  retries.failed('1/1/0', 1);
  expect(retries.isDue('1/1/0', 2)).toBe(true);
  retries.failed('1/1/0', 2);
  expect(waits(2)).toBe(1000);
  retries.failed('1/1/0', 2);
  retries.failed('11/1/0', 2);
  retries.forget('1/');
  expect([retries.isDue('1/1/0', 2), retries.isDue('11/1/0', 2)]).toEqual([true, false]);
});

it('counts gas in tokens, rounded up, and a sum by what one of as many chunks took last', () => {
  const token = 10n ** 18n;
  expect(costOf(7n, { gas: 3n, token })).toBe(21n);
  expect([3n, 4n].map((gas) => costOf(gas, { gas: 1n, token: 4n * token }))).toEqual([1n, 1n]);
  expect(costOf(1n, { gas: 1n, token: token / 2n })).toBe(2n);
  expect(costOf(0n, { gas: 9n, token })).toBe(0n);
  const gas = new GasOfSums();
  expect([0, 1, 3].map((chunks) => gas.of(chunks))).toEqual([320_000n, 415_000n, 605_000n]);
  gas.learn(3, 7n);
  expect([1, 3].map((chunks) => gas.of(chunks))).toEqual([415_000n, 7n]);
});
