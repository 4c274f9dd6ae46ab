// Which training produced the score that a pool lends by: found from the pool's address and the chain alone.
import { credentialsAbi, outcomes, roundsAbi } from '@murmuration/contracts';
import type { Address, Hex, PublicClient } from 'viem';
import { NodeError } from '../errors.ts';
import { type AcceptedModel, readAcceptedModels } from './models.ts';
import { readPool } from './pool.ts';

/** What one round made of the model before it. */
export interface RoundLineage {
  /** From 1. */
  readonly round: number;
  /** `accepted`, `rejected` or `void`. */
  readonly outcome: string;
  /** Digest of the model after the round. */
  readonly model: Hex;
}

/** All that leads from a pool to the rows' owners. */
export interface PoolLineage extends AcceptedModel {
  readonly pool: Address;
  /** Contracts, each of which the one before it names. */
  readonly credentials: Address;
  readonly models: Address;
  /** Number of the set of issuers whose signatures count. */
  readonly set: bigint;
  readonly steps: readonly RoundLineage[];
}

/**
 * @param claimant the task that is meant, where several tasks' validators say that they trained the model.
 * @throws NodeError `chain` where there is no pool; `input` where its model is accepted by nobody, or not by this task, or
 * by several.
 */
export async function readLineage(
  client: PublicClient,
  pool: Address,
  claimant?: bigint,
): Promise<PoolLineage> {
  const { policy } = await readPool(client, pool);
  const { credentials, model: digest, set } = policy;
  const models = await client.readContract({
    address: credentials,
    abi: credentialsAbi,
    functionName: 'models',
  });
  const claims = await readAcceptedModels(client, { models }, digest);
  const tasks = claims.map(({ task }) => task).join(', ');
  if (claims.length === 0)
    throw new NodeError('input', `pool ${pool} lends by a model that nobody has accepted yet`, {
      mend: 'It lends at 150 % to everybody until `murmur credit publish` puts the model on chain.',
    });
  if (claimant === undefined && claims.length > 1)
    throw new NodeError(
      'input',
      `the validators of tasks ${tasks} each say that their task trained the model`,
      {
        mend: 'Name one with --task. Whose it is shows when it is computed again from the final model.',
      },
    );
  const accepted = claimant === undefined ? claims[0] : claims.find(({ task }) => task === claimant);
  if (!accepted)
    throw new NodeError('input', `the validators of task ${claimant} have not accepted the model`, {
      mend: `Those of task ${tasks} have.`,
    });
  const { rounds, task, concluded } = accepted;
  const steps: RoundLineage[] = [];
  for (let round = 1; round <= concluded; round++) {
    const args = [task, BigInt(round)] as const;
    const read = { address: rounds, abi: roundsAbi, functionName: 'lineageOf', args } as const;
    const { outcome, model } = await client.readContract(read);
    steps.push({ round, outcome: outcomes[outcome]!, model });
  }
  return { ...accepted, pool, credentials, models, set, steps };
}
