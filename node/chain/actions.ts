// What an account does outside of rounds: fund, bond, post, join, leave, get its money out.
import {
  type Deployment,
  marketplaceAbi,
  type NewTask,
  type Role,
  roles,
  stakeVaultAbi,
} from '@murmuration/contracts';
import {
  type Abi,
  type Address,
  erc20Abi,
  type Hex,
  type PublicClient,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import { NodeError } from '../errors.ts';
import type { Call, CallName } from './call.ts';
import { type Posting, readPosting } from './posting.ts';
import type { Sender } from './sender.ts';

/** A role that an account can apply for. */
export type SeatRole = Exclude<Role, 'none'>;

/** An account's money in the vault, in the token's smallest unit. */
export interface StakeView {
  readonly bonded: bigint;
  /** Bonded and pledged to no task. */
  readonly free: bigint;
  readonly queued: bigint;
  /** To tasks, in all: of what is bonded and queued together. */
  readonly pledged: bigint;
  /** When the queued stake may leave: seconds, chain time. */
  readonly withdrawableAt: bigint;
  /** Earned, and not yet paid out. */
  readonly credit: bigint;
  /** Who alone bonds it and gets it out: the account itself, unless it consented to another. */
  readonly owner: Address;
}

/** An account's seat in a task, or its application for one. */
export interface ApplicationView {
  readonly role: Role;
  /** Of its updates in the sum. */
  readonly weight: number;
  /** Whether it lost its place before the start. */
  readonly removed: boolean;
  /** Its commitment to its secret for the draw. */
  readonly entropy: Hex;
  /** Stake pledged to this task, in the token's smallest unit. */
  readonly pledged: bigint;
}

/** An application for a seat. */
export interface JoinRequest {
  readonly role: SeatRole;
  /** Of its updates in the sum: that of the allow-list, or 1. */
  readonly weight: number;
  /** Pledged, in the token's smallest unit. */
  readonly stake: bigint;
  /** Hash of the terms that the account joins: `AccountActions.terms`. */
  readonly terms: Hex;
  /** Merkle proof of its place on the allow-list; empty for an open task. */
  readonly proof: readonly Hex[];
  /** A `drawCommitment`. */
  readonly entropy: Hex;
}

/**
 * What an account can do. Each call resolves when it is mined, and rejects with `Reverted` when the contract
 * refuses it.
 */
export interface AccountActions {
  readonly account: Address;
  stake(): Promise<StakeView>;
  seat(task: bigint): Promise<ApplicationView>;
  /** A task's terms, and the block that posted it. @throws NodeError `task` where there is none. */
  posting(task: bigint): Promise<Posting>;
  /** How much stake the account may have pledged to a task: without another owner, any amount. */
  mandate(task: bigint): Promise<bigint>;
  /** Approves and bonds stake, as the account's own owner. */
  bond(amount: bigint): Promise<void>;
  /** Approves the escrow and posts a task; resolves to its number. */
  post(task: NewTask): Promise<bigint>;
  cancel(task: bigint): Promise<void>;
  join(task: bigint, request: JoinRequest): Promise<void>;
  /** Takes an application back, while members join. */
  withdrawApplication(task: bigint): Promise<void>;
  /** Frees the stake of an ended task. */
  release(task: bigint): Promise<void>;
  /**
   * Pays out what is credited, and does nothing when nothing is, or when another owns the account and alone may; resolves
   * to the amount.
   */
  claim(): Promise<bigint>;
  /** Puts free stake into the queue to leave. */
  queue(amount: bigint): Promise<void>;
  withdraw(): Promise<void>;
}

/** An account's money in the vault; anyone may look. */
export async function readStake(
  client: PublicClient,
  deployment: Pick<Deployment, 'vault'>,
  account: Address,
): Promise<StakeView> {
  const read = { address: deployment.vault, abi: stakeVaultAbi, args: [account] } as const;
  const [{ bonded, queued, pledged, withdrawableAt }, free, credit, owner] = await Promise.all([
    client.readContract({ ...read, functionName: 'stakeOf' }),
    client.readContract({ ...read, functionName: 'freeOf' }),
    client.readContract({ ...read, functionName: 'creditOf' }),
    client.readContract({ ...read, functionName: 'ownerOf' }),
  ]);
  return { bonded, free, queued, pledged, withdrawableAt, credit, owner };
}

/** How much stake an account may have pledged to a task; anyone may look. */
export function readMandate(
  client: PublicClient,
  { vault }: Pick<Deployment, 'vault'>,
  { task, account }: { readonly task: bigint; readonly account: Address },
): Promise<bigint> {
  return client.readContract({
    address: vault,
    abi: stakeVaultAbi,
    functionName: 'mandateOf',
    args: [task, account],
  });
}

/** An account's seat in a task; anyone may look. */
export async function readSeat(
  client: PublicClient,
  deployment: Pick<Deployment, 'vault' | 'marketplace'>,
  { task, account }: { readonly task: bigint; readonly account: Address },
): Promise<ApplicationView> {
  const args = [task, account] as const;
  const [{ role, weight, removed, entropy }, pledged] = await Promise.all([
    client.readContract({
      address: deployment.marketplace,
      abi: marketplaceAbi,
      functionName: 'applicantOf',
      args,
    }),
    client.readContract({ address: deployment.vault, abi: stakeVaultAbi, functionName: 'pledgeOf', args }),
  ]);
  return { role: roles[role]!, weight, removed, entropy, pledged };
}

/** What posting a task locks: rewards and fees of all its rounds, in the token's smallest unit. */
export function escrowOf(
  client: PublicClient,
  deployment: Pick<Deployment, 'marketplace'>,
  { parameters, economics }: Pick<NewTask, 'parameters' | 'economics'>,
): Promise<bigint> {
  return client.readContract({
    address: deployment.marketplace,
    abi: marketplaceAbi,
    functionName: 'escrow',
    args: [parameters, economics],
  });
}

/** Who acts, at which deployment. */
export interface ActionSettings {
  readonly client: PublicClient;
  readonly sender: Sender;
  readonly deployment: Deployment;
  /** Told of every transaction that was mined. */
  onTransaction?(call: string, gas: bigint): void;
}

/** An account's actions at a deployment. */
export function createActions(settings: ActionSettings): AccountActions {
  const { client, sender, deployment } = settings;
  const account = sender.account.address;
  const marketplace = { address: deployment.marketplace, abi: marketplaceAbi } as const;
  const vault = { address: deployment.vault, abi: stakeVaultAbi } as const;
  const token = { address: deployment.token, abi: erc20Abi } as const;

  async function send<const Contract extends Abi, Name extends CallName<Contract>>(
    call: Call<Contract, Name>,
  ): Promise<TransactionReceipt> {
    const receipt = await sender.send(call);
    settings.onTransaction?.(call.functionName, receipt.gasUsed);
    return receipt;
  }
  const approve = (amount: bigint) =>
    send({ ...token, functionName: 'approve', args: [deployment.vault, amount] });

  return {
    account,
    stake: () => readStake(client, deployment, account),
    seat: (task) => readSeat(client, deployment, { task, account }),
    posting: (task) => readPosting(client, deployment, task),
    mandate: (task) => readMandate(client, deployment, { task, account }),
    async bond(amount) {
      await approve(amount);
      await send({ ...vault, functionName: 'bond', args: [account, amount] });
    },
    async post({ parameters, economics, rules, deadlines }) {
      await approve(await escrowOf(client, deployment, { parameters, economics }));
      const args = [parameters, economics, rules, deadlines] as const;
      const { logs } = await send({ ...marketplace, functionName: 'post', args });
      const [posted] = parseEventLogs({ abi: marketplaceAbi, logs, eventName: 'TaskPosted' });
      if (!posted) throw new NodeError('chain', 'post: the marketplace did not say which task it posted');
      return posted.args.task;
    },
    async cancel(task) {
      await send({ ...marketplace, functionName: 'cancel', args: [task] });
    },
    async join(task, { role, weight, stake, terms, proof, entropy }) {
      const args = [task, roles.indexOf(role), weight, stake, terms, proof, entropy] as const;
      await send({ ...marketplace, functionName: 'join', args });
    },
    async withdrawApplication(task) {
      await send({ ...marketplace, functionName: 'withdrawApplication', args: [task] });
    },
    async release(task) {
      await send({ ...marketplace, functionName: 'release', args: [task, account] });
    },
    async claim() {
      const { credit, owner } = await readStake(client, deployment, account);
      if (credit === 0n || owner !== account) return 0n;
      await send({ ...vault, functionName: 'claim', args: [account] });
      return credit;
    },
    async queue(amount) {
      await send({ ...vault, functionName: 'queue', args: [account, amount] });
    },
    async withdraw() {
      await send({ ...vault, functionName: 'withdraw', args: [account] });
    },
  };
}
