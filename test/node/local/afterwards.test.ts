// What comes after a training never costs its report: a fault there is a part of it, in words.
import { describe, expect, it } from 'vitest';
import { NodeError } from '../../../node/errors.ts';
import { playAfterwards } from '../../../node/local/afterwards.ts';
import type { LocalFederation } from '../../../node/local/assembly.ts';
import { encodeModel } from '../../../node/protocol/index.ts';

const model = `0x${'01'.repeat(32)}`;

/** As much of a federation as comes to play afterwards. */
const ended = (rounds: readonly object[], afterwards?: () => Promise<never>) =>
  ({
    scenario: { validators: [], ...(afterwards && { afterwards }) },
    chain: { journal: { rounds } },
    store: { get: async () => encodeModel(Float32Array.of(1, 2)) },
    layout: { size: 2 },
    validators: [],
    statistics: async () => ({}),
  }) as unknown as LocalFederation;

const context = { cacheFolder: 'unused', say() {} };
const refuse = async () => {
  throw new NodeError('chain', 'QuorumMissing: 2 of 6 validators signed');
};

describe('after a training', () => {
  it('a fault is told with its reason, and does not end the run without a report', async () => {
    const told = await playAfterwards(ended([{ modelAfter: model }], refuse), context);
    expect(told).toEqual({ unfinished: expect.stringContaining('QuorumMissing: 2 of 6 validators signed') });
  });

  it('a task without an accepted round has nothing to go on with, and says so', async () => {
    const told = await playAfterwards(ended([{ modelAfter: undefined }], refuse), context);
    expect(told).toEqual({ unfinished: expect.stringContaining('no round was accepted') });
  });

  it('a scenario that ends with its training adds nothing', async () => {
    expect(await playAfterwards(ended([{ modelAfter: model }]), context)).toEqual({});
  });
});
