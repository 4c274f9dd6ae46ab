// Pauses of long searches: other events have their turn after a while, and not at each step.
import { afterEach, expect, it, vi } from 'vitest';
import { pauses } from '../../he/decrypt/pause.ts';

afterEach(() => void vi.restoreAllMocks());

it('give way after 20 ms since the last turn, and end with the search', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(100);
  const ended = new AbortController();
  const pause = pauses(ended.signal);
  /** Whether another event has its turn within a pause at this time. */
  const givesWay = async (at: number) => {
    clock.mockReturnValue(at);
    let turn = false;
    const event = setImmediate(() => {
      turn = true;
    });
    await pause();
    clearImmediate(event);
    return turn;
  };
  expect([await givesWay(119), await givesWay(120)]).toEqual([false, true]);
  expect([await givesWay(139), await givesWay(145), await givesWay(160)]).toEqual([false, true, false]);
  ended.abort(new Error('stopped'));
  expect(await givesWay(164)).toBe(false);
  await expect(givesWay(165)).rejects.toThrow('stopped');
  expect(await pauses()()).toBeUndefined();
});
