// How fast this machine proves one circuit of one preset, and what a proof takes of it: as an agent would prove it,
// verified each time.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  aggregate,
  alignment,
  alignmentSteps,
  createProver,
  type KeySet,
  type ProvenStatement,
  type Prover,
  type ProverBackend,
  squaredNorm,
  update,
} from '@murmuration/prover';
import type { CircuitName } from '../job/circuits.ts';
import { sampleReferences, sampleSum, sampleUpdate } from './samples.ts';

/** A circuit's figures on this machine. */
export interface Yield {
  readonly circuit: CircuitName;
  readonly preset: KeySet['preset'];
  /** What proved, such as `wasm/quads`. */
  readonly engine: string;
  readonly runs: number;
  /** Median of witness and proof together, in milliseconds, one proof at a time. */
  readonly ms: number;
  /** Proofs in an hour, one at a time. */
  readonly anHour: number;
  /** Processors that a proof keeps busy: processor time over time. */
  readonly processors: number;
  /** Peak of this process's memory meanwhile, in bytes: keys, tables and the proof. */
  readonly peak: number;
}

const gamma = 0x1234567890abcdef1234567890abcdef1234567890abcdefn;
/** Trainers of the sum that is proven: the cost does not depend on it. */
const trainers = 4;

/**
 * Measures a circuit. The first proof loads the key and warms up; it is not counted.
 * @param backend has been started; its owner stops it.
 * @param onRun hears of each proof that is done, from 0.
 */
export async function measureYield(
  {
    keys,
    backend,
    circuit,
  }: {
    readonly keys: KeySet;
    readonly backend: ProverBackend;
    readonly circuit: CircuitName;
  },
  runs: number,
  onRun: (run: number) => void,
): Promise<Yield> {
  forgetPeak();
  const prover = createProver(keys, backend);
  const times: number[] = [];
  let [busy, engine] = [0, ''];
  for (let run = 0; run <= runs; run++) {
    const work = await prepare(prover, circuit);
    const [started, before] = [performance.now(), process.cpuUsage()];
    const proven = await work();
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    engine = proven.engine;
    if (run > 0) {
      times.push(ms);
      busy += (user + system) / 1000;
    }
    onRun(run);
  }
  const ms = median(times);
  const total = times.reduce((sum, each) => sum + each, 0);
  return {
    circuit,
    preset: keys.preset,
    engine,
    runs,
    ms,
    anHour: 3_600_000 / ms,
    processors: busy / total,
    peak: peakBytes(),
  };
}

/** A proof of something fresh, up to the proving itself. */
async function prepare(prover: Prover, circuit: CircuitName): Promise<() => Promise<ProvenStatement>> {
  const kind = circuit === 'aggregate' ? 'aggregate' : 'update';
  const secret = kind === 'aggregate' ? sampleSum(prover.preset, trainers) : sampleUpdate(prover.preset);
  const { h } = await prover.commit(kind, secret);
  if (circuit === 'alignment') {
    const references = sampleReferences(prover.preset);
    const names = { hUpdate: [h], points: [await prover.referencePoint(references)] };
    const subject = { update: [secret], references: [references] };
    const [step] = await alignmentSteps(prover.preset, subject, names);
    return () => prover.prove(alignment, step!);
  }
  const { y } = await prover.open(kind, secret, gamma);
  const claim = { h, gamma, y };
  if (circuit === 'aggregate') return () => prover.prove(aggregate, { claim, secret });
  return () =>
    prover.prove(update, { claim: { ...claim, normBound: squaredNorm(secret.coordinates) }, secret });
}

/** Lets the kernel count the peak of memory anew, where it can. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere the peak is that of the process's whole life.
  }
}

function peakBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
