// An issuer's keys: derived from its account's secret, so that the keystore alone holds them; a higher number is a new key.

import { fieldOrder } from '@murmuration/core';
import { type IssuerKeyPair, issuerKeyPair } from '@murmuration/prover/score';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What derives seeds: an account's secret box. */
export interface SeedSource {
  seed(purpose: string): Uint8Array;
}

/** An issuer. */
export interface Issuer {
  readonly keys: IssuerKeyPair;
  /**
   * What a person is called in records: the same for one person, whatever the issuer's key, and nothing that tells who it is to anybody who
   * has not the issuer's secret.
   *
   * @param person is the issuer's own name for the person, such as a customer's number, and never changes.
   */
  holderOf(person: string): bigint;
}

/** The issuer of an account. @param number of its key: 1 is the first, and a rotation takes the next. */
export function issuerOf(box: SeedSource, number: number): Issuer {
  const people = box.seed('credit/people');
  return {
    keys: issuerKeyPair(box.seed(`credit/issuer/${number}`)),
    holderOf: (person) => BigInt(`0x${bytesToHex(hmac(sha512, people, utf8ToBytes(person)))}`) % fieldOrder,
  };
}
