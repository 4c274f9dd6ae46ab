// Sends updates that say another evaluation than their proofs are of.
import { type Adversary, disguised } from './adversary.ts';

export const garbageProof: Adversary = {
  seat: 'trainer',
  sendsInvalid: true,
  disguise: () =>
    disguised('chain', ({ chain }) => ({
      submit: (subject, submission) =>
        chain.submit(subject, {
          ...submission,
          chunks: submission.chunks.map((chunk) => ({ ...chunk, y: chunk.y + 1n })),
        }),
    })),
};
