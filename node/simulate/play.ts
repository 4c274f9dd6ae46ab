// What the members of a round send, before anybody cheats and after.
import { quantiseProbe } from '../compress/index.ts';
import { seeded, supportShape } from '../learn/index.ts';
import { type ClueSources, chunkShapes, mergeProposals, probeNormBound } from '../protocol/index.ts';
import type { Direction, View } from './adversaries/index.ts';
import type { Adversary, Cast } from './cast.ts';
import { rowOf } from './sums.ts';

/** A round before its updates. */
export interface Start {
  readonly model: Float32Array;
  readonly scale: bigint;
  /** Trainers that are not ejected, nor away, and whose updates are not refused. */
  readonly members: readonly number[];
  /** From 0. */
  readonly round: number;
  readonly rounds: number;
}

/** The round's support, by the task's selector. */
export function agree({ world, network, trainers, validators }: Cast, start: Start): Uint32Array {
  const { members, model, round } = start;
  const proposals =
    world.task.compression.selector === 'leader'
      ? [trainers[members[round % members.length]!]!.propose(round)]
      : validators.map((validator) => validator.propose(model, round));
  return mergeProposals(proposals, supportShape(world.task, network, round));
}

/** What travels in a round, in rows of the support's length. */
export interface Sent {
  /** In the order of the members. */
  readonly updates: readonly Int8Array[];
  /** In the order of the validators. */
  readonly probes: readonly Int8Array[];
}

/** Updates and probes: the honest ones, and in their place what the adversaries send. */
export function send(cast: Cast, start: Start, sources: ClueSources): Sent {
  const { trainers, validators, adversaries } = cast;
  const { members, model, round, scale } = start;
  const { support } = sources;
  const n = support.length;
  const sent = {
    updates: members.map((i) => rowOf(trainers[i]!.compress(support, scale, round), n)),
    probes: validators.map((validator) => rowOf(validator.probe(model, support, round), n)),
  };
  for (const adversary of adversaries) cheat({ cast, start, sources }, adversary, sent);
  return sent;
}

/** Puts what an adversary sends in the place of its honest vectors. */
function cheat(
  { cast, start, sources }: { readonly cast: Cast; readonly start: Start; readonly sources: ClueSources },
  { strategy, seats, corrupt, random }: Adversary,
  { updates, probes }: { readonly updates: Int8Array[]; readonly probes: Int8Array[] },
): void {
  const { members } = start;
  const first = members.indexOf(seats.at(-1)!);
  const corruptProbes = corrupt.map((v) => probes[v]!);
  const view = (probe: Int8Array | undefined): View => ({
    ...start,
    sources,
    own: updates[first] ?? new Int8Array(sources.support.length),
    probe,
    changeOf: (trainer) => changeOf(cast, start, trainer),
    random,
  });
  if (first >= 0) {
    const dishonest = strategy.update?.(view(corruptProbes[0]));
    if (dishonest) updates[first] = brought(cast, dishonest);
    // Its other seats send the same again.
    for (const seat of seats) {
      const at = members.indexOf(seat);
      if (at >= 0) updates[at] = updates[first]!;
    }
  }
  corrupt.forEach((v, k) => {
    const dishonest = strategy.probe?.(view(corruptProbes[k]));
    if (dishonest) probes[v] = brought(cast, dishonest);
  });
}

/** A direction as coordinates at the length of a probe, which is also near that of an update. */
function brought({ world: { task } }: Cast, direction: Direction): Int8Array {
  const { coordinatesPerChunk } = chunkShapes[task.preset];
  const { chunks } = task.compression;
  const limits = { coordinatesPerChunk, chunks, normBound: probeNormBound(coordinatesPerChunk) };
  return rowOf(quantiseProbe(Float32Array.from(direction), limits), direction.length);
}

/** An adversary with data like a trainer's knows about what that trainer's training changes. */
function changeOf({ world, network }: Cast, { model, round }: Start, trainer: number): Float32Array {
  const random = seeded(round, 'look-alike', trainer);
  return network.train(model, world.trainers[trainer]!, { ...world.task.training, random });
}
