// What the example's rounds say of its left-handed trainer: struck while the others' digits are learnt, or not; paid for
// what only it has, or not. Every sentence is of the run's own settled rounds, so a run that goes otherwise reads so.
import type { RoundEntry } from '../../../chain/index.ts';

/** What of a round the story is of. */
export type ToldRound = Pick<RoundEntry, 'number' | 'settled'>;

/** Rounds at the beginning that are held against those after them. */
const first = 3;

/** @param who the left-handed trainer's address. */
export function storyOf(rounds: readonly ToldRound[], who: string): readonly string[] {
  const settled = rounds.filter(({ settled }) => settled.some(({ trainer }) => trainer === who));
  if (settled.length === 0) return ['No round is settled yet, so there is nothing to tell of how it fares.'];
  return [...strikes(settled, who), ...pay(settled, who)];
}

const own = ({ settled }: ToldRound, who: string) => settled.find(({ trainer }) => trainer === who)!;

function strikes(rounds: readonly ToldRound[], who: string): string[] {
  const struck = rounds.filter((round) => own(round, who).struck);
  const { level } = own(rounds.at(-1)!, who);
  if (struck.length === 0)
    return [
      `It was not struck in ${rounds.length === 1 ? 'the one round' : `any of the ${rounds.length} rounds`} so far.`,
    ];
  const others = rounds
    .flatMap(({ settled }) => settled)
    .filter((each) => each.trainer !== who && each.struck);
  return [
    `It was struck in ${listed(struck)}: most groups of validators saw its update point elsewhere than what was new to them.`,
    `The others were struck ${others.length === 0 ? 'never' : `${others.length} times`}.`,
    level === 0 ? 'No strike of it stands any more.' : `${level} of its strikes still stand.`,
  ];
}

function pay(rounds: readonly ToldRound[], who: string): string[] {
  const even = 100 / Math.max(...rounds.map(({ settled }) => settled.length));
  const [early, late] = [rounds.slice(0, first), rounds.slice(first)];
  const before = shareOf(early, who);
  const told = (of: readonly ToldRound[], share: number | undefined) =>
    share === undefined
      ? `In ${listed(of)} no trainer was paid.`
      : `In ${listed(of)} it got ${share.toFixed(0)} % of what the trainers were paid; an even share is ${even.toFixed(0)} %.`;
  if (late.length === 0)
    return [told(early, before), `Whether that changes is told after ${first + 1} rounds and more.`];
  const after = shareOf(late, who);
  const sentences = [told(early, before), told(late, after)];
  if (before === undefined || after === undefined) return sentences;
  return [
    ...sentences,
    after > before
      ? 'Its share has risen: what is new to the validators now is more of what it has.'
      : 'Its share has not risen in this run.',
  ];
}

/** Of the trainers' rewards, in percent; undefined where there were none. */
function shareOf(rounds: readonly ToldRound[], who: string): number | undefined {
  const all = rounds.flatMap(({ settled }) => settled);
  const sum = (of: typeof all) => of.reduce((total, { reward }) => total + reward, 0n);
  const total = sum(all);
  if (total === 0n) return undefined;
  return Number((sum(all.filter(({ trainer }) => trainer === who)) * 10_000n) / total) / 100;
}

function listed(rounds: readonly ToldRound[]): string {
  const numbers = rounds.map(({ number }) => number);
  return `${numbers.length === 1 ? 'round' : 'rounds'} ${numbers.join(', ')}`;
}
