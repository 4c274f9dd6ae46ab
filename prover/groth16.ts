// Groth16 proofs outside of any backend: their checks at the door, their words for contracts, their
// verification `e(A, B) = e(alpha, beta) e(IC, gamma) e(C, delta)` (Groth 2016,
// https://eprint.iacr.org/2016/260, section 3.2).
import type { Groth16Proof } from './backends/backend.ts';
import { ProverError } from './errors.ts';
import { checkField } from './field.ts';
import { checkVerifyingKey, type VerifyingKey } from './keys/verifying_key.ts';
import { sumOfMultiples } from './kzg/multiples.ts';
import { type PairingInput, type PreparedG2, pairingProductIsOne, prepareG2 } from './kzg/pairing.ts';
import {
  type G1,
  type G2,
  g1FromWords,
  g1Words,
  g2FromWords,
  g2Words,
  parseG1,
  parseG2,
} from './kzg/points.ts';

/**
 * A proof as contracts take it, eight words of 256 bits: `A.x, A.y, B.x.imaginary, B.x.real, B.y.imaginary,
 * B.y.real, C.x, C.y` (docs/encodings.md, "Commitment, opening").
 */
export type ProofWords = readonly [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

/** The words of a proof, for a call of a contract. */
export function proofWords({ a, b, c }: Groth16Proof): ProofWords {
  return [...g1Words(a), ...g2Words(b), ...g1Words(c)];
}

/**
 * Inverse of {@link proofWords}.
 *
 * @throws {ProverError} `point` for another number of words, or a point that is not in its group.
 */
export function proofFromWords(words: readonly bigint[]): Groth16Proof {
  if (words.length !== 8) {
    throw new ProverError('point', `the proof has ${words.length} words, but a Groth16 proof has 8`);
  }
  return {
    a: g1FromWords('proof.a', words.slice(0, 2)),
    b: g2FromWords('proof.b', words.slice(2, 6)),
    c: g1FromWords('proof.c', words.slice(6)),
  };
}

/** A proof with its statement, all checked and ready for pairings. */
export interface ParsedProof {
  readonly a: G1;
  readonly b: G2;
  readonly c: G1;
  readonly publicSignals: readonly bigint[];
  /** What stands for further signals; infinity where the key has none. */
  readonly point: G1;
}

/**
 * Checks a proof's points and that each signal is canonical: an alias `value + r` is refused.
 *
 * @param words of the statement: the signals, and of a key that takes a point its two words.
 */
export function parseProof(key: VerifyingKey, proof: Groth16Proof, words: readonly bigint[]): ParsedProof {
  const signals = key.ic.length - 1;
  const expected = key.bases === undefined ? signals : signals + 2;
  if (words.length !== expected) {
    throw new ProverError(
      'argument',
      `there are ${words.length} public signals, but this key has ${expected}`,
      key.bases === undefined ? {} : { mend: 'Give the two words of the point after the signals.' },
    );
  }
  return {
    a: parseG1('proof.a', proof.a),
    b: parseG2('proof.b', proof.b),
    c: parseG1('proof.c', proof.c),
    publicSignals: words.slice(0, signals).map((signal, i) => checkField(`publicSignals[${i}]`, signal)),
    point: parseG1('the point of the folded signals', pointOf(words.slice(signals))),
  };
}

const pointOf = ([x = 0n, y = 0n]: readonly bigint[]) => ({ x, y });

/** A verifying key ready for pairings. */
export interface ParsedKey {
  readonly alpha: G1;
  readonly beta: PreparedG2;
  readonly gamma: PreparedG2;
  readonly delta: PreparedG2;
  readonly ic: readonly G1[];
}

const parsedKeys = new WeakMap<VerifyingKey, ParsedKey>();

/** Checks a key (see {@link checkVerifyingKey}); remembered for as long as the key's object lives. */
export function parseKey(key: VerifyingKey): ParsedKey {
  const known = parsedKeys.get(key);
  if (known) return known;
  checkVerifyingKey('the verifying key', key);
  const parsed = {
    alpha: parseG1('alpha', key.alpha),
    beta: prepareG2(parseG2('beta', key.beta)),
    gamma: prepareG2(parseG2('gamma', key.gamma)),
    delta: prepareG2(parseG2('delta', key.delta)),
    ic: key.ic.map((point, i) => parseG1(`IC[${i}]`, point)),
  };
  parsedKeys.set(key, parsed);
  return parsed;
}

/**
 * Whether one proof holds for these public signals, in the circuit's order; of a key with `bases` the two words of the point that
 * stands for further signals follow them. {@link Prover.verify} takes a claim instead.
 *
 * @throws {ProverError} `argument` for another number of signals, `field` for one outside [0, r), `point` for
 * a point that is not in its group, `key-unsound` for a key with which anyone forges: malformed input is not
 * a proof that does not hold.
 */
export function verifyGroth16(
  key: VerifyingKey,
  proof: Groth16Proof,
  publicSignals: readonly bigint[],
): boolean {
  const { alpha, beta, gamma, delta, ic } = parseKey(key);
  const { a, b, c, publicSignals: signals, point } = parseProof(key, proof, publicSignals);
  const words = [1n, ...signals].map((scalar, i) => ({ point: ic[i]!, scalar }));
  const statement = sumOfMultiples([...words, { point, scalar: 1n }]);
  const pairs: PairingInput[] = [
    { g1: a.negate(), g2: b },
    { g1: alpha, g2: beta },
    { g1: statement, g2: gamma },
    { g1: c, g2: delta },
  ];
  return pairingProductIsOne(pairs);
}
