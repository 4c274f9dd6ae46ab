// Turns among the members of a process: one after the other, and none waits for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { inTurn } from '../../../../node/roles/runtime/turn.ts';

it('lets the next one in when the one before has passed its turn on, not when all its work is done', async () => {
  const said: string[] = [];
  const done = Promise.withResolvers<void>();
  const first = inTurn(async ({ come, pass }) => {
    await come();
    said.push('first comes');
    await sleep(20);
    said.push('first passes');
    pass();
    await done.promise;
    said.push('first is done');
  });
  const second = inTurn(async ({ come }) => {
    await come();
    said.push('second comes');
  });
  await second;
  expect(said).toEqual(['first comes', 'first passes', 'second comes']);
  done.resolve();
  await first;
});

it('is over with work that fails', async () => {
  const failing = inTurn(async ({ come }) => {
    await come();
    throw new Error('no content');
  });
  const next = inTurn(async ({ come }) => come());
  await expect(failing).rejects.toThrow('no content');
  await next;
});

it('keeps nobody waiting for one that waits for somebody else', async () => {
  const never = Promise.withResolvers<void>();
  const stuck = inTurn(async ({ come }) => {
    await come();
    await never.promise;
  });
  await inTurn(async ({ come }) => come());
  never.resolve();
  await stuck;
});

it('leaves nothing behind that keeps the process when its work is done', async () => {
  vi.useFakeTimers();
  try {
    await inTurn(async ({ come }) => come());
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
