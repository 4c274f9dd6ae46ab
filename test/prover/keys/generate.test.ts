// Keys made from a known secret, checked against the equations that they must satisfy.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCircuit, readSections } from '@murmuration/circuits';
import { fieldOrder as R } from '@murmuration/core';
import { bn254 } from '@noble/curves/bn254.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBinaryFile } from '../../../prover/keys/binary_file.ts';
import { invertAll, lagrangeAt, power, rootOfUnity } from '../../../prover/keys/field.ts';
import { generateZkey, keyScalars } from '../../../prover/keys/generate.ts';
import { readZkey } from '../../../prover/keys/index.ts';
import { type MultiplierPool, startPool } from '../../../prover/keys/pool.ts';
import { evaluateQap, oddLagrange } from '../../../prover/keys/qap.ts';
import { parseR1cs } from '../../../prover/keys/r1cs.ts';
import { scalarsInThread } from '../../../prover/keys/scalars.ts';
import { developmentSecret } from '../../../prover/keys/secret.ts';
import { readG1, readG2 } from '../../../prover/keys/zkey.ts';
import { viewOf } from '../../../prover/kzg/bytes.ts';
import { g1ToPoint, g2ToPoint } from '../../../prover/kzg/points.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { cubic, cubicWitness } from '../support/small.ts';

const secret = developmentSecret('test', '00');
const mod = (value: bigint) => ((value % R) + R) % R;
const inner = (column: readonly bigint[], witness: readonly bigint[]) =>
  mod(column.reduce((sum, value, i) => sum + value * witness[i]!, 0n));

describe('the field', () => {
  it('has roots of unity as snarkjs numbers them', () => {
    expect(power(rootOfUnity(3), 8n)).toBe(1n);
    expect(power(rootOfUnity(3), 4n)).toBe(R - 1n);
    expect(rootOfUnity(28)).toBe(
      19103219067921713944291392827692070036145651957329286315305642004821462161904n,
    );
    expect(() => rootOfUnity(29)).toThrow(/2\^29/);
  });
  it('interpolates', () => {
    const f = (x: bigint) => mod(3n + 5n * x + 7n * x * x);
    const root = rootOfUnity(2);
    const basis = lagrangeAt(secret.tau, 2);
    expect(
      inner(
        basis,
        [0n, 1n, 2n, 3n].map((i) => f(power(root, i))),
      ),
    ).toBe(f(secret.tau));
    expect(mod(lagrangeAt(secret.tau, 3, 7n).reduce((sum, value) => sum + value, 0n))).toBe(1n);
  });
  it('inverts many at once, and not zero', () => {
    expect(invertAll([2n, 3n]).map((value, i) => mod(value * BigInt(i + 2)))).toEqual([1n, 1n]);
    expect(() => invertAll([1n, 0n])).toThrow(/values\[1\] is 0/);
  });
});

describe('numbers from a thread', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'murmuration-scalars-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those of the calling one, and faults are told in the same words', async () => {
    const { r1cs } = await ensureCircuit('update', 'tiny', { cacheFolder });
    const bytes = await readFile(r1cs.path);
    expect(await scalarsInThread(r1cs.path, secret)).toEqual(keyScalars(parseR1cs('update', bytes), secret));

    const constraints = readSections(bytes, 'r1cs').find(({ type }) => type === 2)!.bytes;
    const view = viewOf(constraints);
    let at = 0;
    while (view.getUint32(at, true) === 0) at += 4;
    view.setUint32(at + 4, 0xffff_ffff, true);
    const path = join(folder, 'altered.r1cs');
    await writeFile(path, bytes);
    expect(() => keyScalars(parseR1cs(path, bytes), secret)).toThrow(/names wire 4294967295/);
    await expect(scalarsInThread(path, secret)).rejects.toMatchObject({
      name: 'ProverError',
      code: 'key-file',
      message: expect.stringMatching(/altered.r1cs: constraint 0 names wire 4294967295, but there are/),
      mend: 'Compile the circuit again.',
    });
    await writeFile(path, 'nothing');
    await expect(scalarsInThread(path, secret)).rejects.toMatchObject({ name: 'CircuitError' });
  });
});

describe('the program of a circuit', () => {
  const { a, b, c, log2Domain } = evaluateQap(cubic, secret.tau);
  const vanishing = mod(power(secret.tau, 2n ** BigInt(log2Domain)) - 1n);

  // A B - C at tau is H Z for a witness; the odd Lagrange basis gives the same number from the values on the
  // odd points alone.
  const remainder = (witness: readonly bigint[]) => {
    const rows = 2 ** log2Domain;
    const values = (matrix: number) => {
      const list = new Array<bigint>(rows).fill(0n);
      cubic.forEachTerm((m, row, wire, k) => {
        if (m === matrix) list[row] = mod(list[row]! + k * witness[wire]!);
      });
      if (matrix === 0) for (let s = 0; s <= cubic.publics; s++) list[cubic.constraints + s] = witness[s]!;
      return list;
    };
    const [left, right, product] = [values(0), values(1), values(2)];
    const shift = rootOfUnity(log2Domain + 1);
    const odd = Array.from({ length: rows }, (_, i) => {
      const at = mod(shift * power(rootOfUnity(log2Domain), BigInt(i)));
      const basis = lagrangeAt(at, log2Domain);
      return mod(inner(basis, left) * inner(basis, right) - inner(basis, product));
    });
    return {
      direct: mod(inner(a, witness) * inner(b, witness) - inner(c, witness)),
      odd: inner(oddLagrange(log2Domain, secret.tau), odd),
    };
  };
  it('is divisible for a witness, and the odd points say so', () => {
    const { direct, odd } = remainder(cubicWitness(3n));
    expect(odd).toBe(direct);
    expect(vanishing).not.toBe(0n);
  });
  it('is not for an edited one', () => {
    const witness = cubicWitness(3n);
    witness[4] = mod(witness[4]! + 1n);
    const { direct, odd } = remainder(witness);
    expect(odd).not.toBe(direct);
  });
  it('refuses a tau in the domain', () => {
    expect(() => evaluateQap(cubic, rootOfUnity(log2Domain + 1))).toThrow(/tau lies in/);
  });
});

describe('the threads', () => {
  it('end with their pool, and what they multiply rejects', async () => {
    const threads = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length;
    const before = threads();
    const pool = await startPool(2);
    expect(threads()).toBe(before + 2);
    const under = expect(pool.multiply('g1', [1n, 2n])).rejects.toThrow('the key threads were stopped');
    await pool.stop();
    await under;
    expect(threads()).toBe(before);
  });
});

describe('the key', () => {
  let pool: MultiplierPool;
  let folder: string;
  beforeAll(async () => {
    pool = await startPool(1);
    folder = await mkdtemp(join(tmpdir(), 'murmuration-zkey-'));
  });
  afterAll(async () => {
    await pool.stop();
    await rm(folder, { recursive: true });
  });

  it('is the program in the exponent', async () => {
    const path = join(folder, 'cubic.zkey');
    await writeBinaryFile(path, 'zkey', await generateZkey(keyScalars(cubic, secret), pool));
    const { verifyingKey, ...info } = await readZkey(path);
    const { alpha, beta, gamma, delta } = secret;
    const { a, b, c } = evaluateQap(cubic, secret.tau);
    const overGamma = power(gamma, R - 2n);
    expect(info).toMatchObject({ wires: 5, publics: 2, domain: 8, contributions: 0, development: true });
    expect(verifyingKey.alpha).toEqual(g1ToPoint(bn254.G1.Point.BASE.multiply(alpha)));
    expect(verifyingKey.beta).toEqual(g2ToPoint(bn254.G2.Point.BASE.multiply(beta)));
    expect(verifyingKey.gamma).toEqual(g2ToPoint(bn254.G2.Point.BASE.multiply(gamma)));
    expect(verifyingKey.delta).toEqual(g2ToPoint(bn254.G2.Point.BASE.multiply(delta)));
    expect(verifyingKey.ic).toEqual(
      [0, 1, 2].map((s) => {
        const scalar = mod(mod(beta * a[s]! + alpha * b[s]! + c[s]!) * overGamma);
        return g1ToPoint(bn254.G1.Point.BASE.multiply(scalar));
      }),
    );
  });
  it('multiplies what is at the edges of a digit', async () => {
    const scalars = [0n, 1n, 2n, 4095n, 4096n, 4097n, 8191n, 8192n, R - 1n, (R - 1n) / 2n, 2n ** 253n];
    const g1 = viewOf(await pool.multiply('g1', scalars));
    const g2 = viewOf(await pool.multiply('g2', scalars));
    scalars.forEach((scalar, i) => {
      const [one, two] = [
        bn254.G1.Point.BASE.multiplyUnsafe(scalar),
        bn254.G2.Point.BASE.multiplyUnsafe(scalar),
      ];
      expect(readG1(g1, 64 * i)).toEqual(g1ToPoint(one));
      expect(readG2(g2, 128 * i)).toEqual(g2ToPoint(two));
    });
  });
});
