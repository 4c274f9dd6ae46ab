// One party before the key group exists: its secret and its share of the collective public key.
//
// Everything that a party says follows from one 32-byte seed, so that little is stored and a party
// that restarts says exactly what it said before: two different dealings of one secret would leave the key
// group without a key.
//
// The collective key is that of Mouchet, Troncoso-Pastoriza, Bossuat, Hubaux, "Multiparty Homomorphic
// Encryption from Ring-Learning-with-Errors" (PoPETs 2021), protocol EncKeyGen: b_i = -(a s_i + e_i) under a
// common a.
//
//   keyShare: header | identity bytes (1) | identity | sealing key (32) | b mod q0 | mod q1 | mod P | proof

import { createHash, randomBytes } from 'node:crypto';
import { publicKeyOf } from '@murmuration/core/x25519';
import { ensure } from '../errors.ts';
import type { Row } from '../ring/ring.ts';
import { centredBinomial, ternary } from '../sampling/small.ts';
import { deriveKey, keyedStream, publicStream } from '../sampling/stream.ts';
import { encryptionProofBytes } from '../wellformed/verify.ts';
import { keyPrimes, type RingContext } from '../wire/ciphertext.ts';
import { concat, encodeMessage, MessageReader, packRows } from '../wire/message.ts';
import { proveKeyShare } from './share_proof.ts';

/**
 * A party's secret before the key is finished. Keep it encrypted; forget it once `finishKey` has returned.
 */
export interface PartySecret {
  /** 32 bytes that name the key generation: of the chain, the task and the attempt, say. */
  readonly epoch: Uint8Array;
  /** 1 to 64 bytes that name the party: its account, say. */
  readonly identity: Uint8Array;
  /** 32 secret bytes. */
  readonly seed: Uint8Array;
}

/** What a party publishes, read. */
export interface KeyShare {
  /** 32 bytes that name the key generation. */
  readonly epoch: Uint8Array;
  /** 1 to 64 bytes that name the party. */
  readonly identity: Uint8Array;
  /** Its X25519 public key, 32 bytes, to which shares of others' secrets are sealed. */
  readonly sealingKey: Uint8Array;
  /** b_i over the three primes, in NTT form. */
  readonly b: readonly Row[];
  /** That b_i is made of small numbers, which `formKeyGroup` checks. */
  readonly proof: Uint8Array;
}

function checkIdentity(identity: Uint8Array): Uint8Array {
  ensure(
    identity.length >= 1 && identity.length <= 64,
    'argument',
    () => `identity is of ${identity.length} bytes, but it has 1 to 64`,
  );
  return identity;
}

/** @throws HeError `argument` unless `epoch` has 32 bytes. */
export function checkEpoch(epoch: Uint8Array): Uint8Array {
  ensure(epoch.length === 32, 'argument', () => `epoch is of ${epoch.length} bytes, but it has 32`);
  return epoch;
}

/**
 * A fresh secret from the system's generator, for this epoch and party alone.
 * @throws HeError `argument` unless `epoch` has 32 bytes and `identity` 1 to 64.
 */
export const createParty = (epoch: Uint8Array, identity: Uint8Array): PartySecret => ({
  epoch: new Uint8Array(checkEpoch(epoch)),
  identity: new Uint8Array(checkIdentity(identity)),
  seed: new Uint8Array(randomBytes(32)),
});

/** The X25519 secret key of a party. */
export const sealingSecret = ({ seed, epoch }: PartySecret): Uint8Array => deriveKey(seed, 'sealing', epoch);

/** The X25519 public key of a party, to which shares are sealed. */
export const sealingKey = (party: PartySecret): Uint8Array => publicKeyOf(sealingSecret(party));

/** s_i, ternary. */
function secret({ ring, params }: RingContext, party: PartySecret): Int32Array {
  return ternary(keyedStream(deriveKey(party.seed, 'secret', params.id, party.epoch)), ring.n);
}

/** s_i in NTT form over the given primes. */
export function secretRows(context: RingContext, party: PartySecret, primes: readonly number[]): Row[] {
  const { ring } = context;
  const s = secret(context, party);
  return primes.map((prime) => ring.forward(ring.fromSigned(s, prime), prime));
}

/**
 * The common a of an epoch, over the three primes, in NTT form: SHAKE256 of a public seed, rejection-sampled.
 */
export function commonPolynomial({ ring, params }: RingContext, epoch: Uint8Array): Row[] {
  const label = new TextEncoder().encode('murmuration/v1/he/common');
  const stream = publicStream(concat(label, params.id, checkEpoch(epoch)));
  return keyPrimes.map((prime) => ring.uniformRow(stream, prime));
}

/**
 * The bytes of a party's key share; the same at every call. Their SHA-256 is the commitment to publish first.
 */
export function keyShare(context: RingContext, party: PartySecret): Uint8Array<ArrayBuffer> {
  const { ring, params } = context;
  const stream = keyedStream(deriveKey(party.seed, 'error', params.id, party.epoch));
  const e = centredBinomial(stream, ring.n);
  const a = commonPolynomial(context, party.epoch);
  const s = secret(context, party);
  const b = secretRows(context, party, keyPrimes).map((row, prime) => {
    const sum = ring.add(
      ring.multiply(row, a[prime]!, prime),
      ring.forward(ring.fromSigned(e, prime), prime),
      prime,
    );
    return ring.subtract(ring.zero(), sum, prime);
  });
  const shown = { epoch: party.epoch, identity: party.identity, sealingKey: sealingKey(party), b };
  const message = encodeMessage(
    'keyShare',
    params,
    party.epoch,
    Uint8Array.of(party.identity.length),
    party.identity,
    shown.sealingKey,
    packRows(ring, b, keyPrimes),
  );
  // Masks that follow from all that the proof is about: another statement never meets the same ones.
  const masks = keyedStream(deriveKey(party.seed, 'key-share-proof', params.id, message));
  return concat(message, proveKeyShare(context, shown, { a, s, e, stream: masks }));
}

/** @throws HeError `wire` or `mismatch` unless `bytes` is a canonical key share of these parameters. */
export function decodeKeyShare({ ring, params }: RingContext, bytes: Uint8Array): KeyShare {
  const reader = new MessageReader(bytes, { kind: 'keyShare', params });
  const length = reader.take(1)[0]!;
  ensure(
    length >= 1 && length <= 64,
    'wire',
    () => `the identity in a keyShare is of ${length} bytes, but it has 1 to 64`,
  );
  const identity = reader.take(length);
  const sealingKey = reader.take(32);
  const b = reader.rows(ring, ring.n, keyPrimes);
  const proof = reader.take(encryptionProofBytes(params, 1));
  reader.end();
  return { epoch: reader.context, identity, sealingKey, b, proof };
}

/** SHA-256, 32 bytes: the digest by which chain and content store know any message of this package. */
export const digest = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(bytes).digest());

/** A party's secret as bytes, to be stored encrypted. */
export const encodeParty = ({ params }: RingContext, party: PartySecret): Uint8Array<ArrayBuffer> =>
  encodeMessage('partySecret', params, party.epoch, party.seed, party.identity);

/**
 * @throws HeError `wire`, `mismatch` or `argument` unless `bytes` is a party's secret of these parameters.
 */
export function decodeParty({ params }: RingContext, bytes: Uint8Array): PartySecret {
  const reader = new MessageReader(bytes, { kind: 'partySecret', params });
  const seed = reader.take(32);
  const identity = reader.rest();
  ensure(
    identity.length >= 1 && identity.length <= 64,
    'wire',
    () => `the identity in a partySecret is of ${identity.length} bytes, but it has 1 to 64`,
  );
  return { epoch: reader.context, seed, identity };
}
