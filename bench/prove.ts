// `npm run bench -- prove [--json] [--presets tiny,quick,base] [--runs N] [--rapidsnark PROGRAM]`: what
// proofs cost on this machine. Prints the tables of prover/README.md; times are medians with the spread
// behind them, in milliseconds.

import { execFile } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type CircuitName, circuitNames } from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import { type BackendSetting, createBackend, ensureDevelopmentKeys, parsePreset } from '@murmuration/prover';
import { measureBatches } from './prove/batch.ts';
import type { Measured } from './prove/measure.ts';
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
    rapidsnark: { type: 'string' },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new RangeError(`--runs is ${values.runs}, but it is a positive integer`);
const chosen = values.presets.split(',').map((name) => parsePreset(name).name);
const setting: BackendSetting =
  values.rapidsnark === undefined ? { name: 'snarkjs' } : { name: 'rapidsnark', binary: values.rapidsnark };
const log = values.json ? () => {} : console.log;

/** Measures in a process of its own. */
async function measureOne(circuit: CircuitName, preset: PresetName, trainers: number): Promise<Measured> {
  const script = fileURLToPath(new URL('./prove/measure.ts', import.meta.url));
  const args = [script, circuit, preset, String(runs), String(trainers), JSON.stringify(setting)];
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

for (const preset of chosen) await ensureDevelopmentKeys(preset, { cacheFolder });

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
table(['preset', 'K', 'commit', 'open', 'witness', 'proof', 'together']);
const updates = circuits
  .filter(({ circuit }) => circuit === 'update')
  .map(({ preset, coordinates, commit, open, witness, prove }) => {
    const totalMs = commit.median + open.median + witness.median + prove.median;
    log(row([preset, coordinates, ...[commit, open, witness, prove].map(cell), totalMs.toFixed(0)]));
    return { preset, coordinates, commit, open, witness, prove, totalMs };
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

log(`\nVerification of a round's updates (${fixed}), each with its opening: one by one, and as one batch\n`);
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

/** The flat form of a circuit's figures. */
function flat({ witness, prove, verify, commit, open, cpu, ...rest }: Measured) {
  const spreads = { witnessMs: witness.spread, proveMs: prove.spread, verifyMs: verify.spread };
  const times = { witnessMs: witness.median, proveMs: prove.median, verifyMs: verify.median };
  return { ...rest, ...times, cpuMs: cpu.median, commitMs: commit.median, openMs: open.median, spreads };
}

if (values.json) {
  console.log(
    JSON.stringify({
      machine,
      circuits: circuits.map(flat),
      updates,
      growth,
      aggregates: aggregates.map(flat),
      batches,
      extrapolated,
    }),
  );
}
