// Questions about blocks: how many are asked for at once, where a task begins, what is asked once, and which block is
// the next one.
import { marketplaceAbi } from '@murmuration/contracts';
import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError, type Hash } from 'viem';
import { describe, expect, it } from 'vitest';
import { addendsOf, sumsDue } from '../../../node/chain/addends.ts';
import { departureReason } from '../../../node/chain/departure.ts';
import { firstBlockOf } from '../../../node/chain/first_block.ts';
import { GasKnown } from '../../../node/chain/gas_known.ts';
import { ContractsGone, explained } from '../../../node/chain/gone.ts';
import { atNext, nextTime } from '../../../node/chain/next_block.ts';
import { OnceABlock } from '../../../node/chain/once_a_block.ts';
import { ChainAway } from '../../../node/chain/rpc/error.ts';
import {
  type BlockRange,
  defaultWindow,
  halfOf,
  latestIn,
  mayHaveLess,
} from '../../../node/chain/windows.ts';

const address = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const away = (overtaxed: boolean) =>
  new BaseError('no answer', { cause: new ChainAway([{ name: 'http://node', reason: '', overtaxed }]) });

describe('a search from the latest block back', () => {
  /** Windows that are looked at until a block is found; of more than `most` blocks none is answered. */
  async function windowsOf(
    range: BlockRange,
    found: bigint,
    most = 10_000n,
    error: unknown = new Error('too many'),
  ) {
    const windows: string[] = [];
    const result = await latestIn(range, async ({ fromBlock, toBlock }) => {
      windows.push(`${fromBlock}-${toBlock}`);
      if (toBlock - fromBlock + 1n > most) throw error;
      return fromBlock <= found && found <= toBlock ? found : undefined;
    });
    return { windows, result };
  }

  it('goes in windows that do not overlap, down to the first block, and ends with what it finds', async () => {
    expect(defaultWindow).toBe(2000);
    const range = { fromBlock: 5n, toBlock: 4500n };
    expect(await windowsOf(range, 9000n)).toEqual({
      windows: ['2501-4500', '501-2500', '5-500'],
      result: undefined,
    });
    expect(await windowsOf(range, 501n)).toEqual({ windows: ['2501-4500', '501-2500'], result: 501n });
    expect(await windowsOf({ fromBlock: 7n, toBlock: 7n }, 7n)).toEqual({ windows: ['7-7'], result: 7n });
    expect(await windowsOf({ fromBlock: 8n, toBlock: 7n }, 7n)).toEqual({ windows: [], result: undefined });
  });

  it('halves a window that is refused, and passes on what a smaller one does not mend', async () => {
    const range = { fromBlock: 1n, toBlock: 10n };
    expect(await windowsOf(range, 4n, 2n)).toEqual({
      ...{ windows: ['1-10', '6-10', '9-10', '7-8', '5-6', '3-4'], result: 4n },
    });
    await expect(windowsOf(range, 4n, 0n)).rejects.toThrow('too many');
    const gone = away(false);
    await expect(windowsOf(range, 4n, 2n, gone)).rejects.toBe(gone);
    expect((await windowsOf(range, 10n, 5n, away(true))).windows).toEqual(['1-10', '6-10']);
    expect([away(true), away(false), new Error('limit')].map(mayHaveLess)).toEqual([true, false, true]);
    expect([halfOf(range), halfOf({ fromBlock: 3n, toBlock: 5n })]).toEqual([5n, 1n]);
  });
});

describe('where a task begins', () => {
  /** Of tasks posted in these blocks; a node keeps the state from one block on. */
  function search(posted: readonly bigint[], task: bigint, keeps = 0n, head = 100n) {
    let asked = 0;
    const client = {
      async readContract({ blockNumber, functionName, address: of }: Record<string, unknown>) {
        asked++;
        expect([functionName, of]).toEqual(['taskCount', address]);
        if ((blockNumber as bigint) < keeps) throw new Error('missing trie node');
        return BigInt(posted.filter((block) => block <= (blockNumber as bigint)).length);
      },
    };
    const deployment = { marketplace: address, fromBlock: 10 };
    return firstBlockOf({ client, deployment, head, task } as never).then((block) => ({ block, asked }));
  }

  it('is found by few questions, in whichever block', async () => {
    for (const block of [10n, 11n, 54n, 55n, 99n, 100n]) {
      const { block: found, asked } = await search([10n, block], 2n);
      expect(found).toBe(block);
      expect(asked).toBeLessThan(8);
    }
    expect((await search([20n, 30n, 30n], 1n)).block).toBe(20n);
    expect((await search([20n, 30n, 30n], 3n)).block).toBe(30n);
  });

  it('is not before the last block at which it was not there, where older states are not kept', async () => {
    expect(await search([20n], 1n, 60n)).toEqual({ block: 10n, asked: 1 });
    expect((await search([90n], 1n, 50n)).block).toBe(90n);
    expect(await search([10n], 1n, 0n, 10n)).toEqual({ block: 10n, asked: 0 });
  });
});

describe('an answer at the latest block', () => {
  it('is asked for once a name and block, and again where it fails', async () => {
    let hash: Hash = '0x01';
    const once = new OnceABlock({ look: async () => ({ hash }) } as never);
    const asked: string[] = [];
    const ask = (name: string, answer = async (): Promise<string> => name) =>
      once.of(name, ({ blockHash }) => {
        asked.push(`${name} ${blockHash}`);
        return answer();
      });
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a', 'a', 'b']);
    expect(await ask('a')).toBe('a');
    expect(asked.splice(0)).toEqual(['a 0x01', 'b 0x01']);
    hash = '0x02';
    const fails = () => Promise.reject(new Error('no answer'));
    await expect(ask('a', fails)).rejects.toThrow('no answer');
    expect(await ask('a')).toBe('a');
    expect(asked).toEqual(['a 0x02', 'a 0x02']);
  });

  it('that fails late takes no newer one away', async () => {
    let hash: Hash = '0x01';
    const once = new OnceABlock({ look: async () => ({ hash }) } as never);
    const late = Promise.withResolvers<string>();
    const first = once.of('a', () => late.promise);
    await new Promise(setImmediate);
    hash = '0x02';
    expect(await once.of('a', async () => 'new')).toBe('new');
    late.reject(new Error('too late'));
    await expect(first).rejects.toThrow('too late');
    expect(await once.of('a', async () => 'asked again')).toBe('new');
  });
});

describe('the block that is being made', () => {
  const asks = async (error?: unknown) => {
    const tags: string[] = [];
    const result = await atNext(async (tag) => {
      tags.push(tag);
      if (error !== undefined && tag === 'pending') throw error;
      return tag;
    }).catch(() => 'refused');
    return [...tags, result];
  };

  it('is asked first, and the latest one where the node knows of none', async () => {
    expect(await asks()).toEqual(['pending', 'pending']);
    expect(await asks(new Error('unknown block'))).toEqual(['pending', 'latest', 'latest']);
  });

  it('has answered where a contract refuses, and does not where the node is away', async () => {
    const revert = new ContractFunctionRevertedError({ abi: marketplaceAbi, functionName: 'join' });
    for (const error of [new BaseError('failed', { cause: revert }), away(true)])
      expect(await asks(error)).toEqual(['pending', 'refused']);
  });

  it('has the time that a transaction would see', async () => {
    const getBlock = async ({ blockTag }: { blockTag: string }) => ({
      timestamp: blockTag === 'pending' ? 8n : 7n,
    });
    expect(await nextTime({ getBlock } as never)).toBe(8n);
  });
});

describe('what is told', () => {
  it('of an empty answer: that the contracts are gone, if they are', async () => {
    const empty = new BaseError('failed', {
      cause: new ContractFunctionZeroDataError({ functionName: 'terms' }),
    });
    const told = (code: string | undefined, error: unknown) =>
      explained({ getCode: async () => code } as never, { marketplace: address }, error);
    expect(await told('0x60', empty)).toBe(empty);
    const gone = await told(undefined, empty);
    expect(gone).toBeInstanceOf(ContractsGone);
    expect(gone).toMatchObject({
      code: 'chain',
      prospect: 'final',
      message: expect.stringContaining(address),
    });
    const other = new Error('revert');
    expect(await told(undefined, other)).toBe(other);
  });

  it('of who left: by the stage, the votes, and what it lost', () => {
    const departure = { account: address, epoch: 1, block: 1n } as const;
    const reason = (status: 'open' | 'drawing' | 'keying', slashed = 0n, rejected = false) =>
      departureReason({ ...departure, status, slashed, rejected });
    expect([reason('open'), reason('open', 1n)]).toEqual(Array(2).fill('took its application back'));
    expect(reason('drawing')).toBe('was not drawn for a seat');
    expect(reason('drawing', 1n)).toMatch(/^did not show its secret/);
    expect(reason('keying')).toBe('confirmed another key than the others');
    expect(reason('keying', 1n)).toMatch(/^did not do its part of the key in time/);
    expect(reason('keying', 1n, true)).toMatch(/^was voted out/);
  });
});

it('a sum is of the submissions that name it, and is due where there are two', () => {
  const of = (...sums: number[]) => sums.map((sum, at) => ({ sum, at }));
  const submitted = { update: of(0, 0), probe: of(10, 2, 3, 2, 10) } as never;
  expect(sumsDue({ submitted })).toEqual([0, 2, 10]);
  expect(sumsDue({ submitted: { update: of(0), probe: [] } as never })).toEqual([]);
  const at = (sum: number) =>
    addendsOf({ submitted }, sum).map((addend) => (addend as unknown as { at: number }).at);
  expect([0, 2, 3, 10, 4].map(at)).toEqual([[0, 1], [1, 3], [2], [0, 4], []]);
});

it('gas is known by the largest estimate of a call of one kind', () => {
  const call = (task: bigint, functionName = 'cancel') =>
    ({ address, abi: marketplaceAbi, functionName, args: [task] }) as never;
  const gas = new GasKnown();
  expect(gas.of(call(1n))).toBeUndefined();
  for (const estimate of [5n, 9n, 7n]) gas.learn(call(1n), estimate);
  expect([gas.of(call(1n)), gas.of(call(2n))]).toEqual([9n, 9n]);
  expect(gas.of(call(1n, 'end'))).toBeUndefined();
});
