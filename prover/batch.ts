// Many proofs and openings in one pairing product (Bellare, Garay, Rabin 1998, small exponents test): each
// equation is raised to a random weight of 128 bits and all are multiplied, so that pairs with the same point
// of G2 fold into one. A batch with a false statement passes with probability 2^-128. Weights are drawn after
// the statements are fixed, from the system's generator.
//
// n proofs of k keys and m openings take n + 3 k + 2 pairings instead of 4 n + 2 m.
import { fieldOrder as R, reasonOf } from '@murmuration/core';
import { randomBytes } from '@noble/curves/utils.js';
import type { Groth16Proof } from './backends/backend.ts';
import { parseKey, parseProof } from './groth16.ts';
import type { VerifyingKey } from './keys/verifying_key.ts';
import { type Multiple, sumOfMultiples } from './kzg/multiples.ts';
import { type OpeningClaim, openingLeft, parseOpening } from './kzg/open.ts';
import { type PairingInput, pairingProductIsOne, preparedG2Generator } from './kzg/pairing.ts';
import { type G2Point, parseG2 } from './kzg/points.ts';
import { prepareTau } from './kzg/srs.ts';

/** A proof with the key and the signals that it is about. */
export interface ProofClaim {
  /** The same object for proofs of one circuit: they are folded by it. */
  readonly key: VerifyingKey;
  /** As its author sent it. */
  readonly proof: Groth16Proof;
  /** As {@link verifyGroth16} takes them. */
  readonly publicSignals: readonly bigint[];
}

/** Proofs and openings that are verified together. */
export interface Batch {
  /** Of any circuits; may be empty. */
  readonly proofs: readonly ProofClaim[];
  /** May be empty. */
  readonly openings: readonly OpeningClaim[];
  /** `[tau]_2` of the SRS; all openings are under the same. */
  readonly tauG2: G2Point;
}

/** A claim of a batch that is false or malformed. */
export interface FalseClaim {
  /** Which of the batch's lists it is in. */
  readonly kind: 'proof' | 'opening';
  /** Its index in the batch's list. */
  readonly index: number;
  /** Why it was refused before any pairing, if it was. */
  readonly reason?: string;
}

/**
 * Whether every proof and every opening holds: n proofs of k keys and m openings in n + 3 k + 2 pairings. A
 * batch with a false claim passes with probability 2^-128. An empty batch holds. Called where a round is
 * verified at once; {@link findFalseClaims} says which claims are false.
 *
 * @throws {ProverError} for malformed input, as {@link verifyGroth16} and {@link verifyOpening} do.
 * @example
 * ```ts
 * import { randomBytes } from 'node:crypto';
 * import * as zk from '@murmuration/prover';
 *
 * const keys = await zk.ensureDevelopmentKeys('tiny', { cacheFolder: 'build' });
 * const backend = zk.createBackend({ name: 'snarkjs' });
 * await backend.start();
 * const prover = zk.createProver(keys, backend);
 * const gamma = 5n; // in earnest zk.challenge({ ... }), once commitment and h are public
 *
 * const proofs: zk.ProofClaim[] = [];
 * const openings: zk.OpeningClaim[] = [];
 * for (let trainer = 0; trainer < 2; trainer++) {
 *   const coordinates = new Int32Array(96).map(() => randomBytes(1).readInt8() >> 1);
 *   const secret = { coordinates, blinding: zk.randomBlinding() };
 *   const { commitment, h } = await prover.commit('update', secret);
 *   const opening = await prover.open('update', secret, gamma);
 *   const claim = { h, gamma, y: opening.y, normBound: zk.squaredNorm(coordinates) };
 *   const { proof, publicSignals } = await prover.prove(zk.update, { claim, secret });
 *   proofs.push({ key: keys.circuit('update').verifyingKey, proof, publicSignals });
 *   openings.push({ commitment, gamma, ...opening });
 * }
 * await backend.stop();
 *
 * const { tauG2 } = keys.srs;
 * console.log(zk.verifyBatch({ proofs, openings, tauG2 })); // true
 * openings[1] = { ...openings[1]!, y: openings[1]!.y + 1n };
 * console.log(zk.findFalseClaims({ proofs, openings, tauG2 })); // [ { kind: 'opening', index: 1 } ]
 * ```
 */
export function verifyBatch({ proofs, openings, tauG2 }: Batch): boolean {
  return pairingProductIsOne([...proofPairs(proofs), ...openingPairs(openings, tauG2)]);
}

/**
 * Every false or malformed claim, found by halving the batches that fail. Empty if the batch holds.
 *
 * @throws {ProverError} `point` for a `[tau]_2` that is not in G2: it is no claim of the batch.
 */
export function findFalseClaims(batch: Batch): FalseClaim[] {
  const found: FalseClaim[] = [];
  const search = (claims: readonly Located[]) => {
    if (claims.length === 0) return;
    try {
      if (verifyBatch(select(claims, batch.tauG2))) return;
      if (claims.length === 1) found.push({ kind: claims[0]!.kind, index: claims[0]!.index });
    } catch (error) {
      if (claims.length === 1) {
        found.push({ kind: claims[0]!.kind, index: claims[0]!.index, reason: reasonOf(error) });
      }
    }
    if (claims.length > 1) {
      const middle = claims.length >> 1;
      search(claims.slice(0, middle));
      search(claims.slice(middle));
    }
  };
  parseG2('[tau]_2', batch.tauG2);
  search([
    ...batch.proofs.map((claim, index) => ({ kind: 'proof' as const, index, claim })),
    ...batch.openings.map((claim, index) => ({ kind: 'opening' as const, index, claim })),
  ]);
  return found;
}

type Located =
  | { readonly kind: 'proof'; readonly index: number; readonly claim: ProofClaim }
  | { readonly kind: 'opening'; readonly index: number; readonly claim: OpeningClaim };

function select(claims: readonly Located[], tauG2: G2Point): Batch {
  return {
    proofs: claims.flatMap((one) => (one.kind === 'proof' ? [one.claim] : [])),
    openings: claims.flatMap((one) => (one.kind === 'opening' ? [one.claim] : [])),
    tauG2,
  };
}

/** `prod_i (e(-A_i, B_i) e(alpha, beta) e(IC_i, gamma) e(C_i, delta))^w_i`, folded by key. */
function proofPairs(proofs: readonly ProofClaim[]): PairingInput[] {
  const byKey = new Map<VerifyingKey, ProofClaim[]>();
  for (const claim of proofs) byKey.set(claim.key, [...(byKey.get(claim.key) ?? []), claim]);
  return [...byKey].flatMap(([key, claims]) => pairsOfKey(key, claims));
}

function pairsOfKey(key: VerifyingKey, claims: readonly ProofClaim[]): PairingInput[] {
  const { alpha, beta, gamma, delta, ic } = parseKey(key);
  const pairs: PairingInput[] = [];
  const icWeights = new Array<bigint>(ic.length).fill(0n);
  const weightedC: Multiple[] = [];
  const weightedPoints: Multiple[] = [];
  for (const { proof, publicSignals } of claims) {
    const { a, b, c, publicSignals: signals, point } = parseProof(key, proof, publicSignals);
    const scalar = randomWeight();
    pairs.push({ g1: sumOfMultiples([{ point: a.negate(), scalar }]), g2: b });
    weightedC.push({ point: c, scalar });
    weightedPoints.push({ point, scalar });
    [1n, ...signals].forEach((signal, i) => {
      icWeights[i] = (icWeights[i]! + scalar * signal) % R;
    });
  }
  const statement = [...ic.map((point, i) => ({ point, scalar: icWeights[i]! })), ...weightedPoints];
  pairs.push({ g1: sumOfMultiples([{ point: alpha, scalar: icWeights[0]! }]), g2: beta });
  pairs.push({ g1: sumOfMultiples(statement), g2: gamma });
  pairs.push({ g1: sumOfMultiples(weightedC), g2: delta });
  return pairs;
}

/** `e(sum w_i (C_i - y_i G1 + gamma_i pi_i), G2) e(-sum w_i pi_i, [tau]_2)`. */
function openingPairs(openings: readonly OpeningClaim[], tauG2: G2Point): PairingInput[] {
  const tau = prepareTau(tauG2);
  const parsed = openings.map((claim) => ({ ...parseOpening(claim), weight: randomWeight() }));
  const left = parsed.flatMap(({ weight, ...opening }) => openingLeft(opening, weight));
  const right = parsed.map(({ weight, proof }) => ({ point: proof.negate(), scalar: weight }));
  return [
    { g1: sumOfMultiples(left), g2: preparedG2Generator() },
    { g1: sumOfMultiples(right), g2: tau },
  ];
}

/** Uniform in [1, 2^128]. */
function randomWeight(): bigint {
  return BigInt(`0x${Buffer.from(randomBytes(16)).toString('hex')}`) + 1n;
}
