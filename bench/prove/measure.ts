// Measures one circuit of one preset, in a process of its own so that the peak of memory is its own: `node
// bench/prove/measure.ts CIRCUIT PRESET RUNS TRAINERS BACKEND` prints one line of JSON. Called by
// `bench/prove.ts`.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CircuitName, ensureCircuit, parseCircuitName } from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import {
  aggregate,
  alignment,
  alignmentSteps,
  type BackendSetting,
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  type ProvenStatement,
  type Prover,
  parsePreset,
  squaredNorm,
  update,
} from '@murmuration/prover';
import { sampleReferences, sampleSum, sampleUpdate } from '../../node/service/bench/samples.ts';
import { type Timing, timed, timing, warmUps } from './statistics.ts';

/** One circuit's figures; times in milliseconds. */
export interface Measured {
  readonly circuit: CircuitName;
  readonly preset: PresetName;
  readonly coordinates: number;
  readonly constraints: number;
  readonly perCoordinate: number;
  /** What proved, such as `wasm/quads`. */
  readonly engine: string;
  readonly runs: number;
  /** Of the sum that was proven, for `aggregate`. */
  readonly trainers: number;
  readonly commit: Timing;
  readonly open: Timing;
  readonly witness: Timing;
  readonly prove: Timing;
  readonly verify: Timing;
  /** Processor time of all threads for witness, proof and the backend's check: steady on a busy machine. */
  readonly cpu: Timing;
  readonly peakMiB: number;
}

interface Sample {
  readonly engine: string;
  readonly commit: number;
  readonly open: number;
  readonly witness: number;
  readonly prove: number;
  readonly verify: number;
  readonly cpu: number;
}

const cacheFolder = fileURLToPath(new URL('../../build', import.meta.url));
const gamma = 0x1234567890abcdef1234567890abcdef1234567890abcdefn;

/** Commits, opens, proves and verifies once. For `alignment` the commitment and opening are the update's. */
async function once(prover: Prover, circuit: CircuitName, trainers: number): Promise<Sample> {
  const kind = circuit === 'aggregate' ? 'aggregate' : 'update';
  const vector = kind === 'aggregate' ? sampleSum(prover.preset, trainers) : sampleUpdate(prover.preset);
  const { result: committed, ms: commit } = await timed(() => prover.commit(kind, vector));
  const { result: opened, ms: open } = await timed(() => prover.open(kind, vector, gamma));
  const references = sampleReferences(prover.preset);
  // Once a round, whoever proves how much: it is no part of a proof.
  const point = circuit === 'alignment' ? await prover.referencePoint(references) : { x: 0n, y: 0n };
  const before = process.cpuUsage();
  const claim = { h: committed.h, gamma, y: opened.y };
  const finish = async (proven: ProvenStatement, check: () => boolean): Promise<Sample> => {
    const { user, system } = process.cpuUsage(before);
    const { result: holds, ms: verify } = await timed(check);
    if (!holds) throw new Error(`${circuit}: a measured proof does not hold`);
    return {
      commit,
      open,
      witness: proven.witnessMs,
      prove: proven.proveMs,
      engine: proven.engine,
      verify,
      cpu: (user + system) / 1000,
    };
  };
  if (circuit === 'update') {
    const full = { ...claim, normBound: squaredNorm(vector.coordinates) };
    const proven = await prover.prove(update, { claim: full, secret: vector });
    return finish(proven, () => prover.verify(update, full, proven.proof));
  }
  if (circuit === 'aggregate') {
    const proven = await prover.prove(aggregate, { claim, secret: vector });
    return finish(proven, () => prover.verify(aggregate, claim, proven.proof));
  }
  const subject = { update: [vector], references: [references] };
  const [step] = await alignmentSteps(prover.preset, subject, { hUpdate: [committed.h], points: [point] });
  const proven = await prover.prove(alignment, step!);
  return finish(proven, () => prover.verify(alignment, step!.claim, proven.proof));
}

/**
 * Peak of this process's resident memory. Linux's own word where there is one: what `getrusage` says there begins with the peak of the
 * process that started this one.
 */
export function peakMiB(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kibibytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
  return Math.round(kibibytes / 1024);
}

async function main([circuitName, presetName, runs, trainers, setting]: string[]): Promise<void> {
  const circuit = parseCircuitName(circuitName!);
  const preset = parsePreset(presetName!);
  const keys = await ensureDevelopmentKeys(preset.name, { cacheFolder });
  const backend = createBackend(JSON.parse(setting!) as BackendSetting);
  await backend.start();
  const prover = createProver(keys, backend);
  const { constraints } = await ensureCircuit(circuit, preset.name, { cacheFolder });
  for (let i = 0; i < warmUps; i++) await once(prover, circuit, Number(trainers));
  const samples: Sample[] = [];
  for (let i = 0; i < Number(runs); i++) samples.push(await once(prover, circuit, Number(trainers)));
  await backend.stop();
  const of = (name: Exclude<keyof Sample, 'engine'>) => timing(samples.map((sample) => sample[name]));
  const measured: Measured = {
    circuit,
    preset: preset.name,
    coordinates: preset.coordinatesPerChunk,
    constraints,
    perCoordinate: Math.round((100 * constraints) / preset.coordinatesPerChunk) / 100,
    engine: samples[0]!.engine,
    runs: samples.length,
    trainers: Number(trainers),
    commit: of('commit'),
    open: of('open'),
    witness: of('witness'),
    prove: of('prove'),
    verify: of('verify'),
    cpu: of('cpu'),
    peakMiB: peakMiB(),
  };
  console.log(JSON.stringify(measured));
}

if (import.meta.main) await main(process.argv.slice(2));
