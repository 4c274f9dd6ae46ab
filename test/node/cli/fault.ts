// The line that a user would read of a failure.
import { expect } from 'vitest';
import { describeError } from '../../../node/cli/output/fault.ts';

/** Asserts that work fails, and gives the line that the command line would print. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  const nothing = Symbol();
  const fault = await work.then(
    () => nothing,
    (error: unknown) => error,
  );
  expect(fault, 'it should have failed').not.toBe(nothing);
  return describeError(fault);
}
