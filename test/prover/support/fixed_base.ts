// Many multiples of one point: a table of `d 2^(w i) P` for signed digits d of w bits, then one mixed
// addition a digit (Brickell, Gordon, McCurley, Wilson 1992, with signed digits). About 20 additions a
// scalar.
import { readLittle, viewOf } from '../../../prover/kzg/bytes.ts';
import {
  type CurveWasm,
  createCurveWasm,
  g1Bytes,
  g1JacobianBytes,
  g2Bytes,
  g2JacobianBytes,
} from '../../../prover/kzg/wasm.ts';

/** Which group's generator is multiplied. */
export type GroupName = 'g1' | 'g2';

const width = 13;
const half = 1 << (width - 1);
/** Signed digits of a scalar below 2^254, the last carry included. */
const windows = Math.ceil(255 / width);
const batch = 2048;

/** Multiplies the group's generator. */
export interface FixedBase {
  /**
   * @param scalars below r, 32 bytes each, little end first.
   * @returns affine points in the form of a zkey (Montgomery, little end first; zeros for infinity).
   */
  multiply(scalars: Uint8Array): Uint8Array;
}

/** Builds the table: 0.2 s for G1, 0.8 s for G2. */
export async function createFixedBase(group: GroupName): Promise<FixedBase> {
  const wasm = createCurveWasm();
  const affine = group === 'g1' ? g1Bytes : g2Bytes;
  const jacobian = group === 'g1' ? g1JacobianBytes : g2JacobianBytes;
  const operation = (name: string) => wasm.call[`${group}m_${name}`]!;
  const add = operation('addMixed');
  const subtract = operation('subMixed');
  const zero = operation('zero');
  const toAffine = operation('batchToAffine');
  const table = buildTable(wasm, group, { affine, jacobian });
  const output = wasm.alloc(batch * jacobian);
  const digits = new Int32Array(windows);

  return {
    multiply(scalars) {
      const count = scalars.length / 32;
      const view = viewOf(scalars);
      const points = new Uint8Array(count * affine);
      for (let start = 0; start < count; start += batch) {
        const n = Math.min(batch, count - start);
        for (let i = 0; i < n; i++) {
          const target = output + i * jacobian;
          zero(target);
          signedDigits(readLittle(view, (start + i) * 32), digits);
          for (let window = 0; window < windows; window++) {
            const digit = digits[window]!;
            if (digit === 0) continue;
            const entry = table + (window * half + Math.abs(digit) - 1) * affine;
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

/** `table[window][d - 1] = d 2^(width window) P` for d = 1 .. half, affine. */
function buildTable(wasm: CurveWasm, group: GroupName, size: { affine: number; jacobian: number }): number {
  const operation = (name: string) => wasm.call[`${group}m_${name}`]!;
  const table = wasm.alloc(windows * half * size.affine);
  const row = wasm.alloc(half * size.jacobian);
  const base = wasm.alloc(size.jacobian);
  operation('copy')(group === 'g1' ? wasm.g1Generator : wasm.g2Generator, base);
  const add = operation('add');
  for (let window = 0; window < windows; window++) {
    operation('copy')(base, row);
    for (let d = 1; d < half; d++) add(row + (d - 1) * size.jacobian, base, row + d * size.jacobian);
    operation('double')(row + (half - 1) * size.jacobian, base);
    operation('batchToAffine')(row, half, row);
    wasm.write(table + window * half * size.affine, wasm.read(row, half * size.affine));
  }
  return table;
}

/** Digits in [-half, half], least significant first. */
function signedDigits(scalar: bigint, digits: Int32Array): void {
  const low = 2 ** width;
  let carry = 0;
  for (let window = 0; window < windows; window += 2) {
    // Two digits for each step through the big integer.
    const pair = Number((scalar >> BigInt(window * width)) & 0x3ffffffn);
    for (let k = 0; k < 2 && window + k < windows; k++) {
      const digit = (k === 0 ? pair % low : Math.floor(pair / low)) + carry;
      carry = digit > half ? 1 : 0;
      digits[window + k] = digit - carry * low;
    }
  }
}
