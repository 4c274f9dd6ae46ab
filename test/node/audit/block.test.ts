// Whose calls a block holds, whichever kind of transaction they came in.
import { createAnvil } from '@murmuration/contracts';
import { createPublicClient, createWalletClient, custom, http, type PublicClient } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBlock } from '../../../node/audit/record/block.ts';

const anvil = createAnvil();
let client: PublicClient;
beforeAll(async () => {
  await anvil.start();
  client = createPublicClient({ transport: http(anvil.url) });
});
afterAll(() => anvil.stop());

/** A node that says something else of the first transaction of each block. */
const saying = (change: Record<string, unknown>): PublicClient =>
  createPublicClient({
    transport: custom({
      async request({ method, params }) {
        const answer = await client.request({ method, params } as never);
        const { transactions } = (method === 'eth_getBlockByNumber' ? answer : {}) as {
          transactions?: object[];
        };
        if (transactions) Object.assign(transactions[0]!, change);
        return answer;
      },
    }),
  });

const gasPrice = 2_000_000_000n;

describe.each([
  ['legacy', { type: 'legacy', gasPrice }],
  ['eip2930', { type: 'eip2930', gasPrice, accessList: [] }],
  ['eip1559', { type: 'eip1559' }],
] as const)('a transaction of kind %s', (type, form) => {
  let number: bigint;
  beforeAll(async () => {
    const account = anvil.account(1);
    const wallet = createWalletClient({ account, chain: foundry, transport: http(anvil.url) });
    const hash = await wallet.sendTransaction({ to: account.address, value: 1n, ...form });
    number = (await client.waitForTransactionReceipt({ hash })).blockNumber;
  });

  it('is its signer’s', async () => {
    expect(
      (await client.getBlock({ blockNumber: number, includeTransactions: true })).transactions,
    ).toMatchObject([{ type }]);
    expect((await readBlock(client, number)).doubts).toEqual([]);
  });

  it('is nobody else’s', async () => {
    const { doubts } = await readBlock(saying({ from: anvil.account(2).address }), number);
    expect(doubts).toMatchObject([
      { kind: 'contradicts', text: expect.stringContaining('signed by another account') },
    ]);
  });
});
