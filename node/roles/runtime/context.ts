// What every role is given: its chain, its store, its encryption and proving tools, and a place to remember things.

import type { He } from '@murmuration/he';
import type { Prover } from '@murmuration/prover';
import type { Address } from 'viem';
import type { RoundEntry } from '../../chain/journal.ts';
import type { Stage, TaskChain } from '../../chain/task_chain.ts';
import type { Place } from '../../cryptography/index.ts';
import type { Network, TaskDescription } from '../../learn/index.ts';
import type { ContentStore } from '../../store/index.ts';
import type { Observer, Statement } from './observer.ts';

/** A role's memory: named byte strings, encrypted at rest, each written whole or not at all. */
export interface Memory {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface RoleContext {
  /** For logs: `trainer 2`, say. */
  readonly name: string;
  readonly chain: TaskChain;
  readonly store: ContentStore;
  readonly memory: Memory;
  readonly he: He;
  readonly prover: Prover;
  readonly observe: Observer;
}

/** A role that takes part in learning. */
export interface LearnerContext extends RoleContext {
  readonly description: TaskDescription;
  readonly network: Network;
}

/** Tells the observer what the role is doing. */
export const step = (context: Pick<RoleContext, 'chain' | 'name' | 'observe'>, text: string): void =>
  context.observe({ type: 'step', account: context.chain.account, role: context.name, text });

/** A callback that reports each proof's milliseconds. */
export const proofTimer =
  (context: RoleContext, round: number, statement: Statement) =>
  (milliseconds: number): void =>
    context.observe({ type: 'proof', account: context.chain.account, round, statement, milliseconds });

/** What this role's proofs and ciphertexts of a round are bound to, and those of the statistics of an epoch. */
export const bindingOf = <S extends Place['subject']>(
  { chain }: Pick<RoleContext, 'chain'>,
  subject: S,
  round: number,
): Place & { subject: S } => ({
  subject,
  chainId: chain.chainId,
  contract: chain.rounds,
  task: chain.task,
  round,
  sender: chain.account,
});

/**
 * How long one look waits for content that others have announced, in milliseconds: what a store that searches a network does not
 * find by then is looked for again, and nobody who announces what is nowhere keeps this role from its duties.
 */
const lookTime = 10_000;

/** A signal that ends one look. */
export const oneLook = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(lookTime), ...(signal ? [signal] : [])]);

/** What an error says. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether two addresses are one account. */
export const same = (a: Address, b: Address): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Whether the journal has come to where the chain is. Between reading the logs and reading the stage, or behind confirmations, the
 * last submission and the end of its phase may be missing; a sum without it must never be decrypted, since the difference to the
 * true one is a single update.
 * @throws where the logs that an RPC node gave lack a submission that the contract has counted.
 */
export function inStep(stage: Stage, entry: RoundEntry): boolean {
  if (stage.round !== entry.number || stage.phase !== entry.phase) return false;
  if (stage.phase === 'support' || stage.phase === 'submit') return true;
  const { update, probe } = entry.submitted;
  const weight = update.reduce((total, each) => total + each.weight, 0);
  if (weight !== stage.weight || probe.length !== stage.probes)
    throw new Error(
      `round ${entry.number}: the logs hold updates of weight ${weight} and ${probe.length} probes, the contract counted ` +
        `${stage.weight} and ${stage.probes}: the RPC node left logs out. Start again, which reads them anew, or use another node`,
    );
  return true;
}
