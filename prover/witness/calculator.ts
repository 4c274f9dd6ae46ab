// Runs the WebAssembly that circom writes for a circuit: named inputs in, the whole witness out. Every
// calculation has a fresh instance, so nothing of one vector is left for the next. The generator's checks
// help an honest prover; against a dishonest one only the constraints hold.

import { readFile } from 'node:fs/promises';
import { fieldOrder } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { type WasmModule, webAssembly } from '../webassembly.ts';
import { encodeWitness } from './wtns.ts';

/** Values of a circuit's inputs by name; elements in [0, r), a single signal as a list of one. */
export type WitnessInput = Readonly<Record<string, readonly bigint[]>>;

/** A circuit's witness generator, ready to run. */
export interface WitnessCalculator {
  /**
   * Whether the inputs have the circuit's names, sizes and range, told without calculating.
   *
   * @throws {ProverError} `witness` where they have not.
   */
  check(input: WitnessInput): Promise<void>;
  /**
   * The bytes of a `.wtns` file.
   *
   * @throws {ProverError} `witness` if an input is missing, misshapen, or breaks a constraint.
   */
  calculate(input: WitnessInput): Promise<Uint8Array>;
}

/**
 * What circom's generators export (circom 2, wasm). Elements pass through a shared buffer of 32-bit words.
 */
interface Generator {
  getRawPrime(): void;
  getWitnessSize(): number;
  getInputSize(): number;
  getInputSignalSize(hashHigh: number, hashLow: number): number;
  setInputSignal(hashHigh: number, hashLow: number, index: number): void;
  getWitness(index: number): void;
  readSharedRWMemory(word: number): number;
  writeSharedRWMemory(word: number, value: number): void;
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
 * Prepares the generator in a file that circom wrote.
 *
 * @param id names the circuit in errors, such as `update/quick`.
 */
export async function loadWitnessCalculator(id: string, wasmPath: string): Promise<WitnessCalculator> {
  const module = await webAssembly.compile(await readFile(wasmPath));
  return {
    check: async (input) => checkInputs(id, await instantiate(id, module), input),
    calculate: async (input) => {
      const generator = await instantiate(id, module);
      checkInputs(id, generator, input);
      generator.init(1);
      setInputs(generator, input);
      return encodeWitness(generator.getWitnessSize(), (index) => {
        generator.getWitness(index);
        return (word) => generator.readSharedRWMemory(word);
      });
    },
  };
}

async function instantiate(id: string, module: WasmModule): Promise<Generator> {
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
  const instance = await webAssembly.instantiate(module, { runtime });
  const generator = instance.exports as unknown as Generator;
  generator.getRawPrime();
  let prime = 0n;
  for (let word = fieldWords - 1; word >= 0; word--) {
    prime = (prime << 32n) | BigInt(generator.readSharedRWMemory(word) >>> 0);
  }
  if (prime !== fieldOrder) {
    throw new ProverError(
      'witness',
      `${id}: the generator is over the field of order ${prime}, but circuits here are over BN254's`,
    );
  }
  return generator;
}

function checkInputs(id: string, generator: Generator, input: WitnessInput): void {
  let count = 0;
  for (const [name, values] of Object.entries(input)) {
    const size = generator.getInputSignalSize(...wordsOf(name));
    if (size <= 0) throw new ProverError('witness', `${id}: the circuit has no input called ${name}`);
    if (size !== values.length) {
      throw new ProverError(
        'witness',
        `${id}: input ${name} has ${values.length} elements, but the circuit takes ${size}`,
      );
    }
    values.forEach((value, i) => {
      if (value < 0n || value >= fieldOrder) {
        throw new ProverError('witness', `${id}: ${name}[${i}] is ${value}, but an element lies in [0, r)`, {
          mend: 'Reduce it modulo r first.',
        });
      }
    });
    count += size;
  }
  if (count < generator.getInputSize()) {
    throw new ProverError(
      'witness',
      `${id}: ${count} of ${generator.getInputSize()} input elements were given`,
      { mend: 'Name every input of the circuit.' },
    );
  }
}

/** Hands over inputs that have been checked. The last one starts the calculation, which throws from the handler above. */
function setInputs(generator: Generator, input: WitnessInput): void {
  for (const [name, values] of Object.entries(input)) {
    const words = wordsOf(name);
    values.forEach((value, i) => {
      for (let word = 0, rest = value; word < fieldWords; word++, rest >>= 32n) {
        generator.writeSharedRWMemory(word, Number(rest & 0xffffffffn) | 0);
      }
      generator.setInputSignal(...words, i);
    });
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
