// Chain time between two questions: measured by what has passed here, whatever this machine takes the time for.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chainClock } from '../../../../node/roles/runtime/chain_clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  // This process has run for an hour.
  vi.advanceTimersByTime(3_600_000);
});
afterEach(() => {
  vi.useRealTimers();
});

it('asks once in ten seconds, and counts whole seconds in between', async () => {
  let [asked, chain] = [0, 7_000_000_000n];
  const time = chainClock(async () => {
    asked += 1;
    return chain;
  });
  const told: bigint[] = [];
  for (const passes of [0, 999, 1, 8_999]) {
    vi.advanceTimersByTime(passes);
    told.push((await time()) - chain);
  }
  expect([told, asked]).toEqual([[0n, 0n, 1n, 9n], 1]);
  // The chain went on more slowly than this machine: its answer counts.
  chain += 6n;
  vi.advanceTimersByTime(1);
  expect([await time(), asked]).toEqual([7_000_000_006n, 2]);
});

it('counts from when it asked: an answer that took long is not taken for late', async () => {
  const time = chainClock(async () => {
    vi.advanceTimersByTime(4_000);
    return 100n;
  });
  expect([await time(), await time()]).toEqual([100n, 104n]);
});
