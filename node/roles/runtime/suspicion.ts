// What a role notices in its work that may be another member's fault. It goes on with its work; whether evidence
// comes of it is found out beside (node/roles/dispute).
import type { Address } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import type { Chain } from '../../ring/index.ts';

/** Something that is wrong in a round. */
export type Suspicion = { readonly entry: RoundEntry } & (
  | {
      /** The ring's sum of this number is not the ciphertexts' sum. */
      readonly kind: 'ring';
      readonly sum: number;
      /** The signed chains that this member has seen. */
      readonly chains: readonly Chain[];
    }
  /** Joint shares of this sum do not fit those that opened it. */
  | { readonly kind: 'shares'; readonly sum: number }
  /** What somebody submitted is no ciphertexts, or their proof fails. */
  | { readonly kind: 'ciphertext'; readonly sender: Address }
  /** The files of a proven sum are something else. */
  | { readonly kind: 'files'; readonly sum: number }
);
