// Runs the WebAssembly that circom writes for a circuit: inputs in, the whole witness out. Every calculation has a fresh
// instance, whose memory is overwritten at the end, so nothing of one vector is left for the next. The generator's checks
// help an honest prover; against a dishonest one only the constraints hold.
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { type WasmMemory, type WasmModule, webAssembly } from '../webassembly.ts';
import type { PackedInputs } from './inputs.ts';
import { createWitnessFile } from './wtns.ts';

/**
 * What circom's generators export (circom 2, wasm). Elements pass through a shared place of eight 32-bit words, least
 * significant first.
 */
interface Generator {
  readonly memory: WasmMemory;
  getSharedRWMemoryStart(): number;
  getRawPrime(): void;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, index: number): void;
  getWitness(index: number): void;
  getMessageChar(): number;
  init(sanityCheck: number): void;
}

/** Codes of circom's runtime. */
const failures: Readonly<Record<number, string>> = {
  1: 'an input signal is unknown',
  2: 'too many input signals',
  3: 'an input signal was set twice',
  4: 'a constraint does not hold',
  5: 'not enough memory',
  6: 'an input signal has too many elements',
  7: 'an array was read out of bounds',
};
/** 32-bit words of an element. */
const fieldWords = 8;

/**
 * The bytes of a `.wtns` file.
 *
 * @param id names the circuit in errors, such as `update/quick`.
 * @param inputs are overwritten.
 * @throws {ProverError} `witness` if an input is missing, misshapen, or breaks a constraint.
 */
export function runGenerator(id: string, module: WasmModule, inputs: PackedInputs): Uint8Array<ArrayBuffer> {
  const generator = instantiate(id, module);
  try {
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
  } finally {
    new Uint8Array(generator.memory.buffer).fill(0);
    inputs.elements.fill(0);
  }
}

/**
 * Whether inputs have the circuit's names and sizes, told without calculating.
 *
 * @throws {ProverError} `witness` where they have not.
 */
export function checkInputs(id: string, module: WasmModule, inputs: PackedInputs): void {
  checkShapes(id, instantiate(id, module), inputs);
}

function instantiate(id: string, module: WasmModule): Generator {
  const messages: string[] = [];
  const message = () => {
    let text = '';
    for (let code = generator.getMessageChar(); code !== 0; code = generator.getMessageChar()) {
      text += String.fromCharCode(code);
    }
    return text;
  };
  const runtime = {
    exceptionHandler(code: number) {
      const reason = failures[code] ?? `circom's runtime failed with code ${code}`;
      throw new ProverError('witness', [`${id}: ${reason}`, ...messages].join('\n'));
    },
    printErrorMessage: () => void messages.push(message().trim()),
    writeBufferMessage: () => void message(),
    showSharedRWMemory: () => {},
  };
  const generator = new webAssembly.Instance(module, { runtime }).exports as unknown as Generator;
  generator.getRawPrime();
  const prime = sharedElement(generator).reduceRight((value, word) => (value << 32n) | BigInt(word), 0n);
  if (prime !== fieldOrder) {
    throw new ProverError(
      'witness',
      `${id}: the generator is over the field of order ${prime}, but circuits here are over BN254's`,
    );
  }
  return generator;
}

const views = new WeakMap<ArrayBuffer, Uint32Array>();

/** The place through which elements pass. A memory that grew has another buffer. */
function sharedElement({ memory, getSharedRWMemoryStart }: Generator): Uint32Array {
  const { buffer } = memory;
  const known = views.get(buffer) ?? new Uint32Array(buffer, getSharedRWMemoryStart(), fieldWords);
  views.set(buffer, known);
  return known;
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
