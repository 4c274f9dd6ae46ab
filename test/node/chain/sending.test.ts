// A sender against a node that is written down here: what it asks for before it sends, with how much gas it sends, what
// it says of a transaction that was mined and failed, and when it sends again.
import {
  BaseError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  parseAbi,
  parseTransaction,
  TransactionReceiptNotFoundError,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { GasKnown } from '../../../node/chain/gas_known.ts';
import { Sender, type SenderSettings } from '../../../node/chain/sender.ts';

const account = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const abi = parseAbi(['function pay(uint256 amount)', 'error TooLate(uint256 by)']);
const call = { address: account.address, abi, functionName: 'pay', args: [5n] } as const;
const refusal = new BaseError('the contract refuses', {
  cause: new ContractFunctionRevertedError({
    abi,
    functionName: 'pay',
    data: encodeErrorResult({ abi, errorName: 'TooLate', args: [3n] }),
  }),
});

interface World {
  /** Gas that the node estimates. */
  readonly estimate?: bigint | Error;
  readonly succeeds?: boolean;
  /** What a simulation at a block says, after a failure. */
  readonly afterwards?: () => Error | undefined;
  /** What the node says of the transaction of this number, from 1. */
  readonly says?: (sent: number) => Error | undefined;
  readonly settings?: Partial<SenderSettings>;
}

function open({ estimate = 10_000n, succeeds = true, afterwards, says, settings }: World = {}) {
  const log: { gas: bigint[]; nonces: number[]; simulated: unknown[]; shown: unknown[]; outdated: number } = {
    gas: [],
    nonces: [],
    simulated: [],
    shown: [],
    outdated: 0,
  };
  let mined = 7;
  const client = {
    pollingInterval: 1,
    request: async () => '0x64',
    getTransactionCount: async () => mined,
    async estimateContractGas() {
      if (estimate instanceof Error) throw estimate;
      return estimate;
    },
    async simulateContract({ blockNumber, gas }: { blockNumber?: bigint; gas?: bigint }) {
      log.simulated.push(blockNumber ?? gas);
      const failure = blockNumber === undefined ? undefined : afterwards?.();
      if (failure) throw failure;
      return { result: undefined };
    },
    async sendRawTransaction({ serializedTransaction }: { serializedTransaction: `0x${string}` }) {
      const { gas, nonce } = parseTransaction(serializedTransaction);
      log.gas.push(gas!);
      log.nonces.push(nonce!);
      const failure = says?.(log.gas.length);
      if (failure) {
        mined += 1;
        throw new BaseError('the node refuses', { cause: failure });
      }
    },
    async getTransactionReceipt({ hash }: { hash: `0x${string}` }) {
      if (log.gas.length === 0) throw new TransactionReceiptNotFoundError({ hash });
      return {
        transactionHash: hash,
        status: succeeds ? 'success' : 'reverted',
        blockNumber: 55n,
        gasUsed: 44n,
      };
    },
  };
  const context = {
    client,
    chainId: 31337,
    heads: { look: async () => ({ baseFeePerGas: 1000n }), outdate: () => log.outdated++ },
    gas: new GasKnown(),
    outgoing: {
      shows: async (of: object) => void log.shown.push(of),
      sends: async () => undefined,
      keptBack: () => undefined,
    },
  };
  const sender = new Sender(context as never, account, {
    gasHeadroom: 30,
    receiptTimeout: 1000,
    ...settings,
  });
  return { sender, log };
}

describe('a transaction that was mined and failed', () => {
  it('is told with the reason that the contract gives on the state that it met', async () => {
    const { sender, log } = open({ succeeds: false, afterwards: () => refusal });
    await expect(sender.send(call)).rejects.toMatchObject({
      code: 'reverted',
      call: 'pay',
      error: 'TooLate',
      message: expect.stringContaining('TooLate(3)'),
    });
    expect(log.simulated).toContain(55n);
    expect(log.outdated).toBe(1);
  });

  it('is told with what it cost where the contract would take it by now, or the node does not say', async () => {
    const { sender } = open({ succeeds: false });
    await expect(sender.send(call)).rejects.toMatchObject({
      code: 'reverted',
      call: 'pay',
      error: undefined,
      message: expect.stringMatching(/^pay was mined and failed in 0x[0-9a-f]{64}, gas used 44\.$/),
    });
    const away = new Error('the node is away');
    await expect(open({ succeeds: false, afterwards: () => away }).sender.send(call)).rejects.toBe(away);
  });
});

describe('gas of a transaction', () => {
  const most = 2n ** 24n;
  const gasOf = async (estimate: bigint, spare?: bigint) => {
    const { sender, log } = open({ estimate });
    await sender.send(call, spare);
    return log.gas;
  };

  it('is the estimate, its headroom, and what the caller spares', async () => {
    expect(await gasOf(10_000n)).toEqual([13_000n]);
    expect(await gasOf(10_000n, 500n)).toEqual([13_500n]);
  });

  it('is no more than a transaction may ask for, unless it needs more: then the node refuses it', async () => {
    expect(await gasOf(most - 1n)).toEqual([most]);
    expect(await gasOf(most)).toEqual([most]);
    expect((await gasOf(most + 1n))[0]).toBeGreaterThan(most);
    expect(await gasOf(10_000n, most)).toEqual([most]);
    expect(await gasOf(10_000n, most - 13_000n)).toEqual([most]);
  });

  it('is estimated for who asks, after the call was shown to whoever lets things leave', async () => {
    const { sender, log } = open();
    expect(await sender.estimate(call)).toBe(10_000n);
    expect(log.shown).toMatchObject([{ to: account.address, call: 'pay' }]);
    expect(log.gas).toEqual([]);
    await expect(open({ estimate: refusal }).sender.estimate(call)).rejects.toMatchObject({
      error: 'TooLate',
    });
  });
});

describe('a nonce that another process takes', () => {
  it('is followed by the next one, three times at most', async () => {
    const taken = (times: number) => (sent: number) =>
      sent <= times ? new Error('nonce too low') : undefined;
    const { sender, log } = open({ says: taken(2) });
    await sender.send(call);
    expect(log.nonces).toEqual([7, 8, 9]);
    const unlucky = open({ says: taken(3) });
    await expect(unlucky.sender.send(call)).rejects.toThrow('has nonce 9');
    expect(unlucky.log.nonces).toEqual([7, 8, 9]);
    // What it was asked for next goes on.
    await unlucky.sender.send(call);
    expect(unlucky.log.nonces.at(-1)).toBe(10);
  });

  it('is not followed by another where the node refuses for another reason', async () => {
    const { sender, log } = open({ says: () => new Error('insufficient funds') });
    await expect(sender.send(call)).rejects.toThrow();
    expect(log.nonces).toEqual([7]);
  });
});
