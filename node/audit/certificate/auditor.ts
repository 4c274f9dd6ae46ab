// The auditor's signing key, an Ed25519 key, and the `did:key` by which anybody knows it
// (https://w3c-ccg.github.io/did-key-spec/).
import { ed25519 } from '@noble/curves/ed25519.js';
import { NodeError } from '../../errors.ts';
import { decodeMultibase, encodeMultibase } from './multibase.ts';

/** Signs certificates. */
export interface Auditor {
  /** `did:key:z6Mk...`. */
  readonly did: string;
  /** @returns 64 bytes (RFC 8032). */
  sign(message: Uint8Array): Uint8Array;
}

/** Multicodec of an Ed25519 public key. */
const codec = [0xed, 0x01];
/** For which an auditor's seed follows from an account (`SecretBox.seed`). */
export const auditorPurpose = 'audit';

/**
 * The auditor of a seed of 32 bytes. It follows from an account, whose own key signs transactions and never a
 * certificate; neither key tells the other.
 */
export function auditorOf(seed: Uint8Array): Auditor {
  return { did: didOf(ed25519.getPublicKey(seed)), sign: (message) => ed25519.sign(message, seed) };
}

/** The `did:key` of a public key. */
export const didOf = (key: Uint8Array): string =>
  `did:key:${encodeMultibase(Uint8Array.of(...codec, ...key))}`;

/** What names the key within its own `did:key`. */
export const methodOf = (did: string): string => `${did}#${did.slice('did:key:'.length)}`;

/** The public key of a `did:key`. @throws NodeError `wire` for one of another kind of key, or none. */
export function keyOfDid(did: string): Uint8Array {
  const bytes = did.startsWith('did:key:') ? decodeMultibase(did.slice('did:key:'.length)) : new Uint8Array();
  const key = bytes.subarray(codec.length);
  if (codec.some((byte, at) => bytes[at] !== byte) || key.length !== 32 || didOf(key) !== did)
    throw new NodeError('wire', `issuer: ${did.slice(0, 80)} is no did:key of an Ed25519 key`);
  return key;
}

/** Whether a signature is that of a `did:key`. */
export function isSignedBy(did: string, message: Uint8Array, signature: Uint8Array): boolean {
  // Strict: no small-order keys, no other encoding of the same point (RFC 8032 with zip215 off).
  return signature.length === 64 && ed25519.verify(signature, message, keyOfDid(did), { zip215: false });
}
