// The plots of docs/incentives.md, as SVG by the report's own drawing.
import { barFile, chartFile } from '../../node/report/index.ts';
import { rows, runsOf } from './plan.ts';
import type { RunRecord } from './record.ts';
import type { Find } from './tables.ts';

const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;

/** Mean over runs, round by round. */
function meanByRound(runs: readonly RunRecord[], of: (run: RunRecord, round: number) => number): number[] {
  const count = Math.max(...runs.map((run) => run.rounds.length));
  return Array.from({ length: count }, (_, r) => {
    const there = runs.filter((run) => run.rounds[r]);
    return there.reduce((sum, run) => sum + of(run, r), 0) / there.length;
  });
}

const plains = ({ trainers, minority }: RunRecord) => trainers.map((_, i) => i).filter((i) => i !== minority);

/** The left-handed trainer's share, strikes and digits over the rounds; undefined where no run is kept. */
export function storyPlots(
  find: Find,
  seeds: readonly number[],
): { readonly pay: string; readonly strikes: string } | undefined {
  const runs = runsOf('story', seeds)
    .filter(({ selector }) => selector === 'leader')
    .map(find)
    .filter((run) => run !== undefined);
  if (runs.length === 0) return undefined;
  const rounds = runs[0]!.rounds.map((_, r) => r + 1);
  const share = (run: RunRecord, r: number, i: number) => {
    const { rewards } = run.rounds[r]!;
    return rewards[i]! / (rewards.reduce((a, b) => a + b, 0) || 1);
  };
  const pay = chartFile({
    title: 'Pay of a round, the left-handed trainer and the others',
    unit: `share; mean of ${runs.length} seeds`,
    rounds,
    range: [0, 0.6],
    format: percent,
    series: [
      { name: 'left-handed', values: meanByRound(runs, (run, r) => share(run, r, run.minority!)) },
      {
        name: 'each of the four others, mean',
        values: meanByRound(
          runs,
          (run, r) => plains(run).reduce((sum, i) => sum + share(run, r, i), 0) / plains(run).length,
        ),
      },
    ],
  });
  const strikes = chartFile({
    title: 'Strikes that stand, and what the model can',
    unit: `mean of ${runs.length} seeds`,
    rounds,
    range: [0, 1],
    format: (x) => x.toFixed(1),
    series: [
      {
        name: 'strikes of the left-handed trainer',
        values: meanByRound(runs, (run, r) => run.rounds[r]!.levels[run.minority!]!),
      },
      {
        name: 'accuracy on digits as they are',
        values: meanByRound(runs, (run, r) => run.rounds[r]!.accuracy),
      },
      {
        name: 'accuracy on mirrored digits',
        values: meanByRound(runs, (run, r) => run.rounds[r]!.minorityAccuracy),
      },
    ],
  });
  return { pay, strikes };
}

/** Every adversary's share in both worlds. */
export function sharePlot(find: Find, seeds: readonly number[]): string {
  const all = runsOf('adversaries', seeds);
  return barFile({
    title: 'What an adversary gets of all pay',
    unit: 'mean over seeds and selectors; the thin line reaches to the largest',
    format: percent,
    series: ['digits', 'hospitals'],
    mark: { value: 0.2, name: 'an even share' },
    groups: rows
      .filter(({ adversary }) => !['honest', 'target'].includes(adversary))
      .map(({ adversary, corrupt = 0, votes = 'honest', validators = 6 }) => ({
        name: `${adversary}${corrupt ? `, ${corrupt} of ${validators}` : ''}${votes === 'honest' ? '' : `, votes ${votes}`}`,
        values: (['digits', 'clinics'] as const).map((world) => {
          const shares = all
            .filter((run) => run.world === world && run.adversary === adversary && run.corrupt === corrupt)
            .filter((run) => run.votes === votes && run.validators === validators)
            .map(find)
            .filter((run) => run !== undefined)
            .map((run) => run.adversary.reduce((sum, i) => sum + run.trainers[i]!.share, 0));
          if (shares.length === 0) return undefined;
          return { value: shares.reduce((a, b) => a + b, 0) / shares.length, most: Math.max(...shares) };
        }),
      })),
  });
}
