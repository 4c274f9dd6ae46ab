// What speaks against joining, said before anything is remembered or pledged.
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { describe, expect, it } from 'vitest';
import { termsDigest } from '../../../../node/cli/desk/market/terms_digest.ts';
import { checkWish, type NamedWish } from '../../../../node/cli/desk/runs/check_wish.ts';
import { plainReading } from '../../../../node/learn/index.ts';
import { postedTask } from './posted.ts';

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const posted = postedTask();
const wish: NamedWish = {
  task: '1',
  role: 'trainer',
  account,
  stake: `${posted.economics.minStake}`,
  file: '00000000-0000-4000-8000-000000000000',
  reading: plainReading,
  acceptRisks: false,
};

/** All that is held against a wish before the chain is asked for money. */
const check = (task = posted, asked = wish, terms = termsDigest(task)) => {
  const unasked = new Proxy({}, { get: () => expect.fail('the chain is asked') });
  const place = { client: unasked as PublicClient, deployment: {} as Deployment };
  const sources = { files: unasked as never, market: { description: async () => undefined } };
  return checkWish({ ...place, ...sources }, { posted: task, wish: asked, terms });
};

describe('joining is refused', () => {
  it('once the task is no longer open', async () => {
    await expect(check({ ...posted, status: 'running' })).rejects.toThrow(
      'joining is over: task 1 is running',
    );
  });

  it('under other terms than those that were shown: a planner, or a chain begun anew, has set others', async () => {
    const shown = termsDigest(posted);
    const { economics, parameters } = posted;
    for (const other of [
      { ...posted, economics: { ...economics, roundReward: economics.roundReward - 1n } },
      { ...posted, parameters: { ...parameters, threshold: 2 } },
      { ...posted, planner: account } as const,
    ])
      await expect(check(other, wish, shown)).rejects.toMatchObject({
        message: 'the terms of task 1 are others than those that were shown',
        mend: expect.stringContaining('nothing has been pledged'),
      });
  });

  it('where all seats of that kind are taken', async () => {
    const trainers = Array.from({ length: posted.parameters.maxTrainers }, () => account);
    await expect(check({ ...posted, trainers } as typeof posted)).rejects.toMatchObject({
      message: 'all 5 seats of trainers in task 1 are taken',
      mend: 'Choose another task, or another seat.',
    });
  });

  it('with less stake than it asks for', async () => {
    await expect(check(posted, { ...wish, stake: '1' })).rejects.toMatchObject({ mend: 'Pledge more.' });
  });
});
