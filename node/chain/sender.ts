// Sends transactions of one account: simulated first, one at a time, gas with headroom, receipts awaited. What
// a contract would record as invalid is not sent.
// Transactions that a killed process had sent are waited for first, so that nothing is sent twice and no
// nonce is taken twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import {
  type Abi,
  type Account,
  concat,
  encodeFunctionData,
  type PublicClient,
  size,
  type TransactionReceipt,
} from 'viem';
import { NodeError } from '../errors.ts';
import { type Call, type CallName, KnownInvalid, Reverted, refuse } from './call.ts';
import { deliver, NonceTaken } from './delivery.ts';
import { type Fees, feesNow } from './fees.ts';
import type { GasKnown } from './gas_known.ts';
import type { Heads } from './heads.ts';
import { atNext } from './next_block.ts';
import type { Outgoing, OutgoingCall } from './outgoing.ts';

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

/** Times that a call is sent whose nonce another process takes. */
const mostAttempts = 3;

/** What accounts of one process send with, each in its own name. */
export interface SendingContext {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly heads: Heads;
  readonly gas: GasKnown;
  /** Hears of what is about to leave; nobody unless given. */
  readonly outgoing?: Outgoing | undefined;
}

/** Gas that a transaction may ask for, at most (EIP-7825): nodes refuse more, whatever it would use. */
const mostGas = 2n ** 24n;

/** Gas of a byte behind the call data, at most (EIP-7623). */
const gasOfByte = 40n;

/**
 * Sends one account's transactions in order. Nonces come from the chain, so a restart needs no memory of
 * them.
 */
export class Sender {
  readonly account: Account;
  readonly #context: SendingContext;
  readonly #settings: SenderSettings;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: SendingContext, account: Account, settings: SenderSettings = defaultSenderSettings) {
    this.account = account;
    this.#context = context;
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
    // Whatever became of it, who asks next sees it.
    const sent = this.#last.then(() => this.#send(call, spare)).finally(() => this.#context.heads.outdate());
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
    return this.#shows(call).then(() => this.#estimate(call));
  }

  #estimate(call: Call): Promise<bigint> {
    const { client } = this.#context;
    const account = this.account;
    return atNext((blockTag) => client.estimateContractGas({ ...call, account, blockTag })).catch((error) =>
      refuse(call, error),
    );
  }

  async #shows(call: Call): Promise<void> {
    await this.#context.outgoing?.shows(outgoingOf(call));
  }

  async #send(call: Call, spare: bigint): Promise<TransactionReceipt> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#sendOnce(call, spare);
      } catch (error) {
        // Another process has sent in this account's name: what it did, the next simulation sees.
        if (!(error instanceof NonceTaken) || attempt === mostAttempts) throw error;
      }
  }

  async #sendOnce(call: Call, spare: bigint): Promise<TransactionReceipt> {
    const { client, chainId, outgoing } = this.#context;
    const { functionName } = call;
    const { nonce, fees } = await this.#quiet();
    await this.#shows(call);
    const needed = await this.#simulate(call);
    const leaving = outgoingOf(call);
    const cleared = await outgoing?.sends({ ...leaving, nonce });
    const anchor = cleared?.anchor ?? '0x';
    const carried = needed + gasOfByte * BigInt(size(anchor));
    const gas = limitOf(carried, (carried * BigInt(100 + this.#settings.gasHeadroom)) / 100n + spare);
    const { receiptTimeout: patience } = this.#settings;
    const context = { client, chainId, account: this.account, patience };
    const data = concat([leaving.data, anchor]);
    const receipt = await deliver(context, { to: leaving.to, data, nonce, gas, fees }).catch(
      (error: unknown) => {
        cleared?.lost(reasonOf(error));
        throw error;
      },
    );
    cleared?.mined(receipt.transactionHash);
    if (receipt.status !== 'success') {
      // Ask again on the state that it met or left, for the reason.
      await client
        .simulateContract({ ...call, account: this.account, blockNumber: receipt.blockNumber })
        .catch((error) => refuse(call, error));
      throw new Reverted(
        functionName,
        undefined,
        `was mined and failed in ${receipt.transactionHash}, gas used ${receipt.gasUsed}.`,
      );
    }
    return receipt;
  }

  /**
   * Gas with which the call succeeds in the next block. What another such call took is tried first: one execution
   * instead of the several of an estimate.
   */
  async #simulate(call: Call): Promise<bigint> {
    const { gas } = this.#context;
    const known = gas.of(call);
    if (known !== undefined && (await this.#succeeds(call, known))) return known;
    if (answersOf(call)) {
      const result = await this.#resultOf(call).catch((error) => refuse(call, error));
      // Contracts record a false proof instead of reverting, so that it can be slashed: an honest author whose
      // proof is false all the same (other keys, another version, a deployment that cheats) must not send it.
      if (result === false && !this.#settings.sendsInvalid) {
        const message = `${call.functionName} was not sent, because the contract at ${call.address} would answer false`;
        this.#context.outgoing?.keptBack(outgoingOf(call), message);
        throw new KnownInvalid(call.functionName, { message, mend: 'Check what it is called with.' });
      }
    }
    const estimate = await this.#estimate(call);
    gas.learn(call, estimate);
    return estimate;
  }

  /** Whether so much gas is enough. Where it is not, refusal and false may come of that alone. */
  async #succeeds(call: Call, gas: bigint): Promise<boolean> {
    try {
      return (await this.#resultOf(call, gas)) !== false;
    } catch {
      return false;
    }
  }

  async #resultOf(call: Call, gas?: bigint): Promise<unknown> {
    const { client } = this.#context;
    const request = { ...call, account: this.account, ...(gas !== undefined && { gas }) };
    const { result } = await atNext((blockTag) => client.simulateContract({ ...request, blockTag }));
    return result;
  }

  /**
   * Waits until nothing of this account is on its way; resolves to its next nonce, and to the fees of that moment: one
   * exchange asks for both.
   */
  async #quiet(): Promise<{ readonly nonce: number; readonly fees: Fees }> {
    const { client, heads } = this.#context;
    const { address } = this.account;
    const { receiptTimeout } = this.#settings;
    const until = performance.now() + receiptTimeout;
    for (;;) {
      const [mined, sent, fees] = await Promise.all([
        client.getTransactionCount({ address, blockTag: 'latest' }),
        atNext((blockTag) => client.getTransactionCount({ address, blockTag })),
        feesNow(client, heads),
      ]);
      if (mined >= sent) return { nonce: mined, fees };
      if (performance.now() > until)
        throw new NodeError(
          'chain',
          `${sent - mined} transactions of ${address} are not mined after ${receiptTimeout} ms`,
          { mend: 'Wait, or replace them.', prospect: 'passing' },
        );
      await sleep(Math.min(client.pollingInterval, 1000));
    }
  }
}

/** The headroom is cut to what a transaction may ask for, where what it needs is within that. */
const limitOf = (needed: bigint, wanted: bigint): bigint =>
  wanted > mostGas && needed <= mostGas ? mostGas : wanted;

/** A call by its bytes. */
const outgoingOf = ({ address: to, abi, functionName, args }: Call): OutgoingCall => ({
  to,
  call: functionName,
  data: encodeFunctionData({ abi, functionName, args }),
});

/** Whether the called function answers something. */
const answersOf = ({ abi, functionName }: Call): boolean =>
  abi.some((item) => item.type === 'function' && item.name === functionName && item.outputs.length > 0);
