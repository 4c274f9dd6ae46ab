// Verifying keys of Groth16, and what makes one unsound whatever its proofs look like. `snarkjs zkey verify`
// passes a key to which nobody contributed, whose gamma equals delta: with it `e(IC, gamma) e(C, delta) =
// e(IC + C, gamma)`, so C can cancel any public signals and anyone forges. Such a key is refused wherever one
// is read.

import { ProverError } from '../errors.ts';
import {
  type G1Point,
  type G2Point,
  g1FromWords,
  g1Words,
  g2FromWords,
  g2Words,
  parseG1,
  parseG2,
} from '../kzg/points.ts';

/** A verifying key; {@link checkVerifyingKey} says what makes one sound. */
export interface VerifyingKey {
  /** `[alpha]_1`. */
  readonly alpha: G1Point;
  /** `[beta]_2`. */
  readonly beta: G2Point;
  /** `[gamma]_2`. */
  readonly gamma: G2Point;
  /** `[delta]_2`, to which each contributor multiplied its secret. */
  readonly delta: G2Point;
  /** One point for the constant and one for each public signal that verifiers take as a word of its own, in order. */
  readonly ic: readonly G1Point[];
  /**
   * Of a key that takes a point for its further public signals: `keccak256(abi.encode(G1[]))` of the bases by which they are
   * multiplied, 32 bytes in hexadecimal, with 0x. Such a key's statements end in the two words of that point.
   */
  readonly bases?: `0x${string}` | undefined;
}

/**
 * As JSON: decimal strings, points in the word order of docs/encodings.md. Also a Solidity verifier's
 * constructor arguments.
 */
export interface VerifyingKeyJson {
  /** Two words. */
  readonly alpha: readonly string[];
  /** Four words. */
  readonly beta: readonly string[];
  /** Four words. */
  readonly gamma: readonly string[];
  /** Four words. */
  readonly delta: readonly string[];
  /** Two words each. */
  readonly ic: readonly (readonly string[])[];
  /** 32 bytes in hexadecimal, with 0x; of a key that takes a point alone. */
  readonly bases?: string | undefined;
}

/**
 * Checks a key: every point valid and finite, gamma neither delta nor its negative, each public signal bound.
 * Reading a key does it, and so does every verification.
 *
 * @param name of the key, for the message.
 * @throws {ProverError} `key-unsound` for a key with which anyone forges, `point` for a point that is none.
 */
export function checkVerifyingKey(name: string, key: VerifyingKey): void {
  const alpha = parseG1(`${name}: alpha`, key.alpha);
  const beta = parseG2(`${name}: beta`, key.beta);
  const gamma = parseG2(`${name}: gamma`, key.gamma);
  const delta = parseG2(`${name}: delta`, key.delta);
  if (alpha.is0() || beta.is0() || gamma.is0() || delta.is0()) {
    throw new ProverError(
      'key-unsound',
      `${name}: alpha, beta, gamma or delta is infinity, and with this key anyone forges`,
      { mend: 'Make the key again.' },
    );
  }
  if (gamma.equals(delta) || gamma.equals(delta.negate())) {
    throw new ProverError(
      'key-unsound',
      `${name}: gamma equals delta: nobody contributed to this key, and anyone can forge with it`,
      { mend: "Run the ceremony's contributions." },
    );
  }
  if (key.ic.length < 2) {
    throw new ProverError(
      'key-unsound',
      `${name} has ${key.ic.length} IC points, but a statement has a public signal`,
    );
  }
  const ic = key.ic.map((point, i) => parseG1(`${name}: IC[${i}]`, point));
  const unbound = ic.findIndex((point, i) => i > 0 && point.is0());
  if (unbound > 0) {
    throw new ProverError(
      'key-unsound',
      `${name}: IC[${unbound}] is infinity, so public signal ${unbound - 1} is not bound`,
      { mend: 'Make the key again.' },
    );
  }
}

/** The JSON form, as files and deployments have it. */
export function verifyingKeyToJson(key: VerifyingKey): VerifyingKeyJson {
  const g1 = (point: G1Point) => g1Words(point).map(String);
  const g2 = (point: G2Point) => g2Words(point).map(String);
  return {
    alpha: g1(key.alpha),
    beta: g2(key.beta),
    gamma: g2(key.gamma),
    delta: g2(key.delta),
    ic: key.ic.map(g1),
    ...(key.bases !== undefined && { bases: key.bases }),
  };
}

/**
 * Reads and checks the JSON form.
 *
 * @param name of the key, for the message.
 * @throws {ProverError} as {@link checkVerifyingKey} does.
 */
export function verifyingKeyFromJson(name: string, json: VerifyingKeyJson): VerifyingKey {
  const words = (values: readonly string[]) => values.map(BigInt);
  const key = {
    alpha: g1FromWords(`${name}: alpha`, words(json.alpha)),
    beta: g2FromWords(`${name}: beta`, words(json.beta)),
    gamma: g2FromWords(`${name}: gamma`, words(json.gamma)),
    delta: g2FromWords(`${name}: delta`, words(json.delta)),
    ic: json.ic.map((point, i) => g1FromWords(`${name}: IC[${i}]`, words(point))),
    ...(json.bases !== undefined && { bases: json.bases as `0x${string}` }),
  };
  checkVerifyingKey(name, key);
  return key;
}
