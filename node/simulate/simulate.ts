// The federation with proofs, encryption and network off: the same learning, compression, rules and money, in
// one loop. It shows what the incentives do; it proves nothing, and whatever shows its results says that it
// is a simulation.
import { dealDigits, demoMirroredShare, demoTask, dishonestTraining } from '../demo/index.ts';
import {
  basisPoints,
  type Evaluation,
  evaluate,
  LocalTrainer,
  LocalValidator,
  Network,
  startBackend,
  type TaskDescription,
} from '../learn/index.ts';
import {
  afterRound,
  applySum,
  chunkShapes,
  digestOf,
  encodeModel,
  inRow,
  judge,
  mergeProposals,
  nextScale,
  type Standing,
  share,
} from '../protocol/index.ts';
import {
  defaultEconomy,
  type Economy,
  type SimulationInput,
  type SimulationOptions,
  simulationOptions,
} from './options.ts';
import { inner, sumOf } from './reference.ts';

/** One trainer in one round. */
export interface SimulatedTrainer extends Standing {
  /** Took part in the round: not ejected before it. */
  present: boolean;
  cosine: number;
  struck: boolean;
  slashed: bigint;
  /** Of this round. */
  reward: bigint;
}

/** One round. */
export interface SimulatedRound {
  /** From 1. */
  round: number;
  accepted: boolean;
  /** On digits that nobody trained or validated on. */
  plain: Evaluation;
  mirrored: Evaluation;
  /** Lower median of the cosines; below the signal floor nobody is struck. */
  median: number;
  coordinates: number;
  scale: bigint;
  milliseconds: number;
  trainers: SimulatedTrainer[];
}

export interface Simulation {
  options: SimulationOptions;
  task: TaskDescription;
  economy: Economy;
  /** What each trainer is: `plain`, `mirrored`, or an adversary. */
  kinds: string[];
  rounds: SimulatedRound[];
  model: Float32Array;
  digest: string;
}

/** Runs a simulation; `onRound` sees each round as it ends. */
export async function simulate(
  input: SimulationInput = {},
  onRound: (round: SimulatedRound, kinds: string[]) => void = () => {},
  economy: Economy = defaultEconomy,
): Promise<Simulation> {
  const options = simulationOptions.parse(input);
  const { preset, rounds, selector, density } = options;
  const task = demoTask({ preset, rounds, selector, ...(density === undefined ? {} : { density }) });
  await startBackend('wasm');
  const network = new Network(task.model);
  try {
    return await run(options, task, network, economy, onRound);
  } finally {
    network.dispose();
  }
}

async function run(
  options: SimulationOptions,
  task: TaskDescription,
  network: Network,
  economy: Economy,
  onRound: (round: SimulatedRound, kinds: string[]) => void,
): Promise<Simulation> {
  const { seed } = options;
  const last = options.trainers - 1;
  const worlds = Array.from({ length: options.trainers }, (_, i) =>
    options.mirrored && i === last ? ('mirrored' as const) : ('plain' as const),
  );
  const kinds: string[] = worlds.slice();
  const { adversary } = options;
  if (adversary !== 'honest') kinds[last - 1] = adversary;
  const digits = await dealDigits({
    seed,
    trainers: worlds,
    validators: options.validators,
    mirroredShare: options.mirroredShare ?? demoMirroredShare,
    side: task.data.kind === 'mnist' ? task.data.side : 28,
    partition: options.partition,
  });
  const trainers = digits.trainers.map(
    (data, i) =>
      new LocalTrainer({
        task,
        network,
        data,
        seed: `${seed}/${i}`,
        training: adversary !== 'honest' && i === last - 1 ? dishonestTraining(adversary) : undefined,
      }),
  );
  const validators = digits.validators.map(
    (holdout, i) => new LocalValidator({ task, network, holdout, seed: `${seed}/v${i}` }),
  );
  const standings: Standing[] = trainers.map(() => ({ stake: economy.stake, strikes: 0, ejected: false }));
  const rounds: SimulatedRound[] = [];
  let model = network.initial(seed);
  let scale = BigInt(task.aggregation.scale);
  let pool = 0n;
  for (let round = 0; round < options.rounds; round++) {
    const start = performance.now();
    const members = trainers.map((_, i) => i).filter((i) => !standings[i]!.ejected);
    if (members.length < 2) break;
    for (const i of members) trainers[i]!.train(model, round, members.length);
    const support = agree(
      task,
      network,
      members.map((i) => trainers[i]!),
      validators,
      model,
      round,
    );
    const updates = members.map((i) => trainers[i]!.compress(support, scale, round));
    const sum = sumOf(updates);
    const reference =
      options.reference === 'sum' ? sum : sumOf(validators.map((v) => v.probe(model, support)));
    const next = applySum(model, {
      support,
      sum: inRow(sum),
      weight: members.length,
      scale,
      eta: task.aggregation.eta,
    });
    const accepted = vote(validators, model, next) >= economy.minGain;
    const alignments = updates.map((u) => ({ score: inner(u, reference), norm: inner(u, u) }));
    const { median, judgements } = judge(alignments, inner(reference, reference), economy.score);
    const pot = accepted ? economy.roundReward + pool : 0n;
    const rewards = accepted
      ? share(
          pot,
          judgements.map((j) => j.weight),
        )
      : judgements.map(() => 0n);
    if (accepted) pool = pot - rewards.reduce((a, b) => a + b, 0n) - economy.roundReward;
    if (pool < 0n) pool = 0n;
    const results = trainers.map((_, i): SimulatedTrainer => {
      const seat = members.indexOf(i);
      if (seat < 0)
        return { ...standings[i]!, present: false, cosine: 0, struck: false, slashed: 0n, reward: 0n };
      const judged = judgements[seat]!;
      const after = afterRound(standings[i]!, judged.strike, economy.strike);
      pool += after.slashed;
      standings[i] = { stake: after.stake, strikes: after.strikes, ejected: after.ejected };
      return {
        ...after,
        present: true,
        cosine: Number(judged.cosine) / 1e9,
        struck: judged.strike,
        reward: rewards[seat]!,
      };
    });
    const outcome = accepted ? 'applied' : 'rolled-back';
    for (const i of members) trainers[i]!.settle(outcome);
    for (const validator of validators) validator.settle();
    const shown: SimulatedRound = {
      round: round + 1,
      accepted,
      plain: evaluate(network, accepted ? next : model, digits.test),
      mirrored: evaluate(network, accepted ? next : model, digits.testMirrored),
      median: Number(median) / 1e9,
      coordinates: support.length,
      scale,
      milliseconds: performance.now() - start,
      trainers: results,
    };
    scale = nextScale(scale, {
      accepted,
      norms: alignments.map((a) => a.norm),
      coordinates: task.compression.chunks * chunkShapes[task.preset].coordinatesPerChunk,
      targetRms: task.aggregation.targetRms,
    });
    if (accepted) model = next;
    rounds.push(shown);
    onRound(shown, kinds);
  }
  return {
    options,
    task,
    economy,
    kinds,
    rounds,
    model,
    digest: digestOf(encodeModel(model)).slice(2),
  };
}

/** The round's support, by the task's selector. */
function agree(
  task: TaskDescription,
  network: Network,
  trainers: readonly LocalTrainer[],
  validators: readonly LocalValidator[],
  model: Float32Array,
  round: number,
): Uint32Array {
  const proposals =
    task.compression.selector === 'leader'
      ? [trainers[round % trainers.length]!.propose(round)]
      : validators.map((validator) => validator.propose(model, round));
  const count = Math.max(...proposals.map((proposal) => proposal.length));
  return mergeProposals(proposals, count, network.size);
}

/** The validators' median gain in accuracy, in basis points; of an even number the lower middle one. */
function vote(validators: readonly LocalValidator[], model: Float32Array, next: Float32Array): number {
  const gains = validators
    .map((v) => basisPoints(v.evaluate(next).accuracy) - basisPoints(v.evaluate(model).accuracy))
    .sort((a, b) => a - b);
  return gains[(gains.length - 1) >> 1]!;
}
