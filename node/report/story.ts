// What happened in a run, in a paragraph: from the report's own figures, and nothing beyond them.
import { percent, thousandths } from './format.ts';
import type { Comparison, ModelName, Report, ReportRound } from './schema.ts';

/** The paragraph. */
export function storyOf(report: Report): string {
  const { rounds, trainers } = report;
  if (rounds.length === 0)
    return `${capital(counted(trainers.length, 'trainer'))} took part; no round has ended.`;
  const rejected = rounds.filter(({ accepted }) => !accepted).map(({ round }) => round);
  const outcome =
    rejected.length === 0
      ? 'every new model was accepted'
      : `the new model of ${inRounds(rejected)} was not accepted, so the model before it stayed`;
  return [
    `${capital(counted(trainers.length, 'trainer'))} trained for ${counted(rounds.length, 'round')}; ${outcome}.`,
    qualityIn(report),
    ...strikesIn(report),
    stakeIn(report),
    worthIn(report),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function qualityIn({ rounds, kind }: Report): string {
  const name = kind === 'task' ? "The median accuracy of the validators' votes" : 'Accuracy on the test data';
  const mirrored = between(rounds, ({ mirroredAccuracy }) => mirroredAccuracy);
  const whole = between(rounds, ({ accuracy }) => accuracy);
  const auc = between(rounds, (round) => round.auc, thousandths);
  if (whole === undefined) return '';
  return [
    `${name} ${whole}`,
    ...(mirrored === undefined ? [] : [`on the same data mirrored it ${mirrored}`]),
    ...(auc === undefined ? [] : [`the area under the ROC curve ${auc}`]),
  ]
    .join('; ')
    .concat('.');
}

/** A figure's first and last value. */
function between(
  rounds: readonly ReportRound[],
  of: (round: ReportRound) => number | undefined,
  format: (value: number) => string = percent,
): string | undefined {
  const known = rounds.flatMap((round) => {
    const value = of(round);
    return value === undefined ? [] : [{ round: round.round, value }];
  });
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return undefined;
  const at = ({ round, value }: typeof first) => `${format(value)} after round ${round}`;
  return first === last ? `was ${at(last)}` : `went from ${at(first)} to ${at(last)}`;
}

/** Who was struck, and what it earned all the same. */
function strikesIn({ rounds, trainers, totals }: Report): string[] {
  const most = Math.max(...trainers.map(({ reward }) => reward));
  const struck = trainers.flatMap((trainer, at) => {
    const when = rounds.filter(({ trainers: all }) => all[at]!.struck).map(({ round }) => round);
    if (when.length === 0) return [];
    const share = totals.rewards > 0 ? trainer.reward / totals.rewards : 0;
    const earned =
      trainer.reward === 0
        ? 'earned nothing'
        : `earned ${percent(share)} of the rewards${trainer.reward === most ? ', the largest share' : ''}`;
    const end = trainer.ejected ? 'was ejected' : earned;
    const away = rounds.every(({ trainers: all }) => !all[at]!.struck || (all[at]!.cosine ?? 1) < 0);
    const why = away ? ", for updates that pointed away from what was new in the validators' probes" : '';
    return [`${capital(nameOf(trainer))} was struck in ${inRounds(when)}${why}; it ${end}.`];
  });
  return struck.length > 0 ? struck : ['Nobody was struck.'];
}

function stakeIn({ trainers }: Report): string {
  const lost = trainers.flatMap((trainer) => {
    const amount = trainer.stakeStart - trainer.stakeEnd;
    return amount > 0 ? [`${nameOf(trainer)} (${tokens(amount)})`] : [];
  });
  if (lost.length === 0) return 'No trainer lost stake.';
  return `Stake was lost by ${listed(lost)}, in tokens.`;
}

/** What joining was worth to each site, on rows that nobody has learnt from. */
function worthIn({ comparison }: Report): string {
  if (!comparison) return '';
  const { word, all, sites } = comparison;
  const aucs = sites.map(({ everywhere }) => everywhere.auc ?? 0);
  const best = Math.max(...aucs);
  const auc = (model: ModelName) => thousandths(all[model].auc ?? 0);
  return [
    `Each ${word} kept a part of its rows from everybody. By log loss there, the best model of its own rows alone was`,
    `${beatenBy(comparison, 'bias', " by the federation's with a bias of its own")}; mixed half and half with that one,`,
    `it was ${beatenBy(comparison, 'half')}. On all of these rows the area under the ROC curve was ${auc('bias')} with`,
    `the bias and ${auc('half')} mixed; ${auc('own')} for each ${word}'s own model, ${thousandths(best)} for the`,
    `best single one (${sites[aucs.indexOf(best)]!.name}), and ${auc('pooledBias')} for a model of all ${word}s' rows together, which nobody has.`,
  ].join(' ');
}

/** Where a model beats the own one, and where not. */
function beatenBy({ sites }: Comparison, model: ModelName, by = ''): string {
  const beats = ({ scores }: (typeof sites)[number]) => scores[model].logLoss < scores.own.logLoss;
  const shown = (which: typeof sites) =>
    listed(
      which.map(
        ({ name, scores: { own, [model]: other } }) =>
          `${name} (${thousandths(other.logLoss)} against ${thousandths(own.logLoss)})`,
      ),
    );
  const [where, elsewhere] = [sites.filter(beats), sites.filter((site) => !beats(site))];
  if (where.length === 0) return `beaten${by} nowhere (${shown(elsewhere)})`;
  return `beaten${by} at ${shown(where)}${elsewhere.length > 0 ? `, but not at ${shown(elsewhere)}` : ''}`;
}

const nameOf = ({ name, kind }: Report['trainers'][number]): string =>
  [name, 'plain', 'trainer'].includes(kind) ? name : `${name} (${kind})`;

const numbers = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const counted = (count: number, of: string): string =>
  `${numbers[count] ?? count} ${of}${count === 1 ? '' : 's'}`;
const inRounds = (rounds: readonly number[]): string =>
  `${rounds.length === 1 ? 'round' : 'rounds'} ${listed(runsOf(rounds))}`;

/** Numbers that follow one another as `2 to 5`. */
function runsOf(rounds: readonly number[]): string[] {
  const runs: [number, number][] = [];
  for (const round of rounds) {
    const run = runs.at(-1);
    if (run && run[1] + 1 === round) run[1] = round;
    else runs.push([round, round]);
  }
  return runs.flatMap(([from, to]) => {
    if (from === to) return [`${from}`];
    return to === from + 1 ? [`${from}`, `${to}`] : [`${from} to ${to}`];
  });
}

const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const tokens = (amount: number): string => amount.toFixed(2);
