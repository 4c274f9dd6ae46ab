// Announces digests of what it shows to nobody.
import type { Phase } from '@murmuration/contracts';
import type { Hex } from 'viem';
import { digestOf } from '../../protocol/index.ts';
import { type Adversary, type AdversarySeat, disguised } from './adversary.ts';

/** Keeps what its role puts into the store in a phase; `none` is the time before the first round. */
export const withholding = (seat: AdversarySeat, phase: Phase): Adversary => ({
  seat,
  disguise: () =>
    disguised('store', ({ store, chain }) => {
      const own = new Map<Hex, Uint8Array>();
      return {
        async put(bytes, kind) {
          const digest = digestOf(bytes);
          const now = chain.journal.rounds.at(-1)?.phase ?? 'none';
          // A role pins what it reads, its own content too, in later phases.
          if (now !== phase && !own.has(digest)) return store.put(bytes, kind);
          own.set(digest, bytes);
          return digest;
        },
        get: async (digest, options) => own.get(digest) ?? store.get(digest, options),
        has: async (digest) => own.has(digest) || store.has(digest),
      };
    }),
});
