// Adds something else than its ciphertext around the ring, and signs it.
import type { RingSettings } from '../../ring/index.ts';
import { type Adversary, over } from './adversary.ts';

/** What it says of its own addend: one residue is another. */
function lie({ plan, signer, load }: RingSettings): RingSettings['load'] {
  return async (addend, signal) => {
    const residues = await load(addend, signal);
    if (plan.addends[addend]!.author !== signer.address) return residues;
    return residues.map((residue, at) => (at === 0 ? (residue === 0n ? 1n : residue - 1n) : residue));
  };
}

export const lyingHop: Adversary = {
  seat: 'trainer',
  disguise: () => ({
    rings: (own) => over(own, { open: (settings) => own.open({ ...settings, load: lie(settings) }) }),
  }),
};
