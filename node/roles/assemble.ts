// Puts roles together from their parts: what a federation in one process and the roles as processes have in common.
import { createHe, type He } from '@murmuration/he';
import { createBackend, createProver, type KeySet, type Prover } from '@murmuration/prover';
import type { Network, OwnData, TaskDescription } from '../learn/index.ts';
import type { ContentStore } from '../store/index.ts';
import type { Startable } from './runtime/loop.ts';
import { entropyOf, type Member, seedOf } from './runtime/member.ts';
import type { Observer } from './runtime/observer.ts';
import { proverService, type ServiceSettings, trainerService, validatorService } from './services.ts';
import type { TrainerParts } from './trainer.ts';

/** Encryption and proofs of one preset. */
export interface Tools {
  readonly he: He;
  readonly prover: Prover;
  /** Ends the prover backend. */
  stop(): Promise<void>;
}

/** Starts the tools of a preset. */
export async function createTools(keys: KeySet): Promise<Tools> {
  const he = await createHe(keys.preset);
  const backend = createBackend({ name: 'snarkjs' });
  await backend.start();
  return { he, prover: createProver(keys, backend), stop: () => backend.stop() };
}

/** What all roles of a process share. */
export interface Workplace {
  readonly tools: Tools;
  readonly store: ContentStore;
  readonly observe: Observer;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  /** Whether roles go on after the task until their stake is free. */
  readonly untilReleased: boolean;
  readonly onOver?: () => void;
}

/** What a task learns. */
export interface Learning {
  readonly description: TaskDescription;
  readonly network: Network;
}

/** Seconds after a deadline that a member leaves it to the prover to push the task on. */
const memberPatience = 5;

/** A trainer of a task, on its own data. The seed of its batches and rounding comes from its account unless it is given. */
export function assembleTrainer(
  workplace: Workplace,
  member: Member,
  task: bigint,
  learning: Learning,
  own: { data: OwnData; listen: readonly string[]; seed?: string; behaviour?: TrainerParts['behaviour'] },
): Promise<Startable> {
  const { data, listen, behaviour, seed = seedOf(member, 'learning', task) } = own;
  const parts = { ...contextOf(workplace, member, task), ...learning, data, seed };
  return trainerService(
    { ...parts, ...(behaviour && { behaviour }) },
    settingsOf(workplace, member, task),
    listen,
  );
}

/** A validator of a task, with its hold-out data. The seed of its proposals comes from its account unless it is given. */
export function assembleValidator(
  workplace: Workplace,
  member: Member,
  task: bigint,
  learning: Learning,
  own: { holdout: OwnData; seed?: string },
): Promise<Startable> {
  const { holdout, seed = seedOf(member, 'learning', task) } = own;
  const parts = { ...contextOf(workplace, member, task), ...learning, holdout, seed };
  return validatorService(parts, settingsOf(workplace, member, task));
}

/** A prover of a task. */
export function assembleProver(
  workplace: Workplace,
  member: Member,
  task: bigint,
  { description }: Learning,
): Startable {
  const { interval, untilReleased, onOver } = workplace;
  const settings = { actions: member.actions, interval, patience: 0, untilReleased };
  return proverService(
    contextOf(workplace, member, task),
    { ...settings, ...(onOver && { onOver }) },
    description.compression.chunks,
  );
}

const contextOf = ({ tools, store, observe }: Workplace, member: Member, task: bigint) => ({
  name: member.name,
  chain: member.chain(task),
  memory: member.memory(task),
  he: tools.he,
  prover: tools.prover,
  store,
  observe,
});

const settingsOf = (workplace: Workplace, member: Member, task: bigint): ServiceSettings => ({
  actions: member.actions,
  box: member.box,
  signer: member.signer,
  secret: entropyOf(member, task).secret,
  interval: workplace.interval,
  patience: memberPatience,
  untilReleased: workplace.untilReleased,
  ...(workplace.onOver && { onOver: workplace.onOver }),
});
