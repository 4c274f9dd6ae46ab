// Instances of the WebAssembly that circom writes, kept from one witness of a circuit to the next. All that such an instance
// knows is in its memory, which is as in a fresh one after each use, so nothing of one vector is left for the next. A
// fresh one for each witness would take megabytes that the system has to clear, which costs a quarter of a witness.
import { fieldOrder, Recent } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { type WasmMemory, webAssembly } from '../webassembly.ts';
import type { GeneratorCode } from './job.ts';

/**
 * What circom's generators export (circom 2, wasm). Elements pass through a shared place of eight 32-bit words, least
 * significant first.
 */
export interface Generator {
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
export const fieldWords = 8;

/** An instance, and what its runtime says to whoever uses it. */
interface Instance {
  readonly generator: Generator;
  readonly messages: string[];
  /** What a fresh memory holds that is not zero. */
  readonly image: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

/** Circuits that a thread keeps instances of: of `base` one takes 6 to 10 MB. */
const kept = new Recent<Instance>(8);

/**
 * Uses an instance whose memory is as when it was made, and is so again afterwards.
 *
 * @param id names the circuit in errors, such as `update/quick`.
 * @throws {ProverError} `witness` with the reason of circom's runtime; what `use` throws.
 */
export function withGenerator<T>(id: string, code: GeneratorCode, use: (generator: Generator) => T): T {
  const instance = kept.get(code.sha256) ?? instantiate(id, code);
  const { generator, messages, image } = instance;
  const { buffer } = generator.memory;
  try {
    return use(generator);
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    throw new ProverError('witness', [`${id}: ${error.message}`, ...messages].join('\n'));
  } finally {
    messages.length = 0;
    const memory = new Uint8Array(generator.memory.buffer).fill(0);
    for (const { at, bytes } of image) memory.set(bytes, at);
    // A memory that grew, which circom's does not, is not what a fresh instance has.
    if (generator.memory.buffer === buffer) kept.set(code.sha256, instance);
    else kept.delete(code.sha256);
  }
}

/** What circom's runtime ends a calculation with. */
class RuntimeFault extends Error {}

function instantiate(id: string, { module }: GeneratorCode): Instance {
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
      throw new RuntimeFault(failures[code] ?? `circom's runtime failed with code ${code}`);
    },
    printErrorMessage: () => void messages.push(message().trim()),
    writeBufferMessage: () => void message(),
    showSharedRWMemory: () => {},
  };
  const generator = new webAssembly.Instance(module, { runtime }).exports as unknown as Generator;
  const image = imageOf(new Uint8Array(generator.memory.buffer));
  generator.getRawPrime();
  const prime = sharedElement(generator).reduceRight((value, word) => (value << 32n) | BigInt(word), 0n);
  if (prime !== fieldOrder) {
    throw new ProverError(
      'witness',
      `${id}: the generator is over the field of order ${prime}, but circuits here are over BN254's`,
    );
  }
  return { generator, messages, image };
}

/** Bytes of a memory that are looked at together. */
const page = 4096;

/** The pages of a memory that are not all zero. */
function imageOf(memory: Uint8Array): Instance['image'] {
  const words = new Float64Array(memory.buffer);
  const pages: { at: number; bytes: Uint8Array }[] = [];
  for (let at = 0; at < memory.length; at += page) {
    if (words.subarray(at / 8, (at + page) / 8).some((word) => !Object.is(word, 0)))
      pages.push({ at, bytes: memory.slice(at, at + page) });
  }
  return pages;
}

const views = new WeakMap<ArrayBuffer, Uint32Array>();

/** The place through which elements pass. A memory that grew has another buffer. */
export function sharedElement({ memory, getSharedRWMemoryStart }: Generator): Uint32Array {
  const { buffer } = memory;
  const known = views.get(buffer) ?? new Uint32Array(buffer, getSharedRWMemoryStart(), fieldWords);
  views.set(buffer, known);
  return known;
}
