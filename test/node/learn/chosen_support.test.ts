// A leader chooses the support so that what is public of an update, its score and its norm, is the update: one
// index that is live, and as many dead ones as it takes. The attack runs; what it reads must be worth nothing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Digits, dealDigits, demoTask } from '../../../node/demo/index.ts';
import {
  LocalTrainer,
  LocalValidator,
  Network,
  seeded,
  startBackend,
  supportShape,
} from '../../../node/learn/index.ts';
import { completeProposal, mergeProposals } from '../../../node/protocol/index.ts';

const task = demoTask({ preset: 'quick' });
const scale = BigInt(task.aggregation.scale);
let network: Network;
let digits: Digits;
let model: Float32Array;

beforeAll(async () => {
  await startBackend('wasm');
  network = new Network(task.model);
  model = network.initial(2);
  digits = await dealDigits({
    seed: 2,
    trainers: ['plain', 'plain', 'plain'],
    validators: 3,
    mirroredShare: 0.2,
    side: 28,
  });
});
afterAll(() => network.dispose());

/** The sum of first chunks, coordinate by coordinate. */
const sumOf = (rows: readonly (readonly Int8Array[])[]) =>
  Int32Array.from(rows[0]![0]!, (_, j) => rows.reduce((sum, [chunk]) => sum + chunk![j]!, 0));
const norm = ([chunk]: readonly Int8Array[]) => chunk!.reduce((sum, u) => sum + u * u, 0);

const trainersOf = () =>
  digits.trainers.map((data, i) => {
    const trainer = new LocalTrainer({ task, network, data, seed: `s${i}` });
    trainer.train(model, 0, 3);
    return trainer;
  });
/** The bias of the seventh digit: how many more sevens than expected. */
const wanted = () => network.size - 3;
const laneOf = (support: Uint32Array, [chunk]: readonly Int8Array[]) => chunk![support.indexOf(wanted())]!;
/** Indices that are 0 in each of these vectors. */
const dead = (gradients: readonly Float32Array[]) =>
  Uint32Array.from([...gradients[0]!.keys()].filter((i) => gradients.every((gradient) => gradient[i] === 0)));
const gradientsOf = (data: readonly { readonly count: number }[]) =>
  (data as Digits['trainers']).map((each) => network.gradient(model, each).gradient);

describe('one live index among dead ones', () => {
  test("does not show a trainer's coordinate: the trainer sends zeros, and keeps what it owes", () => {
    const shape = supportShape(task, network, 0);
    const blank = dead(gradientsOf(digits.trainers)).subarray(0, shape.count - 1);
    expect(blank).toHaveLength(shape.count - 1);
    const chosen = mergeProposals([Uint32Array.of(wanted(), ...blank)], shape);
    const plain = completeProposal(Uint32Array.of(wanted()), shape).sort();

    const validators = digits.validators.map((holdout) => new LocalValidator({ task, network, holdout }));
    const reference = sumOf(validators.map((validator) => validator.probe(model, plain, 0)));
    const side = reference[plain.indexOf(wanted())]!;
    const updates = trainersOf().map((trainer) => trainer.compress(chosen, scale, 0));
    // What each trainer sends of the index in a round that is not chosen; rounding moves it by one at most.
    const secrets = trainersOf().map((trainer) => laneOf(plain, trainer.compress(plain, scale, 0)));

    for (const [i, update] of updates.entries()) {
      const score = laneOf(chosen, update) * side;
      const read = Math.sign(score * side) * Math.sqrt(norm(update));
      expect(Math.abs(secrets[i]!)).toBeGreaterThan(5);
      expect(Math.abs(read - secrets[i]!)).toBeGreaterThan(1);
    }

    const trainers = trainersOf();
    for (const trainer of trainers) {
      trainer.compress(chosen, scale, 0);
      trainer.settle('applied');
      trainer.train(model, 1, 3);
    }
    // Trained twice from one model, and sent nothing of it yet: about twice as much is owed.
    for (const [i, trainer] of trainers.entries())
      expect(laneOf(plain, trainer.compress(plain, scale, 1)) / secrets[i]!).toBeGreaterThan(1.4);
  });
});

describe('coordinates that are dead for one validator alone', () => {
  test('make its probe zeros, though it knows the support and abstains from nothing', () => {
    const shape = supportShape(task, network, 0);
    // What each validator's probe is of: its own local training.
    const changes = digits.validators.map((holdout) =>
      network.train(model, holdout, { ...task.training, random: seeded(0, 'batches', 0) }),
    );
    for (const [victim, own] of changes.entries()) {
      const others = changes.filter((_, i) => i !== victim);
      const aimed = dead([own]).filter((i) => others.some((change) => change[i] !== 0));
      const support = mergeProposals([completeProposal(aimed.subarray(0, shape.count), shape)], shape);
      const live = digits.validators.map((holdout) =>
        new LocalValidator({ task, network, holdout }).probe(model, support, 0)[0]!.some((u) => u !== 0),
      );
      expect(live[victim]).toBe(false);
      expect(live.filter(Boolean).length).toBeGreaterThan(0);
    }
  });
});
