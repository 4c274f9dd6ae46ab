// A Groth16 proving key straight from a known secret (Groth 2016, section 3.2): the program of the circuit at
// tau, then multiples of the generators, in the sections and bases that snarkjs's prover reads.
import { fieldOrder as R } from '@murmuration/core';
import { packLittle, viewOf, writeLittle } from '../kzg/bytes.ts';
import { g1Bytes } from '../kzg/wasm.ts';
import type { Section } from './binary_file.ts';
import { invertAll } from './field.ts';
import type { MultiplierPool } from './pool.ts';
import { evaluateQap, oddLagrange } from './qap.ts';
import type { R1cs } from './r1cs.ts';
import type { Secret } from './secret.ts';
import { developmentMark, encodeHeader, zkeySection } from './zkey.ts';

const montgomerySquared = (1n << 512n) % R;

/** What the points of a key are multiples of, each list 32 bytes a number, little end first; and what it holds besides. */
export interface KeyScalars {
  readonly wires: number;
  readonly publics: number;
  readonly log2Domain: number;
  /** alpha, beta, delta. */
  readonly fixed1: Uint8Array<ArrayBuffer>;
  /** beta, gamma, delta. */
  readonly fixed2: Uint8Array<ArrayBuffer>;
  readonly ic: Uint8Array<ArrayBuffer>;
  readonly a: Uint8Array<ArrayBuffer>;
  readonly b: Uint8Array<ArrayBuffer>;
  readonly c: Uint8Array<ArrayBuffer>;
  readonly h: Uint8Array<ArrayBuffer>;
  /** The section of the coefficients. */
  readonly coefficients: Uint8Array<ArrayBuffer>;
}

/** Evaluates a circuit at a secret. Takes seconds for large ones, so that a thread does it: see scalars.ts. */
export function keyScalars(r1cs: R1cs, { tau, alpha, beta, gamma, delta }: Secret): KeyScalars {
  const { log2Domain, a, b, c } = evaluateQap(r1cs, tau);
  const [overGamma, overDelta] = invertAll([gamma, delta]) as [bigint, bigint];
  const publicWires = r1cs.publics + 1;
  const bound = a.map((value, wire) => {
    const sum = beta * value + alpha * b[wire]! + c[wire]!;
    return ((sum % R) * (wire < publicWires ? overGamma : overDelta)) % R;
  });
  return {
    wires: r1cs.wires,
    publics: r1cs.publics,
    log2Domain,
    fixed1: packLittle([alpha, beta, delta]),
    fixed2: packLittle([beta, gamma, delta]),
    ic: packLittle(bound.slice(0, publicWires)),
    a: packLittle(a),
    b: packLittle(b),
    c: packLittle(bound.slice(publicWires)),
    h: packLittle(oddLagrange(log2Domain, tau).map((value) => (value * overDelta) % R)),
    coefficients: encodeCoefficients(r1cs),
  };
}

/** All sections of the zkey. */
export async function generateZkey(scalars: KeyScalars, pool: MultiplierPool): Promise<Section[]> {
  const [fixed1, fixed2, ic, pointsA, pointsB1, pointsB2, pointsC, pointsH] = await Promise.all([
    pool.multiplyPacked('g1', scalars.fixed1),
    pool.multiplyPacked('g2', scalars.fixed2),
    pool.multiplyPacked('g1', scalars.ic),
    pool.multiplyPacked('g1', scalars.a),
    pool.multiplyPacked('g1', scalars.b),
    pool.multiplyPacked('g2', scalars.b),
    pool.multiplyPacked('g1', scalars.c),
    pool.multiplyPacked('g1', scalars.h),
  ]);
  const g1 = (i: number) => fixed1.subarray(i * g1Bytes, (i + 1) * g1Bytes);
  const g2 = (i: number) => fixed2.subarray(i * 2 * g1Bytes, (i + 1) * 2 * g1Bytes);
  const header = encodeHeader({
    wires: scalars.wires,
    publics: scalars.publics,
    domain: 2 ** scalars.log2Domain,
    points: [g1(0), g1(1), g2(0), g2(1), g1(2), g2(2)],
  });
  return [
    { type: zkeySection.protocol, bytes: Uint8Array.of(1, 0, 0, 0) },
    { type: zkeySection.header, bytes: header },
    { type: zkeySection.ic, bytes: ic },
    { type: zkeySection.coefficients, bytes: scalars.coefficients },
    { type: zkeySection.a, bytes: pointsA },
    { type: zkeySection.b1, bytes: pointsB1 },
    { type: zkeySection.b2, bytes: pointsB2 },
    { type: zkeySection.c, bytes: pointsC },
    { type: zkeySection.h, bytes: pointsH },
    { type: zkeySection.contributions, bytes: Buffer.concat([developmentMark, new Uint8Array(4)]) },
  ];
}

/**
 * A's and B's terms: matrix, row, wire, and the coefficient times 2^512 mod r (snarkjs multiplies it in
 * Montgomery form).
 */
function encodeCoefficients(r1cs: R1cs): Uint8Array<ArrayBuffer> {
  let terms = r1cs.publics + 1;
  r1cs.forEachTerm((matrix) => {
    if (matrix < 2) terms++;
  });
  const bytes = new Uint8Array(4 + terms * 44);
  const view = viewOf(bytes);
  view.setUint32(0, terms, true);
  let position = 4;
  const scaled = new Map<bigint, bigint>();
  const write = (matrix: number, row: number, wire: number, coefficient: bigint) => {
    let value = scaled.get(coefficient);
    if (value === undefined) {
      value = (coefficient * montgomerySquared) % R;
      scaled.set(coefficient, value);
    }
    view.setUint32(position, matrix, true);
    view.setUint32(position + 4, row, true);
    view.setUint32(position + 8, wire, true);
    writeLittle(view, position + 12, value);
    position += 44;
  };
  r1cs.forEachTerm((matrix, row, wire, coefficient) => {
    if (matrix < 2) write(matrix, row, wire, coefficient);
  });
  for (let wire = 0; wire <= r1cs.publics; wire++) write(0, r1cs.constraints + wire, wire, 1n);
  return bytes;
}
