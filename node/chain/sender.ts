// Sends transactions of one account: simulated first, one at a time, gas with headroom, receipts awaited. What a process that
// was killed had sent is waited for first, so that nothing is sent twice and no nonce is taken twice.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Abi,
  type Account,
  type Address,
  BaseError,
  type Chain,
  ContractFunctionRevertedError,
  type Hash,
  type PublicClient,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from 'viem';

/** A call of a contract's function. */
export interface Call {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
}

/** The contract refused the call: its named error and arguments. */
export class Reverted extends Error {
  override name = 'Reverted';
  readonly call: string;
  /** Name of the Solidity error, or `undefined` when the contract gave none that the ABI knows. */
  readonly error: string | undefined;

  constructor(call: string, error: string | undefined, args: readonly unknown[] = []) {
    super(
      `${call} was refused by the contract: ${error ?? 'no reason given'}(${args.map(String).join(', ')}).`,
    );
    this.call = call;
    this.error = error;
  }
}

export interface SenderSettings {
  /** Gas limit over the estimate, in percent: other accounts' transactions may land first and change the cost. */
  gasHeadroom: number;
  /** How long a receipt may take, in milliseconds. */
  receiptTimeout: number;
}

export const defaultSenderSettings: SenderSettings = { gasHeadroom: 30, receiptTimeout: 120_000 };

/** Sends one account's transactions in order; nonces come from the chain, so a restart needs no memory of them. */
export class Sender {
  readonly account: Account;
  readonly #public: PublicClient;
  readonly #wallet: WalletClient<Transport, Chain, Account>;
  readonly #settings: SenderSettings;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    publicClient: PublicClient,
    wallet: WalletClient<Transport, Chain, Account>,
    settings: SenderSettings = defaultSenderSettings,
  ) {
    this.account = wallet.account;
    this.#public = publicClient;
    this.#wallet = wallet;
    this.#settings = settings;
  }

  /**
   * Simulates the call, sends it and waits for its receipt.
   * @throws Reverted when the contract refuses, in simulation or when mined.
   */
  send(call: Call): Promise<TransactionReceipt> {
    const sent = this.#last.then(() => this.#send(call));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send(call: Call): Promise<TransactionReceipt> {
    const nonce = await this.#quiet();
    // Pending: as in the next block, with its time. Against the latest one a deadline that has passed still seems to run.
    const request = { ...call, account: this.account, blockTag: 'pending' as const };
    await this.#public.simulateContract(request).catch((error) => refuse(call, error));
    const estimate = await this.#public.estimateContractGas(request).catch((error) => refuse(call, error));
    const gas = (estimate * BigInt(100 + this.#settings.gasHeadroom)) / 100n;
    const hash: Hash = await this.#wallet.writeContract({
      ...call,
      gas,
      nonce,
      chain: this.#wallet.chain,
    });
    const receipt = await this.#public.waitForTransactionReceipt({
      hash,
      timeout: this.#settings.receiptTimeout,
    });
    if (receipt.status !== 'success') {
      // Ask again on the state that it met or left, for the reason.
      await this.#public
        .simulateContract({ ...call, account: this.account, blockNumber: receipt.blockNumber })
        .catch((error) => refuse(call, error));
      throw new Reverted(call.functionName, `mined but failed in ${hash}, gas used ${receipt.gasUsed}`);
    }
    return receipt;
  }

  /** Waits until nothing of this account is on its way; resolves to its next nonce. */
  async #quiet(): Promise<number> {
    const { address } = this.account;
    const { receiptTimeout } = this.#settings;
    const until = Date.now() + receiptTimeout;
    for (;;) {
      const [mined, sent] = await Promise.all([
        this.#public.getTransactionCount({ address, blockTag: 'latest' }),
        this.#public.getTransactionCount({ address, blockTag: 'pending' }),
      ]);
      if (mined >= sent) return mined;
      if (Date.now() > until)
        throw new Error(
          `chain: ${sent - mined} transactions of ${address} are not mined after ${receiptTimeout} ms; wait, or replace them`,
        );
      await sleep(Math.min(this.#public.pollingInterval, 1000));
    }
  }
}

function refuse(call: Call, error: unknown): never {
  if (error instanceof BaseError) {
    const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
    if (reverted instanceof ContractFunctionRevertedError) {
      throw new Reverted(call.functionName, reverted.data?.errorName ?? reverted.reason, reverted.data?.args);
    }
  }
  throw error;
}
