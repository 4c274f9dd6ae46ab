// KZG over BN254: powers, commitments, openings, and the points they are made of.
export { combine, commit } from './commit.ts';
export { type Bases, loadBases } from './msm.ts';
export { sumOfMultiples } from './multiples.ts';
export { coefficients, type Opening, type OpeningClaim, open, verifyOpening } from './open.ts';
export {
  baseFieldOrder,
  type Fp2,
  type G1Point,
  type G2Point,
  g1FromWords,
  g1ToPoint,
  g1Words,
  g2FromWords,
  g2Words,
  parseG1,
  parseG2,
} from './points.ts';
export { sumOfSmall } from './small.ts';
export { decodeSrs, encodeSrs, type Srs, verifySrs } from './srs.ts';
