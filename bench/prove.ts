// `npm run bench -- prove [--json] [--presets tiny,quick,base] [--runs N] [--prover WORD] [--parts PARTS]`: what proofs cost on this
// machine. Prints the tables of prover/README.md; times are medians with the spread behind them, in milliseconds. Provers are compared in
// turn, rapidsnark among them where MURMURATION_RAPIDSNARK names its program. PARTS are some of statements, scores, provers and arithmetic.

import { execFile } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type CircuitName, circuitNames, ensureScoreCircuit, scoreShapeNames } from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import {
  type BackendSetting,
  createBackend,
  ensureDevelopmentKeys,
  parseBackendSetting,
  parsePreset,
} from '@murmuration/prover';
import { ensureScoreKeys } from '@murmuration/prover/score';
import { measureProducts, measureSize, usableKernels } from './prove/arithmetic.ts';
import { measureBatches } from './prove/batch.ts';
import type { Measured } from './prove/measure.ts';
import { type Contestant, measureProvers, updateWitness } from './prove/provers.ts';
import type { MeasuredScore } from './prove/score.ts';
import type { Timing } from './prove/statistics.ts';

const cacheFolder = fileURLToPath(new URL('../build', import.meta.url));
const largeUpdate = 100_000;
const trainerCounts = [4, 16, 64, 256];
const batchSizes = [1, 16, 64];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    presets: { type: 'string', default: 'tiny,quick,base' },
    runs: { type: 'string', default: '5' },
    prover: { type: 'string', default: 'wasm' },
    parts: { type: 'string', default: 'statements,scores,provers,arithmetic' },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new RangeError(`--runs is ${values.runs}, but it is a positive integer`);
const chosen = values.presets.split(',').map((name) => parsePreset(name).name);
const parts = values.parts.split(',');
const setting: BackendSetting = parseBackendSetting(values.prover, { cacheFolder });
/** Sizes of the parts of a proof, as powers of two. */
const log2Sizes = [12, 14, 16, 18];
const log = values.json ? () => {} : console.log;

/** Measures in a process of its own. */
async function measureOne(
  circuit: CircuitName,
  preset: PresetName,
  trainers: number,
  backend: BackendSetting = setting,
  count: number = runs,
): Promise<Measured> {
  const script = fileURLToPath(new URL('./prove/measure.ts', import.meta.url));
  const args = [script, circuit, preset, String(count), String(trainers), JSON.stringify(backend)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Measured;
}

const cell = ({ median, spread }: Timing) => `${median.toFixed(0)} ± ${(spread / 2).toFixed(0)}`;
const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (titles: readonly string[]) => log(`${row(titles)}\n${row(titles.map(() => '---'))}`);
const seconds = (ms: number) => Math.round(ms / 100) / 10;

const gibibytes = Math.round(totalmem() / 2 ** 30);
const processor = `${availableParallelism()} cores (${cpus()[0]?.model.trim()})`;
const machine = `${processor}, ${gibibytes} GiB, Node ${process.version}`;
log(`${machine}, ${new Date().toISOString().slice(0, 10)}; ms, median of ${runs} ± half the spread\n`);

if (parts.some((part) => part === 'statements' || part === 'provers'))
  for (const preset of chosen) await ensureDevelopmentKeys(preset, { cacheFolder });

/** The statements with one prover: what a trainer and a validator wait for. */
async function measureStatements() {
  table([
    'circuit',
    'preset',
    'K',
    'constraints',
    'per coordinate',
    'witness',
    'proof',
    'verification',
    'processor',
    'peak MiB',
  ]);
  const circuits: Measured[] = [];
  for (const preset of chosen) {
    for (const circuit of circuitNames) {
      const one = await measureOne(circuit, preset, 4);
      circuits.push(one);
      const times = [one.witness, one.prove, one.verify, one.cpu].map(cell);
      log(row([circuit, preset, one.coordinates, one.constraints, one.perCoordinate, ...times, one.peakMiB]));
    }
  }

  log('\nOne update of one chunk, end to end\n');
  table(['preset', 'K', 'commit', 'open', 'witness', 'proof', 'check', 'together']);
  const updates = circuits
    .filter(({ circuit }) => circuit === 'update')
    .map(({ preset, coordinates, commit, open, witness, prove, verify }) => {
      const steps = [commit, open, witness, prove, verify];
      const totalMs = steps.reduce((sum, { median }) => sum + median, 0);
      log(row([preset, coordinates, ...steps.map(cell), totalMs.toFixed(0)]));
      return { preset, coordinates, commit, open, witness, prove, verify, totalMs };
    });

  log('\nGrowth with K: the largest preset over the smallest from quick on\n');
  table(['circuit', 'from', 'to', 'K', 'constraints', 'proof', 'processor']);
  const growth = circuitNames.flatMap((circuit) => {
    const of = circuits.filter((one) => one.circuit === circuit && one.preset !== 'tiny');
    const [small, large] = [of[0], of.at(-1)];
    if (!small || !large || small === large) return [];
    const ratios = {
      coordinates: large.coordinates / small.coordinates,
      constraints: large.constraints / small.constraints,
      prove: large.prove.median / small.prove.median,
      cpu: large.cpu.median / small.cpu.median,
    };
    const shown = Object.values(ratios).map((ratio) => `${ratio.toFixed(2)} x`);
    log(row([circuit, small.preset, large.preset, ...shown]));
    return [{ circuit, from: small.preset, to: large.preset, ...ratios }];
  });

  const fixed = chosen.includes('quick') ? 'quick' : chosen[0]!;
  log(`\nThe aggregate proof (${fixed}) by number of trainers: it does not grow\n`);
  table(['trainers', 'constraints', 'open', 'witness', 'proof', 'verification', 'processor', 'peak MiB']);
  const aggregates: Measured[] = [];
  for (const trainers of trainerCounts) {
    const one = await measureOne('aggregate', fixed, trainers);
    aggregates.push(one);
    log(
      row([
        trainers,
        one.constraints,
        ...[one.open, one.witness, one.prove, one.verify, one.cpu].map(cell),
        one.peakMiB,
      ]),
    );
  }

  log(
    `\nVerification of a round's updates (${fixed}), each with its opening: one by one, and as one batch\n`,
  );
  table(['updates', 'one by one', 'batch', 'batch, each']);
  const backend = createBackend(setting);
  await backend.start();
  const batches = await measureBatches(
    await ensureDevelopmentKeys(fixed, { cacheFolder }),
    backend,
    batchSizes,
    runs,
  );
  await backend.stop();
  for (const { updates: count, single, batch } of batches) {
    log(row([count, cell(single), cell(batch), (batch.median / count).toFixed(1)]));
  }

  const largest = updates.at(-1)!;
  const chunks = Math.ceil(largeUpdate / largest.coordinates);
  const extrapolated = {
    extrapolated: true,
    coordinates: largeUpdate,
    preset: largest.preset,
    chunks,
    totalMs: chunks * largest.totalMs,
  };
  log(
    `\nExtrapolated, not measured: an update of ${largeUpdate} coordinates is ` +
      `${chunks} chunks of ${largest.preset}, ` +
      `${chunks} x ${seconds(largest.totalMs)} s = ${seconds(extrapolated.totalMs)} s`,
  );
  return {
    circuits: circuits.map(flat),
    updates,
    growth,
    aggregates: aggregates.map(flat),
    batches,
    extrapolated,
  };
}

/** Credit scores: what a borrower waits for. */
async function measureScores() {
  log('\nCredit scores, by shape of the model\n');
  table([
    'shape',
    'widths',
    'constraints',
    'claim',
    'witness',
    'proof',
    'verification',
    'processor',
    'peak MiB',
  ]);
  const script = fileURLToPath(new URL('./prove/score.ts', import.meta.url));
  const scores = [];
  for (const shape of scoreShapeNames) {
    const { constraints } = await ensureScoreCircuit(shape, { cacheFolder });
    await ensureScoreKeys(shape, { cacheFolder });
    const args = [script, shape, String(runs), JSON.stringify(setting)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const one = JSON.parse(stdout) as MeasuredScore;
    const times = [one.claim, one.witness, one.prove, one.verify, one.cpu].map(cell);
    log(row([shape, one.widths.join(', '), constraints, ...times, one.peakMiB]));
    scores.push({ ...one, constraints });
  }
  return scores;
}

/** All provers on one witness, in turn. */
async function compareProvers(preset: PresetName) {
  const keys = await ensureDevelopmentKeys(preset, { cacheFolder });
  const kernels = usableKernels().map(({ name }) => name);
  const wasm = (kernel: (typeof kernels)[number], threads: number): Contestant => ({
    name: `wasm/${kernel}, ${threads} thread${threads === 1 ? '' : 's'}`,
    setting: { name: 'wasm', kernel, threads, cacheFolder },
  });
  const threads = availableParallelism();
  const program = process.env.MURMURATION_RAPIDSNARK;
  const contestants: Contestant[] = [
    ...kernels.flatMap((kernel) => [...(threads > 1 ? [wasm(kernel, threads)] : []), wasm(kernel, 1)]),
    { name: 'snarkjs', setting: { name: 'snarkjs' } },
    ...(program ? [{ name: 'rapidsnark', setting: { name: 'rapidsnark' as const, binary: program } }] : []),
  ];
  log(
    `\nProvers on the same witness of update/${preset}, in turn; peak memory of a process that proves with one alone\n`,
  );
  table(['prover', 'proof', 'times snarkjs', 'processor, check included', 'peak MiB']);
  const measured = await measureProvers(keys, await updateWitness(keys), contestants, runs);
  const slowest = measured.find(({ prover }) => prover === 'snarkjs')!.wall.median;
  const compared = [];
  for (const [i, one] of measured.entries()) {
    const { peakMiB } = await measureOne('update', preset, 4, contestants[i]!.setting, 1);
    const times = slowest / one.wall.median;
    log(
      row([one.prover, cell(one.wall), times.toFixed(1), one.processor ? cell(one.processor) : '–', peakMiB]),
    );
    compared.push({ ...one, timesSnarkjs: times, peakMiB });
  }
  return { preset, compared };
}

/** The parts of a proof by kernel and size. */
function measureArithmetic() {
  const kernels = usableKernels();
  const products = measureProducts(kernels.map(({ name }) => name));
  log('\nProducts modulo a prime of 254 bits\n');
  table(['kernel', 'ns']);
  for (const { kernel, ns } of products) log(row([kernel, ns]));
  log(
    '\nSums of random multiples of points of G1 over tables, and transforms to the coset, by size; one thread, processor time\n',
  );
  table(['size', 'kernel', 'sum', 'sum, µs a point', 'transforms', 'transforms, µs a point']);
  const sizes = log2Sizes.flatMap((log2Size) => {
    const measured = measureSize(kernels, log2Size, 5, runs);
    for (const { kernel, sum, transform } of measured) {
      const each = (time: Timing) => ((1000 * time.median) / 2 ** log2Size).toFixed(2);
      log(row([`2^${log2Size}`, kernel, cell(sum), each(sum), cell(transform), each(transform)]));
    }
    return measured;
  });
  return { products, sizes };
}

/** The flat form of a circuit's figures. */
function flat({ witness, prove, verify, commit, open, cpu, ...rest }: Measured) {
  const spreads = { witnessMs: witness.spread, proveMs: prove.spread, verifyMs: verify.spread };
  const times = { witnessMs: witness.median, proveMs: prove.median, verifyMs: verify.median };
  return { ...rest, ...times, cpuMs: cpu.median, commitMs: commit.median, openMs: open.median, spreads };
}

const statements = parts.includes('statements') ? await measureStatements() : undefined;
const scores = parts.includes('scores') ? await measureScores() : undefined;
const provers = parts.includes('provers') ? await compareProvers(chosen.at(-1)!) : undefined;
const arithmetic = parts.includes('arithmetic') ? measureArithmetic() : undefined;
if (values.json) console.log(JSON.stringify({ machine, ...statements, scores, provers, arithmetic }));
