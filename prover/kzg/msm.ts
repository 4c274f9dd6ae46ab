// Sums of multiples of fixed points of G1 by the bucket method (Pippenger; Bernstein, Doumen, Lange,
// Oosterwijk 2012, https://eprint.iacr.org/2012/549), one window of bits at a time, in WebAssembly on the
// calling thread.
import { setImmediate } from 'node:timers/promises';
import { ProverError } from '../errors.ts';
import { readLittle, viewOf } from './bytes.ts';
import { readPoint } from './group.ts';
import { baseFieldOrder, type G1Point } from './points.ts';
import { type CurveWasm, createCurveWasm, g1Bytes, g1JacobianBytes } from './wasm.ts';

/** Points kept in WebAssembly memory, ready to be multiplied and added. */
export interface Bases {
  /** How many. */
  readonly count: number;
  /**
   * `sum_j scalar_j P_(first + j)`.
   * @param scalars unsigned, little end first; at most `count - first` of them.
   */
  sum(scalars: Uint8Array, form: ScalarForm): Promise<G1Point>;
}

/** How scalars are written, and which points they multiply. */
export interface ScalarForm {
  /** Bytes of a scalar. */
  readonly size: number;
  /** Bits that a scalar may have, at most `8 * size`; higher bits must be zero. */
  readonly bits: number;
  /** The first point; 0 unless given. */
  readonly first?: number;
}

/**
 * Loads points: affine, 64 bytes each, big end first; each canonical, on the curve, and not infinity.
 * @throws {ProverError} `point`, naming the first that is not.
 */
export async function loadBases(g1: Uint8Array): Promise<Bases> {
  const wasm = createCurveWasm();
  const count = g1.length / g1Bytes;
  const bases = wasm.alloc(g1.length);
  wasm.write(bases, reverseNumbers(g1));
  for (let i = 0; i < count; i++) toInnerForm(wasm, bases + i * g1Bytes, i);
  return inTurn(count, async (scalars, { n, size, bits, first }) => {
    // Four bytes of padding: the module reads whole 32-bit words.
    const address = wasm.alloc(scalars.length + 16 + 2 * g1JacobianBytes);
    try {
      wasm.write(address, scalars);
      return await sumWindows(wasm, { bases: bases + first * g1Bytes, scalars: address, size, n, bits });
    } finally {
      wasm.write(address, new Uint8Array(scalars.length));
      wasm.free(address);
    }
  });
}

/** A {@link ScalarForm} that fits its bases, and the number of scalars. */
interface CheckedForm extends Required<ScalarForm> {
  readonly n: number;
}

/**
 * Bases whose `sum` checks that the scalars fit, and runs one at a time: a sum leaves the event loop free between windows, but its memory is
 * one.
 * @param sum of scalars that fit.
 */
export function inTurn(
  count: number,
  sum: (scalars: Uint8Array, form: CheckedForm) => Promise<G1Point>,
): Bases {
  let last: Promise<unknown> = Promise.resolve();
  return {
    count,
    sum(scalars, { size, bits, first = 0 }) {
      const n = scalars.length / size;
      if (!Number.isInteger(n) || first + n > count) {
        const given = `${scalars.length} bytes of scalars from base ${first} on`;
        throw new ProverError('argument', `there are ${given}, but they do not fit ${count} bases`);
      }
      const turn = last.then(() => sum(scalars, { n, size, bits, first }));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function toInnerForm(wasm: CurveWasm, address: number, index: number): void {
  const numbers = viewOf(wasm.read(address, g1Bytes));
  const [x, y] = [readLittle(numbers, 0), readLittle(numbers, 32)];
  wasm.call.g1m_toMontgomeryAffine!(address, address);
  const canonical = x < baseFieldOrder && y < baseFieldOrder && y !== 0n;
  if (!canonical || wasm.call.g1m_inCurveAffine!(address) !== 1) {
    throw new ProverError('point', `point ${index}, (${x}, ${y}), is not a finite point of BN254's G1`, {
      mend: 'Get the file again: it was altered.',
    });
  }
}

interface WindowedSum {
  readonly bases: number;
  readonly scalars: number;
  readonly size: number;
  readonly n: number;
  readonly bits: number;
}

async function sumWindows(wasm: CurveWasm, { bases, scalars, size, n, bits }: WindowedSum): Promise<G1Point> {
  const total = scalars + ((size * n + 4 + 7) & ~7);
  const part = total + g1JacobianBytes;
  const width = windowBits(n, bits);
  wasm.call.g1m_zero!(total);
  for (let window = Math.ceil(bits / width) - 1; window >= 0; window--) {
    for (let i = 0; i < width; i++) wasm.call.g1m_double!(total, total);
    const start = window * width;
    wasm.call.g1m_multiexpAffine_chunk!(bases, scalars, size, n, start, Math.min(width, bits - start), part);
    wasm.call.g1m_add!(total, part, total);
    if (window > 0) await setImmediate();
  }
  const [x, y] = readPoint(wasm, total, 'g1m') as [bigint, bigint];
  return { x, y };
}

/**
 * The width that needs the fewest additions: `n` a window to fill the buckets and two for each bucket to
 * empty them.
 */
function windowBits(n: number, bits: number): number {
  let best = 1;
  let fewest = Number.POSITIVE_INFINITY;
  for (let width = 1; width <= 14; width++) {
    const additions = Math.ceil(bits / width) * (n + 2 * 2 ** width);
    if (additions < fewest) [fewest, best] = [additions, width];
  }
  return best;
}

/** Turns every 32-byte number end for end. */
function reverseNumbers(bytes: Uint8Array): Uint8Array {
  const reversed = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 32) reversed.set(bytes.subarray(i, i + 32).toReversed(), i);
  return reversed;
}
