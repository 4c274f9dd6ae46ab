// Stake and slashes: who holds most of the votes, and what a mishap costs.
import type { Economics } from '@murmuration/contracts';
import { wholeTokens } from '../protocol/index.ts';
import type { Rule } from './finding.ts';

/** Slashes for single faults. */
const faults = {
  noShow: 'a missed duty',
  invalidProof: 'a proof that fails',
  strike: 'a strike',
  outlier: 'a vote off the consensus',
  dispute: 'a lost dispute',
} as const satisfies Partial<Record<keyof Economics, string>>;

/** Faults that also happen to the careful: a power cut, unusual data, a small hold-out. */
const mishaps = ['noShow', 'strike', 'outlier'] as const;

const listed = (names: readonly (keyof typeof faults)[], economics: Economics): string =>
  names.map((name) => `${faults[name]} ${wholeTokens(economics[name])}`).join(', ');

/** One validator is the majority. */
const mostOfTheStake: Rule = {
  name: 'most-of-the-stake',
  find({ parameters, members = [] }) {
    const pledges = members.filter(({ role }) => role === 'validator').map(({ pledged }) => pledged);
    const total = pledges.reduce((sum, pledged) => sum + pledged, 0n);
    const largest = pledges.reduce((most, pledged) => (pledged > most ? pledged : most), 0n);
    if (pledges.length < 2 || 2n * largest <= total) return undefined;
    return {
      severity: pledges.length >= Math.max(3, parameters.minValidators) ? 'danger' : 'warning',
      says:
        `One account has ${(largest * 100n) / total} % of the stake of the ${pledges.length} validators so far. More ` +
        'than half of it decides every vote and every dispute.',
      mend: 'Ask the others to pledge more, or that account to pledge less, before joining ends.',
    };
  },
};

const slashBeyondPledge: Rule = {
  name: 'slash-beyond-pledge',
  find({ economics }) {
    const names = Object.keys(faults) as (keyof typeof faults)[];
    const beyond = names.filter((name) => economics[name] > economics.minStake);
    if (beyond.length === 0) return undefined;
    return {
      severity: 'danger',
      says:
        `A member pledges ${wholeTokens(economics.minStake)} tokens, but a single fault costs more, which takes all ` +
        `of it: ${listed(beyond, economics)}.`,
      mend: 'Raise minStake, or lower these slashes.',
    };
  },
};

const mishapEjects: Rule = {
  name: 'mishap-ejects',
  find({ economics }) {
    const room = economics.minStake - economics.stakeFloor;
    const ejecting = mishaps.filter(
      (name) => economics[name] > room && economics[name] <= economics.minStake,
    );
    if (ejecting.length === 0) return undefined;
    return {
      severity: 'warning',
      says:
        `Of the least pledge, ${wholeTokens(economics.minStake)} tokens, only ${wholeTokens(room)} may be lost before ` +
        `the seat is, too. One mishap takes more: ${listed(ejecting, economics)}.`,
      mend: 'Raise minStake, lower stakeFloor, or lower these slashes.',
    };
  },
};

/** Rules on money. */
export const moneyRules: readonly Rule[] = [mostOfTheStake, slashBeyondPledge, mishapEjects];
