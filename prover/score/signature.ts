// EdDSA over Baby Jubjub with Poseidon (EIP-2494; Bellés-Muñoz et al. 2021), as circomlib verifies it: `S B = R + h 8 A` with
// `h = Poseidon(R, A, message)`. Not in constant time.
import { fieldOrder } from '@murmuration/core';
import { babyjubjub } from '@noble/curves/misc.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ProverError } from '../errors.ts';
import { bytesToInteger, checkField, fieldToBytes } from '../field.ts';
import { poseidon } from '../poseidon/permutation.ts';

const { Point } = babyjubjub;
type JubjubPoint = InstanceType<typeof Point>;
/** Order of the subgroup that `B` generates. */
const order = Point.Fn.ORDER;

/** An affine point of Baby Jubjub. */
export interface IssuerKey {
  /** In [0, r). */
  readonly x: bigint;
  /** In [0, r). */
  readonly y: bigint;
}

/** A key pair. */
export interface IssuerKeyPair {
  /** In [1, order). */
  readonly scalar: bigint;
  /** Tells nonces apart; as secret as the scalar. */
  readonly nonceKey: Uint8Array;
  /** `scalar Base8`. */
  readonly publicKey: IssuerKey;
}

/** A signature of one field element. */
export interface RecordSignature {
  /** `R`. */
  readonly nonce: IssuerKey;
  /** `S`, below the subgroup's order. */
  readonly s: bigint;
}

/**
 * The key pair of a secret.
 *
 * @param secret 32 random bytes.
 * @throws {ProverError} `argument` for another number of bytes.
 */
export function issuerKeyPair(secret: Uint8Array): IssuerKeyPair {
  if (secret.length !== 32)
    throw new ProverError('argument', `the secret has ${secret.length} bytes, but an issuer's has 32`);
  const derived = (name: string) => sha512(concatBytes(utf8ToBytes(`murmuration/v1/issuer/${name}`), secret));
  const scalar = (bytesToInteger(derived('scalar')) % (order - 1n)) + 1n;
  return { scalar, nonceKey: derived('nonce'), publicKey: affine(Point.BASE.multiply(scalar)) };
}

/** Signs a field element; the same message gets the same signature. */
export function signElement(
  { scalar, nonceKey, publicKey }: IssuerKeyPair,
  message: bigint,
): RecordSignature {
  const seed = sha512(concatBytes(nonceKey, fieldToBytes(message)));
  const r = (bytesToInteger(seed) % (order - 1n)) + 1n;
  const nonce = affine(Point.BASE.multiply(r));
  return { nonce, s: (r + 8n * challengeOf(nonce, publicKey, message) * scalar) % order };
}

/**
 * Whether a signature is the key's on this message.
 *
 * @throws {ProverError} `field` for a message outside [0, r); a malformed key or signature is a wrong one.
 */
export function verifyElement(key: IssuerKey, message: bigint, { nonce, s }: RecordSignature): boolean {
  checkField('message', message);
  const [a, r] = [parse(key), parse(nonce)];
  if (!a || !r || s < 0n || s >= order) return false;
  const cleared = a.clearCofactor();
  if (cleared.is0()) return false;
  const h = challengeOf(nonce, key, message) % order;
  const left = s === 0n ? Point.ZERO : Point.BASE.multiply(s);
  return left.equals(r.add(h === 0n ? Point.ZERO : cleared.multiply(h)));
}

/**
 * Checks an issuer's key: canonical, on the curve, and not of small order.
 *
 * @throws {ProverError} `point`.
 */
export function checkIssuerKey(name: string, key: IssuerKey): void {
  const point = parse(key);
  if (point && !point.clearCofactor().is0()) return;
  throw new ProverError(
    'point',
    `${name} is (${key.x}, ${key.y}), but an issuer's key is a point of Baby Jubjub of large order`,
  );
}

const challengeOf = (nonce: IssuerKey, key: IssuerKey, message: bigint) =>
  poseidon([nonce.x, nonce.y, key.x, key.y, message]);

function affine(point: JubjubPoint): IssuerKey {
  const { x, y } = point.toAffine();
  return { x, y };
}

/** The library's point; `undefined` for numbers that are not canonical, or no point of the curve. */
function parse({ x, y }: IssuerKey): JubjubPoint | undefined {
  // The library reduces numbers modulo r, and an alias would be a second form of one key.
  if (x < 0n || x >= fieldOrder || y < 0n || y >= fieldOrder) return undefined;
  try {
    const point = Point.fromAffine({ x, y });
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}
