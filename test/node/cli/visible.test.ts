// The attack: whoever posts a task, or answers for a chain, has its words on a member's terminal, and the terminal obeys
// some of them. A name that clears the lines above takes the review's warnings with it.
import { afterEach, expect, it, vi } from 'vitest';
import { describeError } from '../../../node/cli/output/fault.ts';
import { print, stamped } from '../../../node/cli/output/format.ts';
import { visible } from '../../../node/cli/output/visible.ts';
import { NodeError } from '../../../node/errors.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Clears the screen, writes into the clipboard, goes back to the line's start, in one byte what others take two for. */
const orders = [
  '\u001b[2J\u001b[H',
  '\u001b]52;c;cm0gLXJmIH4=\u0007',
  '\rno danger',
  '\u009b2K',
  '\u202egnihtyna',
];
const obeyed = /(?![\n\t])\p{Cc}|\u202e/u;

it.each(orders)('%j reaches no terminal', (order) => {
  const name = `clinics${order}`;
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  print(false, {}, `task 1, ${name}\nis open`);
  expect(printed.mock.calls[0]![0]).not.toMatch(obeyed);
  expect(printed.mock.calls[0]![0]).toContain('\nis open');
  expect(stamped(name)).not.toMatch(obeyed);
  expect(describeError(new NodeError('task', `task ${name} is not known`))).not.toMatch(obeyed);
});

it('what people read stays as it is', () => {
  const text = 'Zürich, Ωmega, 東京, נתונים, 👩‍⚕️\n\tone column';
  expect(visible(text)).toBe(text);
});
