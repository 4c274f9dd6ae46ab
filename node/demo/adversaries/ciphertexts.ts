// Adversaries whose proofs on chain hold, and whose ciphertexts nobody can use.
import { type Adversary, disguised } from './adversary.ts';

/** Its content has no true encryption proof: everybody who reads it sees that. */
export const badCiphertext: Adversary = {
  seat: 'trainer',
  disguise: () =>
    disguised('he', ({ he }) => ({
      encryptProven(chunks) {
        const { ciphertexts, proof } = he.encryptProven(chunks);
        return { ciphertexts, proof: flipped(proof) };
      },
    })),
};

/** It encrypts, with a true proof, another vector than it commits to: nobody sees whose sum does not open. */
export const otherVector: Adversary = {
  seat: 'trainer',
  disguise: () =>
    disguised('he', ({ he }) => ({
      encryptProven: (chunks) =>
        he.encryptProven({
          ...chunks,
          vectors: chunks.vectors.map((vector) => ({
            ...vector,
            coordinates: vector.coordinates.map((u, j) => (j === 0 ? (u === 0 ? 1 : 0) : u)),
          })),
        }),
    })),
};

/** It decrypts with others in the self-test of the key, and gives wrong shares of the rounds' sums. */
export const badShare: Adversary = {
  seat: 'trainer',
  disguise: () =>
    disguised('he', ({ he, chain }) => {
      const inRounds = (share: Uint8Array<ArrayBuffer>) =>
        chain.journal.rounds.length > 0 ? flipped(share) : share;
      return {
        jointShare: (request) => inRounds(he.jointShare(request)),
        decryptionShare: (request) => inRounds(he.decryptionShare(request)),
      };
    }),
};

/** The bytes with one bit in their middle changed: still well formed, since that lies within numbers. */
function flipped(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  changed[bytes.length >> 1]! ^= 1;
  return changed;
}
