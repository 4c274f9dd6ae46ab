// Products of pairings over BN254 (EIP-197's check, computed with noble-curves).
import { bn254 } from '@noble/curves/bn254.js';
import type { G1, G2 } from './points.ts';

export const g1Generator: G1 = bn254.G1.Point.BASE;
export const g2Generator: G2 = bn254.G2.Point.BASE;

export interface PairingInput {
  readonly g1: G1;
  readonly g2: G2;
}

/**
 * Whether `prod e(g1_i, g2_i) = 1`. A pair with infinity contributes 1. The points must have been checked.
 */
export function pairingProductIsOne(pairs: readonly PairingInput[]): boolean {
  const finite = pairs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
  if (finite.length === 0) return true;
  const { Fp12 } = bn254.fields;
  return Fp12.eql(bn254.pairingBatch([...finite], true), Fp12.ONE);
}
