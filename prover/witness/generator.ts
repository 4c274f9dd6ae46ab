// Runs the WebAssembly that circom writes for a circuit: inputs in, the whole witness out. The generator's checks help an
// honest prover; against a dishonest one only the constraints hold.
import { ProverError } from '../errors.ts';
import type { PackedInputs } from './inputs.ts';
import { fieldWords, type Generator, sharedElement, withGenerator } from './instance.ts';
import type { GeneratorJob } from './job.ts';
import { createWitnessFile } from './wtns.ts';

/**
 * The bytes of a `.wtns` file. The inputs are overwritten.
 *
 * @throws {ProverError} `witness` if an input is missing, misshapen, or breaks a constraint.
 */
export function runGenerator({ id, code, inputs }: GeneratorJob): Uint8Array<ArrayBuffer> {
  try {
    return withGenerator(id, code, (generator) => {
      checkShapes(id, generator, inputs);
      generator.init(1);
      setInputs(generator, inputs);
      const { bytes, entries } = createWitnessFile(generator.getWitnessSize());
      for (let at = 0, index = 0; at < entries.length; at += fieldWords, index++) {
        generator.getWitness(index);
        const element = sharedElement(generator);
        for (let word = 0; word < fieldWords; word++) entries[at + word] = element[word]!;
      }
      return bytes;
    });
  } finally {
    inputs.elements.fill(0);
  }
}

/**
 * Whether inputs have the circuit's names and sizes, told without calculating.
 *
 * @throws {ProverError} `witness` where they have not.
 */
export function checkInputs({ id, code, inputs }: GeneratorJob): void {
  withGenerator(id, code, (generator) => checkShapes(id, generator, inputs));
}

function checkShapes(id: string, generator: Generator, { names }: PackedInputs): void {
  let total = 0;
  for (const { name, count } of names) {
    const size = generator.getInputSignalSize(...wordsOf(name));
    if (size <= 0) throw new ProverError('witness', `${id}: the circuit has no input called ${name}`);
    if (size !== count) {
      throw new ProverError(
        'witness',
        `${id}: input ${name} has ${count} elements, but the circuit takes ${size}`,
      );
    }
    total += size;
  }
  if (total < generator.getInputSize()) {
    throw new ProverError(
      'witness',
      `${id}: ${total} of ${generator.getInputSize()} input elements were given`,
      { mend: 'Name every input of the circuit.' },
    );
  }
}

/** Hands over inputs that have been checked. The last one starts the calculation, which throws from the handler above. */
function setInputs(generator: Generator, { names, elements }: PackedInputs): void {
  const words = new Uint32Array(elements.buffer, elements.byteOffset, elements.length / 4);
  let at = 0;
  for (const { name, count } of names) {
    const hash = wordsOf(name);
    for (let i = 0; i < count; i++, at += fieldWords) {
      const element = sharedElement(generator);
      for (let word = 0; word < fieldWords; word++) element[word] = words[at + word]!;
      generator.setInputSignal(...hash, i);
    }
  }
}

/** The two words, the high one first, by which circom finds an input's name. */
function wordsOf(name: string): [number, number] {
  const hash = fnv1a(name);
  return [Number(hash >> 32n) | 0, Number(hash & 0xffffffffn) | 0];
}

/** 64-bit FNV-1a of a name. */
function fnv1a(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name, 'latin1')) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash;
}
