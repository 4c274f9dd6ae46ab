// A prepared Powers of Tau file from a known secret, in seconds instead of minutes. Its maker can forge: for
// tests only.
import { fieldOrder as R } from '@murmuration/core';
import { writeBinaryFile } from '../../../prover/keys/binary_file.ts';
import { lagrangeAt } from '../../../prover/keys/field.ts';
import { startPool } from '../../../prover/keys/pool.ts';
import { viewOf, writeLittle } from '../../../prover/kzg/bytes.ts';
import { baseFieldOrder } from '../../../prover/kzg/points.ts';

const [tau, alpha, beta] = [123456789123456789n, 987654321987654321n, 192837465192837465n];

/** Writes a file of this power: sections as snarkjs's `powersoftau` makes them. */
export async function writeTestPtau(path: string, power: number): Promise<void> {
  const size = 2 ** power;
  const powers = (count: number, factor = 1n) => {
    const list = new Array<bigint>(count);
    for (let i = 0, value = factor; i < count; i++, value = (value * tau) % R) list[i] = value;
    return list;
  };
  const bases = (top: number, factor = 1n) =>
    Array.from({ length: top + 1 }, (_, p) => (p === 0 ? [1n] : lagrangeAt(tau, p)))
      .flat()
      .map((value) => (value * factor) % R);
  const header = new Uint8Array(44);
  const view = viewOf(header);
  view.setUint32(0, 32, true);
  writeLittle(view, 4, baseFieldOrder);
  view.setUint32(36, power, true);
  view.setUint32(40, power, true);
  const pool = await startPool();
  try {
    await writeBinaryFile(path, 'ptau', [
      { type: 1, bytes: header },
      { type: 2, bytes: await pool.multiply('g1', powers(2 * size - 1)) },
      { type: 3, bytes: await pool.multiply('g2', powers(size)) },
      { type: 4, bytes: await pool.multiply('g1', powers(size, alpha)) },
      { type: 5, bytes: await pool.multiply('g1', powers(size, beta)) },
      { type: 6, bytes: await pool.multiply('g2', [beta]) },
      { type: 7, bytes: new Uint8Array(4) },
      { type: 12, bytes: await pool.multiply('g1', bases(power + 1)) },
      { type: 13, bytes: await pool.multiply('g2', bases(power)) },
      { type: 14, bytes: await pool.multiply('g1', bases(power, alpha)) },
      { type: 15, bytes: await pool.multiply('g1', bases(power, beta)) },
    ]);
  } finally {
    await pool.stop();
  }
}
