// Brings a transaction onto the chain: signed and sent, its receipt awaited, sent again with a raised fee while it is
// not mined.
import { setTimeout as sleep } from 'node:timers/promises';
import { walkCauses } from '@murmuration/core';
import {
  type Account,
  type Address,
  type Hash,
  type Hex,
  keccak256,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem';
import { NodeError } from '../errors.ts';
import { type Fees, raised } from './fees.ts';

/** What a transaction is delivered with. */
export interface DeliveryContext {
  readonly client: PublicClient;
  readonly chainId: number;
  readonly account: Account;
  /** Milliseconds until a transaction that is not mined is given up. */
  readonly patience: number;
}

/** A transaction, with the fees that it is first sent with. */
export interface Cargo {
  readonly to: Address;
  readonly data: Hex;
  readonly nonce: number;
  readonly gas: bigint;
  readonly fees: Fees;
}

/** Another transaction of the account has the nonce: another process sends in its name. Code `chain`; it passes. */
export class NonceTaken extends NodeError {
  constructor(account: Address, nonce: number) {
    super('chain', `another transaction of ${account} has nonce ${nonce}`, {
      mend: 'Let one process alone send for an account.',
      prospect: 'passing',
    });
  }
}

/** Times that a transaction is sent, each with a higher fee: its last is twice the first, at most. */
const mostSent = 4;

/** Looks for a receipt after the nonce is used up: a node may have the one before the other. */
const lastLooks = 5;

/**
 * Delivers a transaction.
 * @throws NonceTaken; NodeError `chain` when it is not mined in time, or the node refuses it.
 */
export async function deliver(context: DeliveryContext, cargo: Cargo): Promise<TransactionReceipt> {
  const { account, patience } = context;
  const began = performance.now();
  const hashes: Hash[] = [];
  let offered = cargo;
  for (let sent = 1; sent <= mostSent; sent++) {
    hashes.push(await send(context, offered, sent > 1));
    const receipt = await awaitReceipt(context, {
      hashes,
      nonce: cargo.nonce,
      until: began + (patience * sent) / mostSent,
    });
    if (receipt) return receipt;
    offered = { ...offered, fees: raised(offered.fees) };
  }
  throw new NodeError(
    'chain',
    `transaction ${hashes[0]} of ${account.address} is not mined after ${patience} ms`,
    {
      mend: 'Wait, or replace it.',
      prospect: 'passing',
    },
  );
}

/** Sends it. What a pool says of one that it has, or that is mined meanwhile, is no failure. */
async function send(
  { client, chainId, account }: DeliveryContext,
  { fees, ...transaction }: Cargo,
  again: boolean,
): Promise<Hash> {
  const { signTransaction, address } = account;
  if (!signTransaction) throw new NodeError('input', `account ${address} cannot sign here`);
  const serializedTransaction = await signTransaction({ ...transaction, chainId, ...fees });
  const hash = keccak256(serializedTransaction);
  try {
    await client.sendRawTransaction({ serializedTransaction });
  } catch (error) {
    const says = (words: RegExp) => walkCauses(error, ({ message }) => words.test(message)) !== undefined;
    if (says(/already known|known transaction|already imported|already exists/i)) return hash;
    const taken = says(
      /nonce too low|nonce is too low|nonce has already|invalid nonce|underpriced|OldNonce/i,
    );
    // The one that was sent before is in the way, or mined: its receipt tells.
    if (taken && again) return hash;
    if (taken) throw new NonceTaken(address, transaction.nonce);
    throw error;
  }
  return hash;
}

/** @returns undefined where none is mined by then. */
async function awaitReceipt(
  { client, account: { address } }: DeliveryContext,
  {
    hashes,
    nonce,
    until,
  }: { readonly hashes: readonly Hash[]; readonly nonce: number; readonly until: number },
): Promise<TransactionReceipt | undefined> {
  for (let without = 0; ; ) {
    for (const hash of hashes) {
      const receipt = await client.getTransactionReceipt({ hash }).catch((error: unknown) => {
        if (error instanceof TransactionReceiptNotFoundError) return undefined;
        throw error;
      });
      if (receipt) return receipt;
    }
    if (without > lastLooks) throw new NonceTaken(address, nonce);
    if (performance.now() > until) return undefined;
    await sleep(client.pollingInterval);
    if (without > 0 || (await client.getTransactionCount({ address, blockTag: 'latest' })) > nonce) without++;
  }
}
