// The marketplace on a real chain: all tasks in one reading of the logs, which costs no more for many of them.
import { createPublicClient, custom, type EIP1193RequestFn } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChainReader, type MarketReader } from '../../../node/chain/index.ts';
import { openSite, type Person, person, type Site, smallTask } from './fixture.ts';

let site: Site;
let planner: Person;
let market: MarketReader;
let requests = 0;

beforeAll(async () => {
  site = await openSite();
  planner = await person(site, 10);
  const request = (async (args: never) => {
    requests++;
    return site.client.request(args);
  }) as EIP1193RequestFn;
  const client = createPublicClient({ transport: custom({ request }), cacheTime: 0 });
  const follow = { confirmations: 0, window: 2000 };
  market = createChainReader({ client, deployment: site.deployment, follow }).market();
});
afterAll(() => site?.anvil.stop());

const refreshed = async () => {
  const before = requests;
  await market.refresh();
  return requests - before;
};

it('has every task that has not ended, with what its planner posted', async () => {
  const task = await planner.actions.post(smallTask);
  await market.refresh();
  expect([...market.tasks.keys()]).toEqual([task]);
  const { parameters, economics, status, deadline, journal } = market.tasks.get(task)!;
  expect({ parameters, economics }).toEqual({
    parameters: smallTask.parameters,
    economics: smallTask.economics,
  });
  expect(status).toBe('open');
  expect(Number(deadline)).toBeGreaterThan(Date.now() / 1000);
  expect(journal.rounds).toEqual([]);
  expect(market.journalOf(task).journal).toBe(journal);

  const { logs } = market.tasks.get(task)!;
  const other = await planner.actions.post(smallTask);
  await market.refresh();
  // News of one task is none of another.
  expect(market.tasks.get(task)!.logs).toBe(logs);
  await planner.actions.cancel(other);
  await market.refresh();
  expect([...market.tasks.keys()]).toEqual([task]);
  expect(market.journalOf(other).journal.rounds).toEqual([]);
});

it('asks once where there is no new block, and as often for a window of twenty tasks as for one of one', async () => {
  // So far below the head that the blocks are read in one window.
  const bury = () => site.rpc('anvil_mine', '0x20');
  await planner.actions.post(smallTask);
  await bury();
  const forOne = await refreshed();
  expect(await refreshed()).toBe(1);
  for (let i = 0; i < 20; i++) await planner.actions.post(smallTask);
  await bury();
  expect(await refreshed()).toBe(forOne);
  expect(market.tasks.size).toBe(22);
});

it('reads everything anew after a reorganisation, without the tasks that went with it', async () => {
  const kept = [...market.tasks.keys()];
  const snapshot = await site.rpc('evm_snapshot');
  const gone = await planner.actions.post(smallTask);
  await market.refresh();
  expect(market.tasks.has(gone)).toBe(true);
  await site.rpc('evm_revert', snapshot);
  await site.rpc('evm_mine');
  await site.rpc('evm_mine');
  await site.rpc('evm_mine');
  await expect(market.refresh()).rejects.toThrow(/reorganisation/);
  expect(market.tasks.size).toBe(0);
  await market.refresh();
  expect([...market.tasks.keys()]).toEqual(kept);
});
