// Measures provers side by side: the same witness, all of them started, one proof of each in turn. Wall time and processor time of each
// proof in milliseconds; what else runs on the machine meets all alike.
import {
  type BackendSetting,
  createBackend,
  createProver,
  type KeySet,
  type ProverBackend,
  squaredNorm,
  update,
} from '@murmuration/prover';
import { sampleUpdate } from '../../node/service/bench/samples.ts';
import { witnessInput } from '../../prover/statements/index.ts';
import { loadWitnessCalculator } from '../../prover/witness/index.ts';
import { type Timing, timing, warmUps } from './statistics.ts';

/** One prover's figures for one witness. */
export interface MeasuredProver {
  /** Such as `wasm/quads, 2 threads`. */
  readonly prover: string;
  readonly wall: Timing;
  /** Of all threads; none for a program of its own, whose time this process cannot see. The check that follows each proof is included. */
  readonly processor: Timing | undefined;
}

export interface Contestant {
  readonly name: string;
  readonly setting: BackendSetting;
}

/** The witness of a random update. */
export async function updateWitness(keys: KeySet): Promise<Uint8Array> {
  const backend = createBackend({ name: 'wasm' });
  const prover = createProver(keys, backend);
  const vector = sampleUpdate(prover.preset);
  const gamma = 0x1234567890abcdef1234567890abcdefn;
  const { h } = await prover.commit('update', vector);
  const { y } = await prover.open('update', vector, gamma);
  const claim = { h, gamma, y, normBound: squaredNorm(vector.coordinates) };
  const { provingKey, wasm } = keys.circuit('update');
  const calculator = await loadWitnessCalculator(provingKey.id, wasm.path);
  return calculator.calculate(witnessInput(update, prover.preset, { claim, secret: vector }));
}

/** @param witness of the circuit `update`. */
export async function measureProvers(
  keys: KeySet,
  witness: Uint8Array,
  contestants: readonly Contestant[],
  runs: number,
): Promise<MeasuredProver[]> {
  const key = keys.circuit('update').provingKey;
  const started: {
    name: string;
    setting: BackendSetting;
    backend: ProverBackend;
    wall: number[];
    processor: number[];
  }[] = [];
  try {
    for (const { name, setting } of contestants) {
      const backend = createBackend(setting);
      started.push({ name, setting, backend, wall: [], processor: [] });
      await backend.start();
      for (let i = 0; i < warmUps; i++) await backend.prove({ key, witness });
    }
    for (let run = 0; run < runs; run++) {
      for (const { backend, wall, processor } of started) {
        const before = process.cpuUsage();
        const { proveMs } = await backend.prove({ key, witness });
        const { user, system } = process.cpuUsage(before);
        wall.push(proveMs);
        processor.push((user + system) / 1000);
      }
    }
  } finally {
    for (const { backend } of started) await backend.stop();
  }
  return started.map(({ name, setting, wall, processor }) => ({
    prover: name,
    wall: timing(wall),
    processor: setting.name === 'rapidsnark' ? undefined : timing(processor),
  }));
}
