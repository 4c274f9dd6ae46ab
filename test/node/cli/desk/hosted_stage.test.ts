// How far something is that is given to a host follows from the chain and from what this node has done, and from nothing
// that the host says.
import { describe, expect, it } from 'vitest';
import { type Standing, stageOf } from '../../../../node/cli/desk/hosted/stage.ts';

const begun: Standing = {
  isDone: false,
  hasPackage: false,
  byWallet: true,
  isBusy: false,
  isLocked: false,
  isCovered: false,
  isAllowed: false,
  hasSeat: false,
  status: 'open',
  until: 1000n,
  now: 10n,
};
const given: Standing = { ...begun, hasPackage: true, isCovered: true, isAllowed: true };

describe('what is given to a host', () => {
  it('waits for the wallet twice: for stake and ownership, then for the mandate in the package', () => {
    expect(stageOf(begun)).toBe('unsigned');
    expect(stageOf({ ...begun, isCovered: true })).toBe('unsealed');
  });

  it('is done by an account of the node by itself, where that is unlocked', () => {
    expect(stageOf({ ...begun, byWallet: false, isBusy: true })).toBe('preparing');
    expect(stageOf({ ...begun, byWallet: false, isLocked: true })).toBe('locked');
    expect(stageOf({ ...begun, byWallet: false })).toBe('failed');
  });

  it('is taken by a seat on the chain', () => {
    expect(stageOf(given)).toBe('given');
    expect(stageOf({ ...given, isAllowed: false })).toBe('withdrawn');
    expect(stageOf({ ...given, hasSeat: true })).toBe('taken');
    expect(stageOf({ ...given, hasSeat: true, status: 'running' })).toBe('running');
  });

  it('is over with the task or with the mandate, by the chain’s clock, whatever the host does', () => {
    expect(stageOf({ ...given, hasSeat: true, status: 'ended' })).toBe('over');
    expect(stageOf({ ...given, hasSeat: true, status: 'running', now: 1000n })).toBe('expired');
    expect(stageOf({ ...given, hasSeat: true, status: 'ended', isDone: true })).toBe('done');
  });
});
