// A proof as snarkjs writes and verifies it, so that anybody can check it without this program.
import type { Groth16Proof, VerifyingKey } from '@murmuration/prover';
import { z } from 'zod';
import { coordinate } from './submission.ts';

const pair = z.tuple([coordinate, coordinate]);

/**
 * `snarkjs groth16 verify` takes `publicSignals` and `proof` as two files. Of a statement with a point, the signals end in
 * its coordinates, and snarkjs cannot verify it.
 */
export const proofSchema = z.strictObject({
  proof: z.strictObject({
    pi_a: z.tuple([coordinate, coordinate, z.literal('1')]),
    pi_b: z.tuple([pair, pair, z.tuple([z.literal('1'), z.literal('0')])]),
    pi_c: z.tuple([coordinate, coordinate, z.literal('1')]),
    protocol: z.literal('groth16'),
    curve: z.literal('bn128'),
  }),
  publicSignals: z.array(coordinate),
});
export type SnarkjsProof = z.output<typeof proofSchema>['proof'];

/** A proof in snarkjs's form. */
export function writeProof({ a, b, c }: Groth16Proof): SnarkjsProof {
  return {
    pi_a: [String(a.x), String(a.y), '1'],
    pi_b: [
      [String(b.x.c0), String(b.x.c1)],
      [String(b.y.c0), String(b.y.c1)],
      ['1', '0'],
    ],
    pi_c: [String(c.x), String(c.y), '1'],
    protocol: 'groth16',
    curve: 'bn128',
  };
}

/** The points of a proof in snarkjs's form; whether they lie on their curves is for verification to say. */
export function readProof({ pi_a, pi_b, pi_c }: SnarkjsProof): Groth16Proof {
  const fp2 = ([c0, c1]: readonly [string, string]) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  const g1 = ([x, y]: readonly [string, string, '1']) => ({ x: BigInt(x), y: BigInt(y) });
  return { a: g1(pi_a), b: { x: fp2(pi_b[0]), y: fp2(pi_b[1]) }, c: g1(pi_c) };
}

/** A verifying key as snarkjs reads it. */
export function writeVerifyingKey({ alpha, beta, gamma, delta, ic }: VerifyingKey): Record<string, unknown> {
  const g1 = ({ x, y }: VerifyingKey['alpha']) => [String(x), String(y), '1'];
  const g2 = ({ x, y }: VerifyingKey['beta']) => [
    [String(x.c0), String(x.c1)],
    [String(y.c0), String(y.c1)],
    ['1', '0'],
  ];
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: ic.length - 1,
    vk_alpha_1: g1(alpha),
    vk_beta_2: g2(beta),
    vk_gamma_2: g2(gamma),
    vk_delta_2: g2(delta),
    IC: ic.map(g1),
  };
}
