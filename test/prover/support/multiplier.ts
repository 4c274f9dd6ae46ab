// What makes the points of small keys: a few multiples of generators, in this thread, by noble-curves.
import { bn254 } from '@noble/curves/bn254.js';
import type { MultiplierPool } from '../../../prover/keys/pool.ts';
import { packLittle, readLittle, viewOf, writeLittle } from '../../../prover/kzg/bytes.ts';
import { baseFieldOrder } from '../../../prover/kzg/points.ts';

export const multiplier: MultiplierPool = {
  multiply: (group, scalars) => multiplyPacked(group, packLittle(scalars)),
  multiplyPacked,
  stop: async () => {},
};

async function multiplyPacked(group: 'g1' | 'g2', scalars: Uint8Array): Promise<Uint8Array> {
  const size = group === 'g1' ? 64 : 128;
  const count = scalars.length / 32;
  const points = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    const scalar = readLittle(viewOf(scalars), 32 * i);
    if (scalar === 0n) continue;
    const numbers =
      group === 'g1'
        ? Object.values(pick(bn254.G1.Point.BASE.multiply(scalar).toAffine()))
        : Object.values(pick(bn254.G2.Point.BASE.multiply(scalar).toAffine())).flatMap(({ c0, c1 }) => [
            c0,
            c1,
          ]);
    numbers.forEach((value, k) => {
      writeLittle(viewOf(points), size * i + 32 * k, (value << 256n) % baseFieldOrder);
    });
  }
  return points;
}
const pick = <T>({ x, y }: { x: T; y: T }) => ({ x, y });
