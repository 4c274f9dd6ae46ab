// What an audit of a site says in whole sentences, and what it cannot show.
import type { SiteReport } from './report.ts';

/** Each of them is in every report. */
export const siteLimits: readonly string[] = [
  'What another program, another person or another key sent from this site: the log is that of one program, for one ' +
    'account.',
  'What this program sent if it was changed so that it does not write it down, unless it is a transaction of the ' +
    'account or a content that such a transaction announces: those show on the chain. Messages to other members, ' +
    'jobs for a prover service and contents that nothing announces are in the log on the site’s word.',
  'What the account’s key signed on other chains, and signatures that were handed over by hand.',
  'What is inside of encrypted contents: that each is what it says, and no more, is proven where it was accepted; an ' +
    'audit of the task verifies that.',
  'What is read: the chain’s node and the content store are asked for blocks and digests. That tells them what the ' +
    'site takes part in and when, and from which network address; none of its data. Nor is there what the site passes on ' +
    'between members without an inbound port: it is theirs, and encrypted from end to end. A content that a member ' +
    'fetches here is in the log once, when the store got it, and not each time that it is handed out.',
  'When something left, to the second: times are those of the site’s clock. What is certain is the order, and that ' +
    'an entry is older than the block of the next transaction.',
  'Which of two blocks of the same number is the chain’s own: the report names the last one with its hash, to be ' +
    'compared with any other node.',
];

/** What holds of a site, for who has to answer for its data. */
export function statementOf(report: Omit<SiteReport, 'statement' | 'limits'>): string[] {
  const { site, left, covered, unanchored, outcome, refused } = report;
  const of = (place: string) => left.filter((each) => each.place === place);
  const sum = (rows: readonly { readonly count: number; readonly bytes: number }[]) =>
    `${rows.reduce((total, { count }) => total + count, 0)} (${rows.reduce((total, { bytes }) => total + bytes, 0)} bytes)`;
  const tried = of('chain').filter(({ what }) => what.endsWith('to be tried'));
  const sent = of('chain').filter((each) => !tried.includes(each));
  const handed = of('file');
  const unsure = left.reduce((total, row) => total + row.unsure, 0);
  const said = [
    `In the name of account ${site.account} on chain ${site.chainId} this left the site, by its log: transactions ` +
      `${sum(sent)}; calls that the chain’s node was asked to try before ${sum(tried)}; contents for the store ` +
      `${sum(of('store'))}; messages to other members and answers ${sum(of('peer'))}; jobs for a prover service ` +
      `${sum(of('prover'))}${handed.length > 0 ? `; files that were handed on ${sum(handed)}` : ''}.`,
  ];
  if (unsure > 0)
    said.push(`Of ${unsure} of these nobody can tell whether they arrived; they are counted as having left.`);
  const transactions = covered.to - covered.from;
  if (outcome === 'failed')
    said.push('That this is all, and unchanged, does not hold: the findings say where.');
  else if (transactions > 0)
    said.push(
      `Nothing else was sent in its name on this chain since the log began: the chain has counted ${covered.to} ` +
        `transactions of the account, and the log has each of the ${transactions} from number ${covered.from} on ` +
        'that could be read, byte for byte, with every content that they announce.',
    );
  else said.push('The chain has no transaction of the account since the log began.');
  if (covered.from > 0)
    said.push(
      `The ${covered.from} transactions before that are older than the log, which says nothing of them.`,
    );
  if (outcome !== 'failed' && transactions > 0)
    said.push(
      'The log was not changed since: each transaction carries the hash of all that was in the log before it, and ' +
        'the log still has that hash there.',
    );
  if (unanchored > 0)
    said.push(
      `The last ${unanchored} entries are younger than the last transaction. Until the next one, they rest on the ` +
        'site’s own word.',
    );
  const times = refused.reduce((total, row) => total + row.times, 0);
  if (times > 0) said.push(`${times} times the site refused to give or to send something.`);
  return said;
}
