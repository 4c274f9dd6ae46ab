// What people see of a local federation while it runs.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createView } from '../../../node/local/index.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const terminal = () => {
  const written: string[] = [];
  const out = { isTTY: true, columns: 80, write: (text: string) => written.push(text) };
  return { written, view: createView(out as unknown as NodeJS.WriteStream) };
};

it('its clock goes on while a step says nothing, until it is closed', () => {
  const { written, view } = terminal();
  view.say('contracts');
  vi.advanceTimersByTime(61_000);
  expect(written.at(-1)).toContain('  61 s  contracts');
  view.close();
  const { length } = written;
  vi.advanceTimersByTime(10_000);
  expect(written).toHaveLength(length);
});
