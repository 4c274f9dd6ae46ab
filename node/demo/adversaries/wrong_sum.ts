// Names another sum than the shares open to, before anybody else has proven the right one: a proof that is none
// takes no time to make.
import type { Prover } from '@murmuration/prover';
import { type Adversary, over } from './adversary.ts';

/** Proofs of curve points that mean nothing. */
const withoutWork = (prover: Prover): Prover['prove'] => {
  const g1 = { x: 1n, y: 2n };
  const proof = { a: g1, b: prover.keys.srs.tauG2, c: g1 };
  return async () => ({ proof, publicSignals: [], witnessMs: 0, proveMs: 0, engine: 'none' });
};

export const wrongSum: Adversary = {
  seat: 'prover',
  sendsInvalid: true,
  disguise: () => ({
    services(own) {
      const { chain, prover } = own;
      return {
        ...own,
        prover: over(prover, { prove: withoutWork(prover) }),
        chain: over(chain, {
          submitSum: (number, sum) =>
            chain.submitSum(number, {
              ...sum,
              chunks: sum.chunks.map((chunk) => ({ ...chunk, y: chunk.y + 1n })),
            }),
        }),
      };
    },
  }),
};
