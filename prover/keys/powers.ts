// KZG's powers from a known tau, for development keys.
import { fieldOrder as R } from '@murmuration/core';
import { viewOf, writeBig } from '../kzg/bytes.ts';
import type { Srs } from '../kzg/index.ts';
import { g1Bytes } from '../kzg/wasm.ts';
import type { MultiplierPool } from './pool.ts';
import { readG1, readG2 } from './zkey.ts';

/** `[tau^i]_1` for i below `count`, and `[tau]_2`. */
export async function powersOf(
  tau: bigint,
  count: number,
  pool: MultiplierPool,
): Promise<Omit<Srs, 'bases'>> {
  const scalars = new Array<bigint>(count);
  for (let i = 0, power = 1n; i < count; i++, power = (power * tau) % R) scalars[i] = power;
  const points = await pool.multiply('g1', scalars);
  const tauG2 = readG2(viewOf(await pool.multiply('g2', [tau])), 0);
  return { powers: count, g1: toBigEndian(points), tauG2 };
}

/** Affine points of G1 from the form of a zkey or ptau file to x and y, big end first. */
export function toBigEndian(points: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(points.length);
  const [from, to] = [viewOf(points), viewOf(bytes)];
  for (let offset = 0; offset < points.length; offset += g1Bytes) {
    const { x, y } = readG1(from, offset);
    writeBig(to, offset, x);
    writeBig(to, offset + 32, y);
  }
  return bytes;
}
