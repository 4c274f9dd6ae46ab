// Following a chain: each log once and in order, from any block, behind confirmations; reorganisations within
// and beyond them.

import { bulletinAbi } from '@murmuration/contracts';
import type { Log } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cursor,
  catchUp,
  DeepReorganisation,
  type FollowSettings,
  type LogQuery,
} from '../../../node/chain/index.ts';
import { openSite, type Person, person, type Site } from './fixture.ts';

let site: Site;
let ada: Person;
beforeAll(async () => {
  site = await openSite();
  ada = await person(site, 1);
});
afterAll(() => site?.anvil.stop());

let posted = 0;
async function post(): Promise<number> {
  posted += 1;
  const digest = `0x${posted.toString(16).padStart(64, '0')}` as const;
  const { bulletin: address } = site.deployment;
  await ada.sender.send({ address, abi: bulletinAbi, functionName: 'post', args: [1n, digest, digest] });
  return posted;
}

const bulletinLogs = (blocks: LogQuery): Promise<Log[]> =>
  site.client.getLogs({ address: site.deployment.bulletin, ...blocks });

/** A follower of the bulletin from a block, and what it has seen. */
function follower(from: bigint, settings: FollowSettings, logsIn = bulletinLogs) {
  const seen: number[] = [];
  let cursor: Cursor = { next: from, hash: null };
  return {
    seen,
    async look() {
      const read = async (logs: Log[], after: Cursor) => {
        seen.push(...logs.map(({ data }) => Number(data)));
        cursor = after;
      };
      const { client } = site;
      const latest = () => client.getBlock();
      cursor = await catchUp({ client, settings, latest, logsIn }, cursor, read);
    },
  };
}

const block = () => site.client.getBlockNumber({ cacheTime: 0 });

describe('following', () => {
  it.each([1, 2, 2000])('in windows of %i: each log once, in order', async (window) => {
    const follow = follower((await block()) + 1n, { confirmations: 0, window });
    const expected: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      expected.push(await post(), await post());
      await follow.look();
      await follow.look();
      expect(follow.seen).toEqual(expected);
    }
  });

  it('from a node that answers with few logs at once, in smaller windows and then in larger ones again', async () => {
    const ranges: number[] = [];
    const follow = follower((await block()) + 1n, { confirmations: 0, window: 16 }, async (blocks) => {
      const logs = await bulletinLogs(blocks);
      if ('blockHash' in blocks) return logs;
      if (logs.length > 3) throw new Error('query returned more than 3 results');
      ranges.push(logs.length);
      return logs;
    });
    const expected: number[] = [];
    for (let turn = 0; turn < 10; turn++) expected.push(await post());
    await site.rpc('anvil_mine', '0x40');
    await follow.look();
    expect(follow.seen).toEqual(expected);
    expect(ranges.reduce((sum, count) => sum + count, 0)).toBe(10);
    // Of the empty blocks most are read in whole windows: 64 of them in windows of two would be 32 answers.
    expect(ranges.length).toBeLessThan(20);
  });

  it('gives up on a single block that is too large for its node', async () => {
    const follow = follower((await block()) + 1n, { confirmations: 0, window: 16 }, async () => {
      throw new Error('query returned too many results');
    });
    await post();
    await expect(follow.look()).rejects.toThrow(/too many results/);
  });

  it('begins at any block', async () => {
    const before = await post();
    const from = await block();
    const after = await post();
    for (const [start, expected] of [
      [from, [before, after]],
      [from + 1n, [after]],
      [from + 2n, []],
    ] as const) {
      const follow = follower(start, { confirmations: 0, window: 10 });
      await follow.look();
      expect(follow.seen).toEqual(expected);
    }
  });

  it('keeps a distance to the head', async () => {
    const follow = follower((await block()) + 1n, { confirmations: 2, window: 10 });
    const first = await post();
    await site.rpc('anvil_mine', '0x1');
    await follow.look();
    expect(follow.seen).toEqual([]);
    await site.rpc('anvil_mine', '0x1');
    await follow.look();
    expect(follow.seen).toEqual([first]);
  });

  it('a reorganisation within that distance changes nothing that was handled', async () => {
    const follow = follower((await block()) + 1n, { confirmations: 2, window: 10 });
    const kept = await post();
    await site.rpc('anvil_mine', '0x2');
    await follow.look();
    expect(follow.seen).toEqual([kept]);
    const snapshot = await site.rpc('evm_snapshot');
    await post();
    await follow.look();
    await site.rpc('evm_revert', snapshot);
    const instead = await post();
    await site.rpc('anvil_mine', '0x2');
    await follow.look();
    expect(follow.seen).toEqual([kept, instead]);
  });

  it('a deeper one is refused, with what to do', async () => {
    const follow = follower((await block()) + 1n, { confirmations: 0, window: 10 });
    const snapshot = await site.rpc('evm_snapshot');
    await post();
    await follow.look();
    await site.rpc('evm_revert', snapshot);
    await post();
    const refusal = await follow.look().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DeepReorganisation);
    expect(refusal).toMatchObject({
      code: 'chain',
      message: expect.stringMatching(/deeper than the 0 confirmations/),
      mend: expect.stringMatching(/raise --confirmations/),
    });
    // A shorter chain may be a node that lags; when it has come as far, it shows.
    const other = follower((await block()) + 1n, { confirmations: 0, window: 10 });
    const second = await site.rpc('evm_snapshot');
    await post();
    await post();
    await other.look();
    await site.rpc('evm_revert', second);
    const { seen } = other;
    const before = [...seen];
    await other.look();
    expect(seen).toEqual(before);
    await site.rpc('anvil_mine', '0x3');
    await expect(other.look()).rejects.toBeInstanceOf(DeepReorganisation);
  });
});
