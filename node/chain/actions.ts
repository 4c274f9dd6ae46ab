// What an account does outside of rounds: fund, bond, post, join, leave, get its money out.

import { type Deployment, marketplaceAbi, stakeVaultAbi } from '@murmuration/contracts';
import {
  type Abi,
  type Address,
  erc20Abi,
  type Hex,
  type PublicClient,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import { readTerms } from './read_task.ts';
import type { Sender } from './sender.ts';

/** Seats of a task, as the contract numbers them. */
export const roleNumbers = { trainer: 1, validator: 2 } as const;

/** A task as `Marketplace.post` takes it; see contracts/src/interfaces/Types.sol for ranges and units. */
export interface NewTask {
  parameters: Record<string, unknown>;
  economics: Record<string, bigint>;
  rules: Record<string, number>;
  deadlines: Record<string, number>;
}

/** An account's money in the vault, in the token's smallest unit. */
export interface StakeView {
  bonded: bigint;
  /** Bonded and pledged to no task. */
  free: bigint;
  queued: bigint;
  /** When the queued stake may leave, in seconds. */
  withdrawableAt: bigint;
  /** Earned, and not yet paid out. */
  credit: bigint;
}

/** An account's seat in a task, or its application for one. */
export interface ApplicationView {
  role: keyof typeof roleNumbers | 'none';
  weight: number;
  /** Whether it lost its place before the start. */
  removed: boolean;
  /** Stake pledged to this task. */
  pledged: bigint;
}

export interface AccountActions {
  readonly account: Address;
  stake(): Promise<StakeView>;
  seat(task: bigint): Promise<ApplicationView>;
  /** Hash of what a task's planner posted. */
  terms(task: bigint): Promise<Hex>;
  /** Approves and bonds stake. */
  bond(amount: bigint): Promise<void>;
  /** Approves the escrow and posts a task; resolves to its number. */
  post(task: NewTask): Promise<bigint>;
  cancel(task: bigint): Promise<void>;
  join(
    task: bigint,
    role: keyof typeof roleNumbers,
    seat: { weight: number; stake: bigint; terms: Hex; proof: Hex[]; entropy: Hex },
  ): Promise<void>;
  /** Takes an application back, while members join. */
  withdrawApplication(task: bigint): Promise<void>;
  /** Frees the stake of an ended task. */
  release(task: bigint): Promise<void>;
  /** Pays out what is credited; does nothing when nothing is. */
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
  const [{ bonded, queued, withdrawableAt }, free, credit] = await Promise.all([
    client.readContract({ ...read, functionName: 'stakeOf' }),
    client.readContract({ ...read, functionName: 'freeOf' }),
    client.readContract({ ...read, functionName: 'creditOf' }),
  ]);
  return { bonded, free, queued, withdrawableAt, credit };
}

/** An account's seat in a task; anyone may look. */
export async function readSeat(
  client: PublicClient,
  deployment: Pick<Deployment, 'vault' | 'marketplace'>,
  task: bigint,
  account: Address,
): Promise<ApplicationView> {
  const [{ role, weight, removed }, pledged] = await Promise.all([
    client.readContract({
      address: deployment.marketplace,
      abi: marketplaceAbi,
      functionName: 'applicantOf',
      args: [task, account],
    }),
    client.readContract({
      address: deployment.vault,
      abi: stakeVaultAbi,
      functionName: 'pledgeOf',
      args: [task, account],
    }),
  ]);
  return { role: (['none', 'trainer', 'validator'] as const)[role]!, weight, removed, pledged };
}

/** What posting a task locks: rewards and fees of all its rounds. */
export async function escrowOf(
  client: PublicClient,
  deployment: Pick<Deployment, 'marketplace'>,
  { parameters, economics }: Pick<NewTask, 'parameters' | 'economics'>,
): Promise<bigint> {
  return (await client.readContract({
    address: deployment.marketplace,
    abi: marketplaceAbi as Abi,
    functionName: 'escrow',
    args: [parameters, economics],
  })) as bigint;
}

/** An account's actions at a deployment. */
export function createActions(
  client: PublicClient,
  sender: Sender,
  deployment: Deployment,
  onTransaction: (call: string, gas: bigint) => void = () => undefined,
): AccountActions {
  const account = sender.account.address;
  async function send(
    address: Address,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<TransactionReceipt> {
    const receipt = await sender.send({ address, abi, functionName, args });
    onTransaction(functionName, receipt.gasUsed);
    return receipt;
  }
  const vault = (functionName: string, args: readonly unknown[]) =>
    send(deployment.vault, stakeVaultAbi, functionName, args);
  const market = (functionName: string, args: readonly unknown[]) =>
    send(deployment.marketplace, marketplaceAbi, functionName, args);
  const approve = (amount: bigint) => send(deployment.token, erc20Abi, 'approve', [deployment.vault, amount]);

  return {
    account,
    stake: () => readStake(client, deployment, account),
    seat: (task) => readSeat(client, deployment, task, account),
    terms: (task) => readTerms(client, deployment, task),
    async bond(amount) {
      await approve(amount);
      await vault('bond', [amount]);
    },
    async post({ parameters, economics, rules, deadlines }) {
      await approve(await escrowOf(client, deployment, { parameters, economics }));
      const { logs } = await market('post', [parameters, economics, rules, deadlines]);
      const [posted] = parseEventLogs({ abi: marketplaceAbi, logs, eventName: 'TaskPosted' });
      if (!posted) throw new Error('post: the marketplace did not say which task it posted');
      return posted.args.task;
    },
    cancel: async (task) => void (await market('cancel', [task])),
    join: async (task, role, { weight, stake, terms, proof, entropy }) =>
      void (await market('join', [task, roleNumbers[role], weight, stake, terms, proof, entropy])),
    withdrawApplication: async (task) => void (await market('withdrawApplication', [task])),
    release: async (task) => void (await market('release', [task, account])),
    async claim() {
      const credit = await client.readContract({
        address: deployment.vault,
        abi: stakeVaultAbi,
        functionName: 'creditOf',
        args: [account],
      });
      if (credit > 0n) await vault('claim', []);
      return credit;
    },
    queue: async (amount) => void (await vault('queue', [amount])),
    withdraw: async () => void (await vault('withdraw', [])),
  };
}
