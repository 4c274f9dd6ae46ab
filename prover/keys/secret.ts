// The secret ("toxic waste") of insecure development keys: hashed from a public text, so that every clone of
// the project has the very same keys and can read the vectors made with them. The text is public, so anyone
// can forge any proof. A manifest therefore marks such keys `insecure-development`, and no deployment where
// money is real accepts them.

import { createHash } from 'node:crypto';
import { fieldOrder } from '@murmuration/core';
import { g1Generator, g2Generator } from '../kzg/pairing.ts';
import { type G1Point, type G2Point, g1ToPoint, g1Words, g2ToPoint, g2Words } from '../kzg/points.ts';

/** The text that development keys come from unless another is given. */
export const developmentSeed = 'murmuration insecure development keys';

/** The secret of one circuit's key; `tau` is shared by all circuits and by KZG. */
export interface Secret {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly gamma: bigint;
  readonly delta: bigint;
}

/** The secret for a seed; all but tau depend on the circuit (its R1CS's SHA-256, in hexadecimal digits). */
export function developmentSecret(seed: string, r1csSha256: string): Secret {
  const scalar = (name: string, ...context: string[]) =>
    hashToScalar(JSON.stringify([seed, name, ...context]));
  return {
    tau: developmentTau(seed),
    alpha: scalar('alpha', r1csSha256),
    beta: scalar('beta', r1csSha256),
    gamma: scalar('gamma', r1csSha256),
    delta: scalar('delta', r1csSha256),
  };
}

/** The secret point of the powers. */
export function developmentTau(seed: string): bigint {
  return hashToScalar(JSON.stringify([seed, 'tau']));
}

/** Whether a key's alpha is the development secret's for this circuit, whatever the file says of itself. */
export function hasDevelopmentAlpha(alpha: G1Point, r1csSha256: string): boolean {
  const known = g1ToPoint(g1Generator.multiply(developmentSecret(developmentSeed, r1csSha256).alpha));
  return String(g1Words(known)) === String(g1Words(alpha));
}

/** Whether powers are those of the development secret. */
export function hasDevelopmentTau(tauG2: G2Point): boolean {
  const known = g2ToPoint(g2Generator.multiply(developmentTau(developmentSeed)));
  return String(g2Words(known)) === String(g2Words(tauG2));
}

/** SHA-512 into [1, r - 1]. */
function hashToScalar(text: string): bigint {
  const digest = createHash('sha512').update(`murmuration/v1/development/${text}`).digest('hex');
  return (BigInt(`0x${digest}`) % (fieldOrder - 1n)) + 1n;
}
