// What a seat can cost by the task's terms, in words for who is about to take it: every slash with its amount, and what
// an update that points elsewhere than most does to stake and seat.
import { spokenTokens } from '../protocol/index.ts';
import type { ReviewedMember, ReviewedTask } from './finding.ts';

/** One sentence each; amounts in tokens. @param role of the seat */
export function costsOf(
  { economics, rules }: Pick<ReviewedTask, 'economics' | 'rules'>,
  role: ReviewedMember['role'],
): string[] {
  const amount = (name: 'noShow' | 'invalidProof' | 'dispute' | 'outlier') => spokenTokens(economics[name]);
  return [
    `A duty that is missed while most are there costs ${amount('noShow')} each time, also before the start.`,
    `A proof that fails, or a submission whose content is missing or false, costs ${amount('invalidProof')}.`,
    `An accusation that stands costs ${amount('dispute')} and the seat.`,
    ...(role === 'validator'
      ? [
          `A vote for another model than most, or an accuracy far from the median, costs ${amount('outlier')}.`,
        ]
      : [directionOf({ economics, rules })]),
  ];
}

function directionOf({ economics, rules }: Pick<ReviewedTask, 'economics' | 'rules'>): string {
  const seat = `; after ${rules.ejectAt} strikes that stand the seat ends`;
  if (economics.strike === 0n)
    return `An update that points elsewhere than most costs no stake: it earns less, or nothing${seat}.`;
  return (
    'An update that points elsewhere than most is a strike: the first is a warning, each further one holds ' +
    `${spokenTokens(economics.strike)} more than the one before; what is held returns as updates fit again, and is ` +
    `lost at the end${seat}.`
  );
}
