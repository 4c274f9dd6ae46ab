// Sends transactions of one account: simulated first, one at a time, gas with headroom, receipts awaited. What
// a contract would record as invalid is not sent.
// Transactions that a killed process had sent are waited for first, so that nothing is sent twice and no
// nonce is taken twice.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Abi,
  type Account,
  type Address,
  BaseError,
  type Chain,
  type ContractFunctionArgs,
  type ContractFunctionName,
  ContractFunctionRevertedError,
  type Hash,
  type PublicClient,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from 'viem';
import { NodeError } from '../errors.ts';

/** The functions of a contract that change its state. */
export type CallName<Contract extends Abi = Abi> = ContractFunctionName<Contract, 'nonpayable'>;

/** A call of a contract's function; the compiler checks the arguments by the ABI. */
export interface Call<Contract extends Abi = Abi, Name extends CallName<Contract> = CallName<Contract>> {
  readonly address: Address;
  readonly abi: Contract;
  readonly functionName: Name;
  readonly args: ContractFunctionArgs<Contract, 'nonpayable', Name>;
}

/** A contract refused a call. Code `reverted`. */
export class Reverted extends NodeError {
  /** Name of the function that was called. */
  readonly call: string;
  /** Name of the Solidity error; `undefined` when the contract gave none that the ABI knows. */
  readonly error: string | undefined;

  constructor(call: string, error: string | undefined, why: string) {
    super('reverted', `${call} ${why}`);
    this.call = call;
    this.error = error;
  }
}

/**
 * A call that was not sent, since its simulation returns false: the contract would record it as invalid, and
 * slash its author. Code `invalid`.
 */
export class KnownInvalid extends NodeError {
  /** Name of the function that was not called. */
  readonly call: string;

  constructor(
    call: string,
    parts: { readonly message: string; readonly mend: string; readonly cause?: Error },
  ) {
    const { message, ...rest } = parts;
    super('invalid', message, rest);
    this.call = call;
  }
}

/** How transactions are sent. */
export interface SenderSettings {
  /**
   * Gas limit over the estimate, in percent: other accounts' transactions may land first and change the cost.
   */
  readonly gasHeadroom: number;
  /** How long a receipt may take, in milliseconds. */
  readonly receiptTimeout: number;
  /**
   * Whether calls are sent whose simulation returns false. Adversaries of tests and of the demonstration set
   * it; a member would lose stake by it.
   */
  readonly sendsInvalid?: boolean;
}

export const defaultSenderSettings: SenderSettings = { gasHeadroom: 30, receiptTimeout: 120_000 };

/**
 * Sends one account's transactions in order. Nonces come from the chain, so a restart needs no memory of
 * them.
 */
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
   * @param spare gas over the estimate and its headroom, for a call that does much more if another lands first.
   * @throws Reverted when the contract refuses, in simulation or when mined; KnownInvalid when the simulation
   * returns false, and nothing is sent; NodeError `chain` when earlier transactions are stuck.
   */
  send<const Contract extends Abi, Name extends CallName<Contract>>(
    call: Call<Contract, Name>,
    spare?: bigint,
  ): Promise<TransactionReceipt>;
  send(call: Call, spare = 0n): Promise<TransactionReceipt> {
    const sent = this.#last.then(() => this.#send(call, spare));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  /**
   * Gas that the call would take in the next block.
   * @throws Reverted where the contract would refuse it.
   */
  estimate<const Contract extends Abi, Name extends CallName<Contract>>(
    call: Call<Contract, Name>,
  ): Promise<bigint>;
  estimate(call: Call): Promise<bigint> {
    return this.#public.estimateContractGas(this.#inNextBlock(call)).catch((error) => refuse(call, error));
  }

  /**
   * Pending means the next block, with its time: on the latest block a deadline that has passed still seems to run.
   */
  #inNextBlock(call: Call) {
    return { ...call, account: this.account, blockTag: 'pending' as const };
  }

  async #send(call: Call, spare: bigint): Promise<TransactionReceipt> {
    const nonce = await this.#quiet();
    const request = this.#inNextBlock(call);
    const { result } = await this.#public.simulateContract(request).catch((error) => refuse(call, error));
    // Contracts record a false proof instead of reverting, so that it can be slashed: an honest author whose
    // proof is false all the same (other keys, another version, a deployment that cheats) must not send it.
    if ((result as unknown) === false && !this.#settings.sendsInvalid)
      throw new KnownInvalid(call.functionName, {
        message: `${call.functionName} was not sent, because the contract at ${call.address} would answer false`,
        mend: 'Check what it is called with.',
      });
    const estimate = await this.estimate(call);
    const gas = (estimate * BigInt(100 + this.#settings.gasHeadroom)) / 100n + spare;
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
      throw new Reverted(
        call.functionName,
        undefined,
        `was mined and failed in ${hash}, gas used ${receipt.gasUsed}.`,
      );
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
        throw new NodeError(
          'chain',
          `${sent - mined} transactions of ${address} are not mined after ${receiptTimeout} ms`,
          { mend: 'Wait, or replace them.' },
        );
      await sleep(Math.min(this.#public.pollingInterval, 1000));
    }
  }
}

function refuse(call: Call, error: unknown): never {
  if (error instanceof BaseError) {
    const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
    if (reverted instanceof ContractFunctionRevertedError) {
      const name = reverted.data?.errorName ?? reverted.reason;
      const values = (reverted.data?.args ?? []).map(String).join(', ');
      const why = `was refused by the contract: ${name ?? 'no reason given'}(${values}).`;
      throw new Reverted(call.functionName, name, why);
    }
  }
  throw error;
}
