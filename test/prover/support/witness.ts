// An honest update of `tiny` as inputs and as a witness.
import {
  createBackend,
  createProver,
  type KeySet,
  randomBlinding,
  squaredNorm,
  update,
} from '@murmuration/prover';
import { witnessInput } from '../../../prover/statements/index.ts';
import { loadWitnessCalculator, type WitnessInput } from '../../../prover/witness/index.ts';

/** Inputs of the update circuit of these keys, and the bytes of their `.wtns` file. */
export async function honestInput(keys: KeySet): Promise<{ input: WitnessInput; witness: Uint8Array }> {
  const prover = createProver(keys, createBackend({ name: 'snarkjs' }));
  const coordinates = Int32Array.from(
    { length: prover.preset.coordinatesPerChunk },
    (_, j) => ((j * 7919) % 255) - 127,
  );
  const vector = { coordinates, blinding: randomBlinding() };
  const { h } = await prover.commit('update', vector);
  const gamma = 1234567890123456789n;
  const { y } = await prover.open('update', vector, gamma);
  const claim = { h, gamma, y, normBound: squaredNorm(coordinates) };
  const { provingKey, wasm } = keys.circuit('update');
  const calculator = await loadWitnessCalculator(provingKey.id, wasm.path);
  const input = witnessInput(update, prover.preset, { claim, secret: vector });
  return { input, witness: await calculator.calculate(input) };
}

/** The bytes of a `.wtns` file for the update circuit of these keys. */
export async function honestWitness(keys: KeySet): Promise<Uint8Array> {
  return (await honestInput(keys)).witness;
}
