// What proving sums brought: fees and slashes by task, and the gas that the proofs took.
import { type Deployment, roundsAbi } from '@murmuration/contracts';
import type { Address, Hash, PublicClient } from 'viem';
import type { Movement } from './movement.ts';

/** A prover's figures of one task. */
export interface TaskEarnings {
  readonly task: bigint;
  /** Sums that it was the first to prove. */
  readonly sums: number;
  /** For them, in the token's smallest unit. */
  readonly fees: bigint;
  /** Sums that failed, and what they cost of the stake. */
  readonly failed: number;
  readonly slashed: bigint;
  /** Of both, in wei: what their transactions paid the chain. */
  readonly gas: bigint;
}

/** The transactions in which an account proved a sum, or tried to, with what they were booked as. */
function proofsOf(movements: readonly Movement[]): (Movement & { readonly task: bigint })[] {
  return movements.filter(
    (each): each is Movement & { readonly task: bigint } =>
      each.task !== undefined && (each.kind === 'fee' || each.kind === 'slash'),
  );
}

/**
 * A prover's earnings by task.
 * @param movements of its ledger.
 * @param only a task, if not all.
 */
export async function readEarnings(
  {
    client,
    deployment,
    account,
  }: {
    readonly client: PublicClient;
    readonly deployment: Deployment;
    readonly account: Address;
  },
  movements: readonly Movement[],
  only?: bigint,
): Promise<TaskEarnings[]> {
  const tried = await readTries(client, deployment, account);
  const byTask = new Map<bigint, { -readonly [Field in keyof TaskEarnings]: TaskEarnings[Field] }>();
  const paidFor = new Set<Hash>();
  for (const { task, kind, amount, transaction } of proofsOf(movements)) {
    if (!tried.has(transaction) || (only !== undefined && task !== only)) continue;
    const row = byTask.get(task) ?? { task, sums: 0, fees: 0n, failed: 0, slashed: 0n, gas: 0n };
    byTask.set(task, row);
    if (kind === 'fee') [row.sums, row.fees] = [row.sums + 1, row.fees + amount];
    else [row.failed, row.slashed] = [row.failed + 1, row.slashed + amount];
    if (paidFor.has(transaction)) continue;
    paidFor.add(transaction);
    const { gasUsed, effectiveGasPrice } = await client.getTransactionReceipt({ hash: transaction });
    row.gas += gasUsed * effectiveGasPrice;
  }
  return [...byTask.values()].sort((a, b) => (a.task < b.task ? -1 : 1));
}

/** Transactions in which the account proved a sum, or one of its failed. */
async function readTries(client: PublicClient, deployment: Deployment, prover: Address): Promise<Set<Hash>> {
  const asked = {
    address: deployment.rounds,
    abi: roundsAbi,
    args: { prover },
    fromBlock: BigInt(deployment.fromBlock),
  } as const;
  const events = await Promise.all([
    client.getContractEvents({ ...asked, eventName: 'SumProven' }),
    client.getContractEvents({ ...asked, eventName: 'SumRejected' }),
  ]);
  return new Set(events.flat().map(({ transactionHash }) => transactionHash));
}
