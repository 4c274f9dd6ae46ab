// A ring that is small enough to compute in bigints what the code computes, with a preset's primes, and a key
// whose secret is known.

import { type PresetName, preset } from '../../he/index.ts';
import type { Parameters } from '../../he/parameters.ts';
import { Ring, type Row } from '../../he/ring/ring.ts';
import { centredBinomial, ternary } from '../../he/sampling/small.ts';
import { systemStream } from '../../he/sampling/stream.ts';
import { Cells } from '../../he/wellformed/cells.ts';
import { keyPrimes } from '../../he/wire/ciphertext.ts';

export type SmallRing = ReturnType<typeof smallRing>;

/**
 * @param n degree, a power of two from 8. Proofs of its own shape need 256; below, the shape must be that of
 *   the preset's own degree.
 */
export function smallRing(n: number, name: PresetName = 'base') {
  const whole = preset(name);
  const params: Parameters = {
    ...whole,
    ringDegree: n,
    ciphertextBodyBytes: (whole.ciphertextBodyBytes * n) / whole.ringDegree,
  };
  const ring = new Ring(n, [...whole.primes, whole.specialPrime]);
  const context = { params, ring };
  const secret = ternary(systemStream, n);
  const error = centredBinomial(systemStream, n);
  const residues = (values: Int32Array, prime: number) => ring.forward(ring.fromSigned(values, prime), prime);
  const a = keyPrimes.map((prime) => ring.uniformRow(systemStream, prime));
  const b = keyPrimes.map((prime) => {
    const product = ring.multiply(residues(secret, prime), a[prime]!, prime);
    return ring.subtract(ring.zero(), ring.add(product, residues(error, prime), prime), prime);
  });
  const publicKey: Row[] = [...b, ...a];
  const group = {
    id: new Uint8Array(32).fill(9),
    epoch: new Uint8Array(32),
    threshold: 2,
    members: [],
    publicKey,
  };
  return { params, ring, context, secret, group, cells: new Cells(context, publicKey) };
}
