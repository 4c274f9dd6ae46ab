// What an audit of a site looks at, in the words of its report, which a data protection officer reads; and what each
// kind of thing is that leaves a site.
import { packageWord } from '../../hosting/index.ts';
import type { ContentKind } from '../../store/index.ts';
import type { KindWords } from '../kinds.ts';

/** Every kind of check, in the order of the report. */
export const siteCheckKinds = {
  log: {
    title: 'The log itself',
    method:
      'Each line holds the hash of all lines before it. Every hash is computed again, so that no line can be ' +
      'another, elsewhere or missing.',
  },
  transaction: {
    title: 'Transactions of the account',
    method:
      'The chain counts the transactions of an account, whatever they are. Each one, from the first that the log ' +
      'covers to the last, is read from its block, whose hash is computed again, and looked up in the log.',
  },
  anchor: {
    title: 'Anchors',
    method:
      'Each transaction carries the hash of the log up to itself. It is compared with the hash that the log has ' +
      'there now: the log has not been changed since.',
  },
  content: {
    title: 'Contents that the transactions announce',
    method:
      'Each digest that a transaction of the account announces is in the log, as the kind of content it is.',
  },
  size: {
    title: 'Sizes of these contents',
    method: 'Each one is fetched from the content store, hashed, and its size compared with that in the log.',
  },
} as const satisfies Readonly<Record<string, KindWords>>;

/** A kind of check. */
export type SiteCheckKind = keyof typeof siteCheckKinds;
/** Their names, in order. */
export const siteCheckNames = Object.keys(siteCheckKinds) as readonly SiteCheckKind[];

/** What contents are, and what they tell. */
const contentWords: Readonly<Record<ContentKind, string>> = {
  update: 'a trained change of the model, encrypted under the key of all, with the proof of its encryption',
  probe: 'a change of the model found on held-back data, encrypted under the key of all, with the proof',
  proposal: 'places of the model that a round should carry: numbers of parameters, no values',
  'decryption shares': 'this site’s part in opening a sum; it tells the sum, together with the others’ parts',
  sum: 'the sum of a round, which all can open',
  model: 'the model of all, which all have',
  'key share': 'the public part of this site’s share of the common key, with its proof',
  dealing: 'parts of this site’s share of the common key, sealed to one member each',
  'self-test shares': 'this site’s part in the members’ test that they can decrypt',
  statistics:
    'count, sum and sum of squares of columns, encrypted under the key of all; or the list of these',
  'statistics shares': 'this site’s part in opening the sum of all members’ statistics',
  'peer addresses': 'where this site’s program can be reached, signed',
  description: 'the task’s description, by its planner',
  evidence: 'evidence against a member',
  'accusation signature': 'a signature on an accusation',
  copy: 'what others had published, kept for the others',
};

/** What something is that left, where its name alone does not tell it. */
export function meaningOf({
  place,
  what,
}: {
  readonly place: string;
  readonly what: string;
}): string | undefined {
  if (what === packageWord) return 'a file of rows and a mandate, sealed to one host: the host sees the rows';
  return place === 'store' ? contentWords[what as ContentKind] : undefined;
}
