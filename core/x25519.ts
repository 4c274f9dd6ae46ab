// X25519 (RFC 7748) by Node's own cryptography, in constant time; keys are their 32 bytes. Node takes keys wrapped as RFC 8410
// writes them.
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

const secretHead = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicHead = Buffer.from('302a300506032b656e032100', 'hex');

const secretObject = (secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([secretHead, secret]), format: 'der', type: 'pkcs8' });

/** The public key of a secret one. */
export function publicKeyOf(secret: Uint8Array): Uint8Array {
  const wrapped = createPublicKey(secretObject(secret)).export({ format: 'der', type: 'spki' });
  return new Uint8Array(wrapped.subarray(publicHead.length));
}

/** What two keys share. @throws where the public one is a point of small order: then it is no secret. */
export function sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const key = Buffer.concat([publicHead, publicKey]);
  const other = createPublicKey({ key, format: 'der', type: 'spki' });
  return new Uint8Array(diffieHellman({ privateKey: secretObject(secret), publicKey: other }));
}
