// What is seen of a round: the sum of its members' updates, made as the protocol makes them, and the rows that it is
// made of, which only the measurement knows.
import { Compressor, localEpsilon, topK } from '../../node/compress/index.ts';
import { concat, type Dataset, type Network, type Random, seeded, take } from '../../node/learn/index.ts';
import { chunkShapes } from '../../node/protocol/index.ts';
import type { Seen } from './invert.ts';
import type { AttackedWorld } from './worlds.ts';

/** How a member trains between two rounds. */
export const locals = {
  'one row': { steps: 1, batch: 1 },
  'one step': { steps: 1, batch: 32 },
  'a round': { steps: 40, batch: 32 },
} as const;
/** One of them. */
export type LocalName = keyof typeof locals;

/** How updates are sent; without a density, as numbers of 32 bits, neither compressed nor rounded. */
export interface Sending {
  readonly density: 1 | 0.05 | 0.01 | undefined;
  readonly noise: boolean;
}

/** All ways in which updates are sent here. */
export const sendings: readonly Sending[] = [
  { density: undefined, noise: false },
  ...[false, true].flatMap((noise) => ([1, 0.05, 0.01] as const).map((density) => ({ density, noise }))),
];

/** The noise, where there is some. */
export const privacy = { clip: 1, sigma: 10, delta: 1e-5 } as const;
/** What it promises of one update, and of the eight rounds of the demonstration. */
export const epsilons = { one: localEpsilon(privacy, 1).epsilon, eight: localEpsilon(privacy, 8).epsilon };

/** Members' changes in the first round of a task, and their rows that took part. */
export interface Round {
  readonly changes: readonly Float32Array[];
  readonly truth: Dataset;
  readonly rate: number;
  readonly steps: number;
}

/** Trains `members` of the world's trainers from the model, once. */
export function playRound(
  { task, trainers }: AttackedWorld,
  { network, model }: { readonly network: Network; readonly model: Float32Array },
  { local, members, seed }: { readonly local: LocalName; readonly members: number; readonly seed: number },
): Round {
  const { rate } = task.training;
  const { steps, batch } = locals[local];
  const played = trainers.slice(0, members).map((data, i) => {
    const used = new Set<number>();
    const random = noting(seeded(`${seed}/${i}`, 'batches', 0), used);
    const change = network.train(model, data, { steps, batch, rate, random });
    return { change, rows: take(data, [...used]) };
  });
  return {
    changes: played.map(({ change }) => change),
    truth: concat(played.map(({ rows }) => rows)),
    rate,
    steps,
  };
}

/**
 * What the opened sum of the members' updates tells. The support is the first member's largest coordinates, as a
 * leader proposes it, and with noise that of the `probe` of known rows, as such a task demands.
 */
export function seenOf(
  { task }: AttackedWorld,
  { changes, rate, steps }: Round,
  {
    sending: { density, noise },
    probe,
    seed,
  }: {
    readonly sending: Sending;
    readonly probe: Float32Array;
    readonly seed: number;
  },
): Seen {
  const size = probe.length;
  const all = Uint32Array.from({ length: size }, (_, i) => i);
  const gradient = new Float64Array(size);
  const add = (index: number, value: number) => {
    gradient[index]! -= value / (changes.length * rate * steps);
  };
  if (density === undefined) {
    for (const change of changes) for (const i of all) add(i, change[i]!);
    return { gradient, known: all };
  }
  const support =
    density === 1 ? all : topK(noise ? probe : changes[0]!, Math.max(1, Math.floor(density * size))).sort();
  const { coordinatesPerChunk } = chunkShapes[task.preset];
  const { targetRms } = task.aggregation;
  // What the rule of scales steers to: the root mean square of what is sent.
  const square = changes.reduce((sum, change) => sum + support.reduce((s, i) => s + change[i]! ** 2, 0), 0);
  const signal = Math.sqrt(square / (changes.length * support.length));
  const spread = noise ? Math.hypot(signal, privacy.sigma * privacy.clip) : signal;
  const scale = BigInt(Math.max(1, Math.round((spread / targetRms) * 2 ** 48)));
  const step = Number(scale) / 2 ** 48;
  for (const [i, change] of changes.entries()) {
    const compressor = new Compressor(size);
    compressor.accumulate(change, 0);
    const chunks = compressor.compress({
      support,
      scale,
      coordinatesPerChunk,
      chunks: Math.ceil(support.length / coordinatesPerChunk),
      normBound: coordinatesPerChunk * (2 * targetRms) ** 2,
      random: seeded(`${seed}/${i}`, 'rounding', 0),
      privacy: noise ? privacy : undefined,
    });
    support.forEach((index, at) => {
      add(index, chunks[Math.floor(at / coordinatesPerChunk)]![at % coordinatesPerChunk]! * step);
    });
  }
  return { gradient, known: support };
}

/** Random numbers that note which rows they choose. */
const noting = (random: Random, used: Set<number>): Random => ({
  ...random,
  below(bound) {
    const row = random.below(bound);
    used.add(row);
    return row;
  },
});
