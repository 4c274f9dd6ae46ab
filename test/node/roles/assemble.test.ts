// What a workplace hears of the roles that are put together in it: their end, whichever way it comes.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { TaskChain } from '../../../node/chain/index.ts';
import { NodeError } from '../../../node/errors.ts';
import { assembleProver, type Member } from '../../../node/roles/index.ts';

type Workplace = Parameters<typeof assembleProver>[0];

/** Lets a prover work on a task; resolves to what its workplace hears. */
async function heardOf(chain: Partial<TaskChain>): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const store = { put: async () => '0x', get: async () => new Uint8Array(), has: async () => false };
  const log = { refused: () => undefined, unresolved: async () => [], contents: async () => [] };
  const workplace = {
    tools: { he: {}, prover: {} },
    store,
    task: 1n,
    learning: { description: { compression: { chunks: 1 } } },
    observe: () => undefined,
    interval: 1,
    untilReleased: false,
    onOver: () => resolve('over'),
    onFinal: resolve,
  } as unknown as Workplace;
  const member = {
    name: 'prover',
    log,
    client: {},
    actions: { claim: async () => undefined },
    chain: () => ({
      account: '0x00',
      journal: { rounds: [], departures: [] },
      height: 1n,
      news: () => sleep(1),
      refresh: async () => undefined,
      ...chain,
    }),
  } as unknown as Member;
  const prover = assembleProver(workplace, member);
  await prover.start();
  const heard = await Promise.race([promise, sleep(10_000, 'nothing')]);
  await prover.stop();
  return heard;
}

it('hears that a role is over with its task', async () => {
  expect(await heardOf({ state: async () => ({ status: 'ended' }) as never })).toBe('over');
});

it('hears what ends a role before its task is over: a chain without its contracts', async () => {
  const gone = new NodeError('chain', 'the contracts are not on this chain', { prospect: 'final' });
  expect(await heardOf({ refresh: () => Promise.reject(gone) })).toBe(gone);
});
