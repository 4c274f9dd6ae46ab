import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { norm, sumOfSquares } from '../../../node/compress/index.ts';
import { adversaryOf, type Digits, dealDigits, demoTask } from '../../../node/demo/index.ts';
import {
  LocalTrainer,
  LocalValidator,
  localTraining,
  Network,
  startBackend,
  supportShape,
  TrainerRounds,
  type Training,
  type TrainingDisguise,
  taskDescription,
} from '../../../node/learn/index.ts';
import { mergeProposals } from '../../../node/protocol/index.ts';

const task = demoTask({ preset: 'tiny' });
const scale = BigInt(task.aggregation.scale);
let network: Network;
let digits: Digits;

beforeAll(async () => {
  await startBackend('wasm');
  network = new Network(task.model);
  digits = await dealDigits({
    seed: 1,
    trainers: ['plain', 'plain'],
    validators: 1,
    mirroredShare: 0,
    side: 7,
  });
});
afterAll(() => network.dispose());

const parts = () => ({ task, network, data: digits.trainers[0]!, seed: 'a' });
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += a[i]! * b[i]!;
  return dot / (norm(a) * norm(b));
};

describe('a trainer', () => {
  test('killed anywhere in a round and started again sends the same update', () => {
    const model = network.initial(1);
    const steady = new LocalTrainer(parts());
    let killed = new LocalTrainer(parts());
    const kill = () => {
      killed = new LocalTrainer({ ...parts(), state: killed.save() });
    };
    steady.train(model, 0, 2);
    killed.train(model, 0, 2);
    kill();
    expect(killed.phase).toBe('accumulated');
    const support = mergeProposals([killed.propose(0)], supportShape(task, network, 0));
    kill();
    expect(killed.compress(support, scale, 0)).toEqual(steady.compress(support, scale, 0));
    kill();
    killed.settle('applied');
    killed.settle('applied');
    steady.settle('applied');
    expect(killed.save()).toEqual(steady.save());
  });
  test('keeps coordinates and norm in bounds', () => {
    const trainer = new LocalTrainer(parts());
    trainer.train(network.initial(1), 0, 2);
    const chunks = trainer.compress(Uint32Array.from(trainer.propose(0)).sort(), 1n, 0);
    expect(chunks).toHaveLength(task.compression.chunks);
    for (const chunk of chunks) expect(sumOfSquares(chunk)).toBeLessThanOrEqual(task.compression.normBound);
  });
});

describe('a trainer with local privacy', () => {
  const hidden = demoTask({
    preset: 'tiny',
    selector: 'probe',
    privacy: { clip: 0.1, sigma: 5, delta: 1e-5 },
  });
  const coordinatesOf = (of: typeof task) => {
    const trainer = new LocalTrainer({ ...parts(), task: of });
    trainer.train(network.initial(1), 0, 2);
    return trainer.compress(Uint32Array.from(trainer.propose(0)).sort(), scale, 0)[0]!;
  };
  test('sends noise from the system: the same seed gives other coordinates, and they hide the update', () => {
    expect(coordinatesOf(hidden)).not.toEqual(coordinatesOf(hidden));
    // Without noise the same seed gives the same coordinates: a guess of the data could be confirmed.
    expect(coordinatesOf(task)).toEqual(coordinatesOf(task));
    expect(Math.abs(cosine(coordinatesOf(hidden), coordinatesOf(task)))).toBeLessThan(0.6);
  });
  test('that plays a round again and again sends zeros once its stated updates are spent: their mean would show it', () => {
    const replays = 150;
    const model = network.initial(1);
    /** What somebody knows who adds up all that a trainer sends while its round is replaced again and again. */
    const meanOf = (rounds: number) => {
      const of = { ...hidden, rounds, privacy: { clip: 0.1, sigma: 1, delta: 1e-5 } };
      const change = localTraining({ ...parts(), task: of })(model, 0);
      const trainer = new TrainerRounds({ task: of, layout: network, seed: 'a' });
      const total = new Float64Array(96);
      let live = 0;
      for (let k = 0; k < replays; k++) {
        trainer.settle('rolled-back');
        trainer.open(change, 2);
        const support = Uint32Array.from(trainer.propose(0)).sort();
        const [sent] = trainer.compress(support, scale, 0);
        if (sent!.some((u) => u !== 0)) live++;
        sent!.forEach((u, j) => {
          total[j]! += u;
        });
      }
      const plain = new TrainerRounds({ task, layout: network, seed: 'a' });
      plain.open(change, 2);
      const [truth] = plain.compress(Uint32Array.from(plain.propose(0)).sort(), scale, 0);
      return { live, releases: trainer.releases, cosine: cosine(total, truth!) };
    };
    const unbounded = meanOf(replays);
    expect(unbounded).toMatchObject({ live: replays, releases: replays });
    expect(unbounded.cosine).toBeGreaterThan(0.6);
    const bounded = meanOf(2);
    expect(bounded).toMatchObject({ live: 2, releases: 2 });
    expect(bounded.cosine).toBeLessThan(0.5);
  });
});

describe('a validator', () => {
  test('probes the way the honest go, and an opponent goes the other way', async () => {
    const model = network.initial(1);
    const validator = new LocalValidator({ task, network, holdout: digits.validators[0]! });
    const training: Training = async (from, round) => localTraining(parts())(from, round);
    const trained = async (disguise: TrainingDisguise) => {
      const trainer = new TrainerRounds({ task, layout: network, seed: 'a' });
      trainer.open(await disguise(training, { task, layout: network, seed: 'a' })(model, 0), 2);
      return trainer;
    };
    const honest = await trained((own) => own);
    const opponent = await trained(adversaryOf('opposite').disguise().training!);
    const noise = await trained(adversaryOf('noise').disguise().training!);
    const support = mergeProposals([validator.propose(model, 0)], supportShape(task, network, 0));
    const [probe] = validator.probe(model, support, 0);
    const square = probe!.reduce((sum, u) => sum + u * u, 0);
    expect(Math.sqrt(square / support.length)).toBeCloseTo(24, 0);
    expect(cosine(honest.compress(support, scale, 0)[0]!, probe!)).toBeGreaterThan(0.4);
    expect(cosine(opponent.compress(support, scale, 0)[0]!, probe!)).toBeLessThan(-0.4);
    expect(Math.abs(cosine(noise.compress(support, scale, 0)[0]!, probe!))).toBeLessThan(0.35);
  });
  test('after a rejected round proposes other coordinates, or the same rejection would repeat for ever', () => {
    const model = network.initial(1);
    const validator = new LocalValidator({ task, network, holdout: digits.validators[0]! });
    const first = validator.propose(model, 0);
    validator.probe(model, Uint32Array.from(first).sort(), 0);
    validator.settle();
    const second = validator.propose(model, 1);
    expect(second.filter((index) => first.includes(index)).length).toBeLessThan(first.length);
  });
});

describe('a task', () => {
  const bad = (change: object) => taskDescription.safeParse({ ...task, ...change }).error?.message;
  test('is checked as a whole', () => {
    expect(bad({ compression: { ...task.compression, normBound: 96 * 2 ** 14 + 1 } })).toMatch(
      /K \* 2\^14 = 1572864/,
    );
    expect(bad({ privacy: { clip: 1, sigma: 1, delta: 1e-5 } })).toMatch(/must be probe with privacy/);
    expect(bad({ aggregation: { ...task.aggregation, scale: 2 ** 53 } })).toMatch(/scale/);
    expect(bad({ more: 1 })).toMatch(/more/);
  });
});
