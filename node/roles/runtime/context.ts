// What every role is given: its chain, its store, its encryption and proving tools, and a place to remember
// things.

import type { He } from '@murmuration/he';
import type { Prover } from '@murmuration/prover';
import type { Address } from 'viem';
import type { RoundEntry, TaskChain } from '../../chain/index.ts';
import type { ModelHost, ModelLayout, TaskDescription } from '../../learn/index.ts';
import type { Binding, BindingSubject } from '../../protocol/index.ts';
import { type ContentStore, searchTime } from '../../store/index.ts';
import type { Observer, ProofKind } from './observer.ts';
import type { RoleStorage } from './storage.ts';
import type { Suspicion } from './suspicion.ts';

/** What every role works with. */
export interface RoleContext {
  /** For logs: `trainer 2`, say. */
  readonly name: string;
  readonly chain: TaskChain;
  readonly store: ContentStore;
  readonly storage: RoleStorage;
  readonly he: He;
  readonly prover: Prover;
  readonly observe: Observer;
  /** Hears of what may be another member's fault; it must not throw. A role that accuses nobody has none. */
  readonly suspect?: ((suspicion: Suspicion) => void) | undefined;
}

/** A role that takes part in learning. */
export interface LearnerContext extends RoleContext {
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
  /** Trains and evaluates. */
  readonly host: ModelHost;
}

/** What anyone needs to look at a round: the chain, the store, and what the task learns. */
export type OnlookerContext = Omit<LearnerContext, 'storage' | 'he' | 'prover' | 'host'>;

/** Tells the observer what the role is doing. */
export const step = (context: Pick<RoleContext, 'chain' | 'name' | 'observe'>, text: string): void =>
  context.observe({ type: 'step', account: context.chain.account, role: context.name, text });

/** A callback that reports each proof: its milliseconds, and what made it. */
export const proofTimer =
  (context: Pick<RoleContext, 'chain' | 'observe'>, round: number, statement: ProofKind) =>
  (milliseconds: number, engine: string): void => {
    const { account } = context.chain;
    context.observe({ type: 'proof', account, round, statement, milliseconds, engine });
  };

/**
 * When the round's phase ends, by this machine's clock: chain time need not be that. Proofs of the phase are of no use
 * afterwards.
 */
export async function endOfPhase(
  { chain }: Pick<RoleContext, 'chain'>,
  { deadline }: Pick<RoundEntry, 'deadline'>,
): Promise<Date> {
  const left = Number(deadline - (await chain.time()));
  return new Date(Date.now() + 1000 * left);
}

/**
 * How much of a phase has passed, in chain time: 0 when it begins, 1 at its deadline. By this machine's clock, one that
 * is minutes off would give up what still comes, or wait until its own duty is missed.
 * @param duration of the phase, in seconds.
 */
export async function passedOf(
  { chain }: Pick<RoleContext, 'chain'>,
  { deadline }: Pick<RoundEntry, 'deadline'>,
  duration: number,
): Promise<number> {
  return 1 - Number(deadline - (await chain.time())) / duration;
}

/**
 * What this role's proofs and ciphertexts of a round are bound to, and those of the statistics of an epoch.
 */
export const bindingOf = <Subject extends BindingSubject>(
  { chain }: Pick<RoleContext, 'chain'>,
  subject: Subject,
  round: number,
): Binding<Subject> => ({
  subject,
  chainId: chain.chainId,
  contract: chain.rounds,
  task: chain.task,
  round,
  sender: chain.account,
});

/**
 * How long one look waits for announced content, in milliseconds: longer than a store searches, so that a look which
 * runs out means a store that does not answer. It is asked again later; otherwise a member that announces content
 * which is nowhere would keep this role from its duties.
 */
const lookTime = searchTime + 2_000;

/** A signal that ends one look. */
export const oneLook = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(lookTime), ...(signal ? [signal] : [])]);

/**
 * Whether half of a phase is over. Who cannot do its part until then, for whatever reason, abstains where it may: not
 * to be there costs stake, and the reason may be another member's.
 * @param duration of the phase, in seconds.
 */
export const isLate = async (
  context: Pick<RoleContext, 'chain'>,
  phase: Pick<RoundEntry, 'deadline'>,
  duration: number,
): Promise<boolean> => (await passedOf(context, phase, duration)) >= 1 / 2;

/** Whether two addresses are one account. */
export const same = (a: Address, b: Address): boolean => a.toLowerCase() === b.toLowerCase();
