// `npm run bench -- learn [--seeds 1,2,3] [--rounds 40] [--json]`: accuracy over rounds of compressed
// federated learning against dense federated averaging (McMahan et al. 2017) with the same local training, on
// MNIST.
import { availableParallelism, cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Digits, dealDigits } from '../node/demo/deal_digits.ts';
import { demoTask } from '../node/demo/task.ts';
import { startBackend } from '../node/learn/backend.ts';
import { evaluate } from '../node/learn/evaluate.ts';
import { Network } from '../node/learn/network.ts';
import { seeded } from '../node/learn/random.ts';
import type { TaskDescription } from '../node/learn/task.ts';
import { LocalTrainer, supportShape } from '../node/learn/trainer.ts';
import { LocalValidator } from '../node/learn/validator.ts';
import { applySum, chunkShapes, mergeProposals, nextScale } from '../node/protocol/index.ts';

const trainers = 5;
/**
 * Server step of the compressed runs: more than 1 makes up for what waits in the residuals. Dense averaging
 * takes 1.
 */
const eta = 1.8;
const shown = [1, 2, 4, 8, 12, 20, 30, 40];
const lines = [
  { name: 'dense averaging, float32', density: undefined, selector: 'leader' },
  { name: '5 %, leader', density: 0.05, selector: 'leader' },
  { name: '4 %, leader', density: 0.04, selector: 'leader' },
  { name: '2 %, leader', density: 0.02, selector: 'leader' },
  { name: '1 %, leader', density: 0.01, selector: 'leader' },
  { name: '4 %, probe', density: 0.04, selector: 'probe' },
  { name: '5 %, probe', density: 0.05, selector: 'probe' },
] as const;

/** One row: accuracy after each round, one curve a seed. */
interface Row {
  partition: 'even' | 'by-label';
  name: string;
  /** Of one trainer's update in one round: 4 bytes a parameter dense, else one byte a coordinate. */
  bytes: number;
  curves: number[][];
}

/** Dense federated averaging: the mean of the trainers' changes. */
function dense(
  task: TaskDescription,
  network: Network,
  digits: Digits,
  seed: number,
  rounds: number,
): number[] {
  let model = network.initial(seed);
  return Array.from({ length: rounds }, (_, round) => {
    const changes = digits.trainers.map((data, i) =>
      network.train(model, data, {
        ...task.training,
        random: seeded(`${seed}/${i}`, 'batches', round),
      }),
    );
    model = model.map((x, j) => x + changes.reduce((sum, change) => sum + change[j]!, 0) / trainers);
    return evaluate(network, model, digits.test).accuracy;
  });
}

/** The protocol's learning: shared support, coordinates of 8 bits, error feedback, the public scale rule. */
function compressed(
  task: TaskDescription,
  network: Network,
  digits: Digits,
  seed: number,
  rounds: number,
): number[] {
  const { coordinatesPerChunk } = chunkShapes[task.preset];
  const members = digits.trainers.map(
    (data, i) => new LocalTrainer({ task, network, data, seed: `${seed}/${i}` }),
  );
  const validators = digits.validators.map(
    (holdout, i) => new LocalValidator({ task, network, holdout, seed: `${seed}/v${i}` }),
  );
  let model = network.initial(seed);
  let scale = BigInt(task.aggregation.scale);
  return Array.from({ length: rounds }, (_, round) => {
    for (const member of members) member.train(model, round, trainers);
    const proposals =
      task.compression.selector === 'leader'
        ? [members[round % trainers]!.propose(round)]
        : validators.map((validator) => validator.propose(model, round));
    const support = mergeProposals(proposals, supportShape(task, network, round));
    const updates = members.map((member) => member.compress(support, scale, round).flatMap((c) => [...c]));
    if (task.compression.selector === 'probe') for (const v of validators) v.probe(model, support, round);
    const sum = updates[0]!.map((_, j) => updates.reduce((total, update) => total + update[j]!, 0));
    model = applySum(model, { support, sum, weight: trainers, scale, eta });
    scale = nextScale(scale, {
      accepted: true,
      buckets: updates.map((update) =>
        Math.floor(
          Math.log2(
            Math.max(
              1,
              update.reduce((sum, u) => sum + u * u, 0),
            ),
          ),
        ),
      ),
      coordinates: task.compression.chunks * coordinatesPerChunk,
      targetRms: task.aggregation.targetRms,
    });
    for (const party of [...members, ...validators]) party.settle('applied');
    return evaluate(network, model, digits.test).accuracy;
  });
}

async function measure(seeds: readonly number[], rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const partition of ['even', 'by-label'] as const)
    for (const line of lines) {
      const task = demoTask({
        preset: 'quick',
        selector: line.selector,
        ...(line.density === undefined ? {} : { density: line.density }),
      });
      const network = new Network(task.model);
      const curves: number[][] = [];
      for (const seed of seeds) {
        const digits = await dealDigits({
          seed,
          trainers: Array<'plain'>(trainers).fill('plain'),
          validators: 3,
          mirroredShare: 0,
          side: 28,
          partition,
        });
        const run = line.density === undefined ? dense : compressed;
        curves.push(run(task, network, digits, seed, rounds));
      }
      const bytes = line.density === undefined ? 4 * network.size : Math.floor(line.density * network.size);
      rows.push({ partition, name: line.name, bytes, curves });
      network.dispose();
      if (process.stderr.isTTY) process.stderr.write('.');
    }
  return rows;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};
/** Mean of the last five rounds: what a curve has converged to. */
const level = (curve: readonly number[]): number => {
  const tail = curve.slice(-5);
  return tail.reduce((a, b) => a + b, 0) / tail.length;
};

function print(rows: readonly Row[], rounds: number): void {
  const at = shown.filter((round) => round <= rounds);
  for (const partition of ['even', 'by-label'] as const) {
    const own = rows.filter((row) => row.partition === partition);
    const base = own[0]!.curves.map(level);
    console.log(
      `\n### ${partition === 'even' ? 'IID' : 'By label: most trainers see four digits or fewer'}\n`,
    );
    console.log(
      `| accuracy in %, after round | bytes a trainer | ${at.join(' | ')} | last five, least to most | ` +
        'to dense |',
    );
    console.log(`| --- | ---: | ${at.map(() => '---:').join(' | ')} | ---: | ---: |`);
    for (const row of own) {
      const levels = row.curves.map(level);
      const cells = at.map((round) =>
        (100 * median(row.curves.map((curve) => curve[round - 1]!))).toFixed(1),
      );
      const spread = `${(100 * Math.min(...levels)).toFixed(1)} to ${(100 * Math.max(...levels)).toFixed(1)}`;
      const gap = 100 * median(levels.map((one, i) => one - base[i]!));
      console.log(
        `| ${row.name} | ${row.bytes.toLocaleString('en-US')} | ${cells.join(' | ')} | ${spread} | ` +
          `${gap >= 0 ? '+' : ''}${gap.toFixed(1)} |`,
      );
    }
  }
}

/** Runs the benchmark; prints Markdown, or JSON. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      rounds: { type: 'string', default: '40' },
      json: { type: 'boolean', default: false },
    },
  });
  const seeds = values.seeds.split(',').map(Number);
  const rounds = Number(values.rounds);
  if (seeds.some((seed) => !Number.isInteger(seed)) || !Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`bench: --seeds ${values.seeds} --rounds ${values.rounds}; both take whole numbers`);
  const engine = await startBackend('wasm');
  const start = performance.now();
  const rows = await measure(seeds, rounds);
  const seconds = (performance.now() - start) / 1000;
  if (values.json) console.log(JSON.stringify({ engine, seeds, rounds, seconds, rows }));
  else {
    print(rows, rounds);
    console.log(
      `\nMedian over seeds ${seeds.join(', ')}; ${trainers} trainers; ${engine}; ` +
        `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown'}; ${seconds.toFixed(0)} s.`,
    );
  }
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2));
