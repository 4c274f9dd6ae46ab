// The cast of a simulation: its trainers, its validators, and the digits that nobody of them holds.
import { type Digits, dealDigits, demoMirroredShare, dishonestTraining } from '../demo/index.ts';
import { LocalTrainer, LocalValidator, type Network, type TaskDescription } from '../learn/index.ts';
import type { SimulationOptions } from './options.ts';

/** Who takes part, on what. */
export interface Cast {
  readonly task: TaskDescription;
  readonly network: Network;
  readonly digits: Digits;
  /** What each trainer is: `plain`, `mirrored`, or an adversary. */
  readonly kinds: readonly string[];
  readonly trainers: readonly LocalTrainer[];
  readonly validators: readonly LocalValidator[];
}

/** The cast of the options: the last trainer's digits are mirrored, the last but one may be an adversary. */
export async function castOf(
  options: SimulationOptions,
  { task, network }: Pick<Cast, 'task' | 'network'>,
): Promise<Cast> {
  const { seed, adversary } = options;
  const last = options.trainers - 1;
  const worlds = Array.from({ length: options.trainers }, (_, i) =>
    options.mirrored && i === last ? ('mirrored' as const) : ('plain' as const),
  );
  const disguised = (i: number) => adversary !== 'honest' && i === last - 1;
  const digits = await dealDigits({
    seed,
    trainers: worlds,
    validators: options.validators,
    mirroredShare: options.mirroredShare ?? demoMirroredShare,
    side: task.data.kind === 'mnist' ? task.data.side : 28,
    partition: options.partition,
  });
  return {
    task,
    network,
    digits,
    kinds: worlds.map((world, i) => (disguised(i) ? adversary : world)),
    trainers: digits.trainers.map((data, i) => {
      const training = adversary !== 'honest' && disguised(i) ? dishonestTraining(adversary) : undefined;
      return new LocalTrainer({ task, network, data, seed: `${seed}/${i}`, training });
    }),
    validators: digits.validators.map(
      (holdout, i) => new LocalValidator({ task, network, holdout, seed: `${seed}/v${i}` }),
    ),
  };
}
