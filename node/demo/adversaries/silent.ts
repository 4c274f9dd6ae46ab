// Makes the key with the others, and then does nothing any more: it sees every round as over.
import { type Adversary, disguised } from './adversary.ts';

export const silent: Adversary = {
  seat: 'trainer',
  disguise: () =>
    disguised('chain', ({ chain }) => ({
      stage: async () => ({ ...(await chain.stage()), phase: 'closed' }),
    })),
};
