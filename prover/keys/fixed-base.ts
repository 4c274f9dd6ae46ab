/**
 * Many multiples of one point: a table of `d 2^(w i) P` for signed digits d of w bits, then one mixed
 * addition a digit (Brickell, Gordon, McCurley, Wilson 1992, with signed digits). About 20 additions a
 * scalar.
 */
import { readLittle, viewOf } from '../kzg/bytes.ts';
import {
  type CurveModule,
  type CurveWasm,
  createCurveWasm,
  G1_BYTES,
  G1_JACOBIAN_BYTES,
  G2_BYTES,
  G2_JACOBIAN_BYTES,
} from '../kzg/wasm.ts';

export type GroupName = 'g1' | 'g2';

const WIDTH = 13;
const HALF = 1 << (WIDTH - 1);
/** Signed digits of a scalar below 2^254, the last carry included. */
const WINDOWS = Math.ceil(255 / WIDTH);
const BATCH = 2048;

/** Multiplies the group's generator. */
export interface FixedBase {
  /**
   * @param scalars below r, 32 bytes each, little end first.
   * @returns affine points in the form of a zkey (Montgomery, little end first; zeros for infinity).
   */
  multiply(scalars: Uint8Array): Uint8Array;
}

/** Builds the table: 0.2 s for G1, 0.8 s for G2. */
export async function createFixedBase(group: GroupName, module?: CurveModule): Promise<FixedBase> {
  const wasm = await createCurveWasm(module);
  const affine = group === 'g1' ? G1_BYTES : G2_BYTES;
  const jacobian = group === 'g1' ? G1_JACOBIAN_BYTES : G2_JACOBIAN_BYTES;
  const operation = (name: string) => wasm.call[`${group}m_${name}`]!;
  const add = operation('addMixed');
  const subtract = operation('subMixed');
  const zero = operation('zero');
  const toAffine = operation('batchToAffine');
  const table = buildTable(wasm, group, { affine, jacobian });
  const output = wasm.alloc(BATCH * jacobian);
  const digits = new Int32Array(WINDOWS);

  return {
    multiply(scalars) {
      const count = scalars.length / 32;
      const view = viewOf(scalars);
      const points = new Uint8Array(count * affine);
      for (let start = 0; start < count; start += BATCH) {
        const n = Math.min(BATCH, count - start);
        for (let i = 0; i < n; i++) {
          const target = output + i * jacobian;
          zero(target);
          signedDigits(readLittle(view, (start + i) * 32), digits);
          for (let window = 0; window < WINDOWS; window++) {
            const digit = digits[window]!;
            if (digit === 0) continue;
            const entry = table + (window * HALF + Math.abs(digit) - 1) * affine;
            (digit > 0 ? add : subtract)(target, entry, target);
          }
        }
        toAffine(output, n, output);
        points.set(wasm.read(output, n * affine), start * affine);
      }
      return points;
    },
  };
}

/** `table[window][d - 1] = d 2^(WIDTH window) P` for d = 1 .. HALF, affine. */
function buildTable(wasm: CurveWasm, group: GroupName, size: { affine: number; jacobian: number }): number {
  const operation = (name: string) => wasm.call[`${group}m_${name}`]!;
  const table = wasm.alloc(WINDOWS * HALF * size.affine);
  const row = wasm.alloc(HALF * size.jacobian);
  const base = wasm.alloc(size.jacobian);
  operation('copy')(group === 'g1' ? wasm.g1Generator : wasm.g2Generator, base);
  const add = operation('add');
  for (let window = 0; window < WINDOWS; window++) {
    operation('copy')(base, row);
    for (let d = 1; d < HALF; d++) add(row + (d - 1) * size.jacobian, base, row + d * size.jacobian);
    operation('double')(row + (HALF - 1) * size.jacobian, base);
    operation('batchToAffine')(row, HALF, row);
    wasm.write(table + window * HALF * size.affine, wasm.read(row, HALF * size.affine));
  }
  return table;
}

/** Digits in [-HALF, HALF], least significant first. */
function signedDigits(scalar: bigint, digits: Int32Array): void {
  const low = 2 ** WIDTH;
  let carry = 0;
  for (let window = 0; window < WINDOWS; window += 2) {
    // Two digits for each step through the big integer.
    const pair = Number((scalar >> BigInt(window * WIDTH)) & 0x3ffffffn);
    for (let k = 0; k < 2 && window + k < WINDOWS; k++) {
      const digit = (k === 0 ? pair % low : Math.floor(pair / low)) + carry;
      carry = digit > HALF ? 1 : 0;
      digits[window + k] = digit - carry * low;
    }
  }
}
