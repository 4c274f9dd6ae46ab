// What an owner does with the accounts that act for it: takes them on by their consent, bonds them, says which tasks may
// have their stake, and gets stake and earnings out.
import { type Deployment, stakeVaultAbi } from '@murmuration/contracts';
import {
  type Address,
  decodeFunctionData,
  encodeFunctionData,
  erc20Abi,
  getAbiItem,
  type Hex,
  type PublicClient,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import { consentData, type Signer } from '../protocol/index.ts';
import { readLogs } from './read_logs.ts';
import type { Sender } from './sender.ts';

/** Of who owns an account, that another shall own it: good once, for that one alone, until a moment of the chain. */
export interface Consent {
  readonly account: Address;
  /** The one that shall own it, and brings this. */
  readonly owner: Address;
  /** Seconds, chain time. */
  readonly deadline: bigint;
  readonly signature: Hex;
}

/** One call of the vault by an owner; several go in one transaction. */
export interface Deed {
  /** Call data of `StakeVault`. */
  readonly data: Hex;
  /** Tokens that it takes from the owner, who approves them before. */
  readonly takes: bigint;
}

/** Stake of an account, in the token's smallest unit. */
interface OfStake {
  readonly account: Address;
  readonly amount: bigint;
}

const deed = (call: Parameters<typeof encodeFunctionData<typeof stakeVaultAbi>>[0], takes = 0n): Deed => ({
  data: encodeFunctionData(call),
  takes,
});
const abi = stakeVaultAbi;

/** Every deed of an owner. */
export const ownerDeeds = {
  adopt: ({ account, deadline, signature }: Consent): Deed =>
    deed({ abi, functionName: 'adopt', args: [account, deadline, signature] }),
  bond: ({ account, amount }: OfStake): Deed =>
    deed({ abi, functionName: 'bond', args: [account, amount] }, amount),
  /** Lets the account pledge up to the amount to a task. */
  mandate: ({ account, amount, task }: OfStake & { readonly task: bigint }): Deed =>
    deed({ abi, functionName: 'mandate', args: [task, account, amount] }),
  queue: ({ account, amount }: OfStake): Deed =>
    deed({ abi, functionName: 'queue', args: [account, amount] }),
  withdraw: (account: Address): Deed => deed({ abi, functionName: 'withdraw', args: [account] }),
  claim: (account: Address): Deed => deed({ abi, functionName: 'claim', args: [account] }),
} as const;

/** A transaction of an owner, for whatever signs it. */
export interface OwnerCall {
  readonly to: Address;
  readonly data: Hex;
  /** Name of the function. */
  readonly call: string;
}

/** The transactions that do the deeds: an approval where stake is bonded, then one, all or nothing. */
export function ownerCalls(
  deployment: Pick<Deployment, 'vault' | 'token'>,
  deeds: readonly Deed[],
): OwnerCall[] {
  const { vault, token } = deployment;
  const approval = approvalOf(vault, deeds);
  const { data } = deeds.length === 1 ? deeds[0]! : deed(together(deeds));
  return [
    ...(approval ? [{ to: token, data: encodeFunctionData(approval), call: approval.functionName }] : []),
    { to: vault, data, call: decodeFunctionData({ abi, data }).functionName },
  ];
}

/** Sends them as the account of the sender. @throws Reverted where the vault refuses. */
export async function sendDeeds(
  { sender, deployment }: { readonly sender: Sender; readonly deployment: Deployment },
  deeds: readonly Deed[],
): Promise<TransactionReceipt> {
  const approval = approvalOf(deployment.vault, deeds);
  if (approval) await sender.send({ address: deployment.token, ...approval });
  return sender.send({ address: deployment.vault, ...together(deeds) });
}

/** What the vault must be approved for before the deeds; undefined where they take nothing. */
function approvalOf(vault: Address, deeds: readonly Deed[]) {
  const takes = deeds.reduce((sum, each) => sum + each.takes, 0n);
  if (takes === 0n) return undefined;
  return { abi: erc20Abi, functionName: 'approve', args: [vault, takes] } as const;
}

const together = (deeds: readonly Deed[]) =>
  ({ abi, functionName: 'multicall', args: [deeds.map(({ data }) => data)] }) as const;

/** Who owns an account: itself, unless it consented to another. */
export function readOwner(
  client: PublicClient,
  { vault }: Pick<Deployment, 'vault'>,
  account: Address,
): Promise<Address> {
  return client.readContract({ address: vault, abi, functionName: 'ownerOf', args: [account] });
}

/** The accounts that an owner has now, itself left out, in the order in which it took them on. */
export async function readOperators(
  client: PublicClient,
  deployment: Pick<Deployment, 'vault' | 'fromBlock'>,
  owner: Address,
): Promise<Address[]> {
  const { vault, fromBlock } = deployment;
  const asked = {
    address: vault,
    event: getAbiItem({ abi, name: 'OwnerChanged' }),
    args: { owner },
  } as const;
  const { logs } = await readLogs(client, BigInt(fromBlock), async (blocks) => {
    const read = await client.getLogs({ ...asked, ...blocks });
    return read;
  });
  const changes = parseEventLogs({ abi, eventName: 'OwnerChanged', logs });
  const accounts = [...new Set(changes.map(({ args }) => args.account))].filter((each) => each !== owner);
  const owners = await Promise.all(accounts.map((each) => readOwner(client, deployment, each)));
  return accounts.filter((_, at) => owners[at] === owner);
}

/**
 * Signs that another shall own an account.
 * @param signer who owns it now: the account itself, the first time.
 * @param valid seconds from the latest block.
 */
export async function signConsent(
  { client, deployment, signer }: { client: PublicClient; deployment: Deployment; signer: Signer },
  { account, owner, valid }: { readonly account: Address; readonly owner: Address; readonly valid: bigint },
): Promise<Consent> {
  const { vault, chainId } = deployment;
  const [nonce, { timestamp }] = await Promise.all([
    client.readContract({ address: vault, abi, functionName: 'nonceOf', args: [account] }),
    client.getBlock(),
  ]);
  const deadline = timestamp + valid;
  const message = { account, owner, nonce, deadline };
  const signature = await signer.signTypedData(consentData({ chainId, contract: vault }, message));
  return { account, owner, deadline, signature };
}
