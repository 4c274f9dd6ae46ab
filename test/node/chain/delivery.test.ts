// What brings one transaction onto the chain: how often it is sent and with which fees, when it is given up, and what
// its nonce tells.
import { BaseError, keccak256, parseTransaction, TransactionReceiptNotFoundError } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { deliver } from '../../../node/chain/delivery.ts';

const account = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const transaction = { to: account.address, data: '0x01', nonce: 4, gas: 50_000n } as const;
const fees = { type: 'eip1559', maxFeePerGas: 2100n, maxPriorityFeePerGas: 100n } as const;

interface World {
  /** What the node answers to the sending of this number, from 1; undefined: it takes it. */
  readonly says?: (sent: number) => Error | undefined;
  /** Which of the sent ones is in a block at the look of this number, from 1. */
  readonly mined?: (look: number, sent: number) => number | undefined;
  /** The account's next nonce at the look of this number. */
  readonly count?: (look: number) => number;
  readonly patience?: number;
  readonly looking?: () => Error | undefined;
  readonly by?: object;
}

/** Delivers to a node that is written down here. */
async function run({ says, mined, count = () => 4, patience = 60_000, looking, by = account }: World) {
  const sent: { hash: string; price: bigint }[] = [];
  const log = { looks: 0, counts: 0 };
  const client = {
    pollingInterval: 1,
    async sendRawTransaction({ serializedTransaction: bytes }: { serializedTransaction: `0x${string}` }) {
      const of = parseTransaction(bytes);
      expect(of).toMatchObject({ ...transaction, to: account.address.toLowerCase(), chainId: 31337 });
      sent.push({ hash: keccak256(bytes), price: of.maxFeePerGas ?? of.gasPrice! });
      const refusal = says?.(sent.length);
      if (refusal) throw new BaseError('the node refuses', { cause: refusal });
    },
    async getTransactionReceipt({ hash }: { hash: `0x${string}` }) {
      if (hash === sent[0]!.hash) log.looks++;
      const failure = looking?.();
      if (failure) throw failure;
      const at = mined?.(log.looks, sent.length);
      if (at === undefined || sent[at - 1]!.hash !== hash)
        throw new TransactionReceiptNotFoundError({ hash });
      return { transactionHash: hash };
    },
    async getTransactionCount({ blockTag }: { blockTag: string }) {
      expect(blockTag).toBe('latest');
      log.counts++;
      return count(log.looks);
    },
  };
  const context = { client, chainId: 31337, account: by, patience } as never;
  const outcome = await deliver(context, { ...transaction, fees }).then(
    ({ transactionHash }) => sent.findIndex(({ hash }) => hash === transactionHash) + 1,
    (error: { code?: string; message: string; prospect?: string }) => error,
  );
  return { outcome, sent, ...log };
}

describe('a transaction', () => {
  it('is sent once where it is mined, and looked for until it is', async () => {
    const { outcome, sent, looks } = await run({ mined: (look) => (look === 3 ? 1 : undefined) });
    expect([outcome, sent.length, looks]).toEqual([1, 1, 3]);
  });

  it('is sent four times, each with a higher fee, and given up where it is never mined', async () => {
    const began = performance.now();
    const { outcome, sent } = await run({ patience: 200 });
    expect(performance.now() - began).toBeGreaterThan(199);
    expect(outcome).toMatchObject({
      code: 'chain',
      prospect: 'passing',
      message: `transaction ${sent[0]!.hash} of ${account.address} is not mined after 200 ms`,
    });
    expect(sent).toHaveLength(4);
    for (const [at, { price }] of sent.slice(1).entries())
      expect(10n * price).toBeGreaterThanOrEqual(11n * sent[at]!.price);
  });

  it('is found under whichever of its hashes is mined, also if it is an earlier one', async () => {
    const { outcome } = await run({ patience: 40, mined: (_, sent) => (sent === 3 ? 2 : undefined) });
    expect(outcome).toBe(2);
  });

  it.each(['already known', 'known transaction', 'AlreadyExists: already exists', 'already imported'])(
    'that the node has (%s) is as good as sent',
    async (words) => {
      expect((await run({ says: () => new Error(words), mined: () => 1 })).outcome).toBe(1);
    },
  );

  it('that the node refuses is not looked for', async () => {
    const refusal = new Error('insufficient funds');
    const { outcome, looks } = await run({ says: () => refusal });
    expect(outcome).toMatchObject({ cause: refusal });
    expect(looks).toBe(0);
  });

  it('of an account whose key is elsewhere is not sent', async () => {
    const { outcome, sent } = await run({ by: { address: account.address } });
    expect(outcome).toMatchObject({ code: 'input', message: `account ${account.address} cannot sign here` });
    expect(sent).toEqual([]);
  });

  it('is not taken for one that is not mined where the node does not answer', async () => {
    const failure = new Error('no answer');
    expect((await run({ looking: () => failure })).outcome).toBe(failure);
  });
});

describe('a nonce', () => {
  const taken = {
    code: 'chain',
    prospect: 'passing',
    message: `another transaction of ${account.address} has nonce 4`,
  };

  it.each(['nonce too low', 'replacement transaction underpriced', 'invalid nonce', 'OldNonce'])(
    'is taken where the node says so of the first (%s), and not where it does of a later one',
    async (words) => {
      const first = await run({ says: () => new Error(words) });
      expect(first.outcome).toMatchObject(taken);
      expect([first.sent.length, first.looks]).toEqual([1, 0]);
      const later = await run({
        ...{ patience: 40, says: (sent) => (sent > 1 ? new Error(words) : undefined) },
        mined: (_, sent) => (sent > 1 ? 1 : undefined),
      });
      expect(later.outcome).toBe(1);
    },
  );

  it('is taken where it is used up and no receipt comes, after a few looks', async () => {
    const used = await run({ count: (look) => (look > 2 ? 5 : 4) });
    expect(used.outcome).toMatchObject(taken);
    expect(used.sent).toHaveLength(1);
    // Seen at the third look, which is asked once: and six more looks for a receipt that is late.
    expect([used.counts, used.looks]).toEqual([3, 9]);
    const late = await run({ count: () => 5, mined: (look) => (look === 7 ? 1 : undefined) });
    expect(late.outcome).toBe(1);
  });
});
