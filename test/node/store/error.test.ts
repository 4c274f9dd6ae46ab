// Which failures are final: a role waits for content that may still come, and blames its author for content
// that is wrong.
import { describe, expect, it } from 'vitest';
import { NodeError } from '../../../node/errors.ts';
import { mayStillCome, StoreError, type StoreReason } from '../../../node/store/index.ts';

describe('a block', () => {
  it.each<[StoreReason, boolean]>([
    ['missing', true],
    ['unreachable', true],
    ['wrong', true],
    ['oversized', false],
  ])('that is %s may still come: %s', (reason, may) => {
    expect(mayStillCome(new StoreError(reason, 'block 0x00'))).toBe(may);
  });

  it('is not waited for after a failure that is not the store', () => {
    expect(mayStillCome(new Error('missing'))).toBe(false);
    expect(mayStillCome(undefined)).toBe(false);
  });
});

it('a store error is of the family: code, reason, mend and cause', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new StoreError('unreachable', 'no answer', { mend: 'Start the node.', cause });
  expect(error).toBeInstanceOf(NodeError);
  expect(error).toMatchObject({
    name: 'StoreError',
    code: 'store',
    reason: 'unreachable',
    mend: 'Start the node.',
    cause,
  });
});
