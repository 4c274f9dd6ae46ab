// A scenario of `murmur start`, to its report.
import { join } from 'node:path';
import { type Report, reportSchema } from '../../node/report/index.ts';
import type { Place } from './place.ts';

/** Plays a scenario as it is without other flags. */
export async function playScenario(place: Place, scenario: string): Promise<string> {
  const { json } = place.commands();
  const out = join(place.folder, 'runs');
  return cameTo(reportSchema.parse(await json('start', '--scenario', scenario, '--out', out)));
}

/** What a report tells, in one line. @throws Error where it is not what every scenario promises. */
export function cameTo(report: Report): string {
  const { rounds, totals } = report;
  const told = [
    ...accuracyOf(report),
    `${totals.accepted} of ${rounds.length} rounds accepted`,
    `${totals.rewards.toFixed(1)} tokens of rewards paid`,
    `${totals.proofs} proofs`,
    ...afterwardsOf(report),
  ].join(', ');
  const fault = faultOf(report);
  if (fault !== undefined) throw new Error(`${fault} (${told})`);
  return told;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function accuracyOf({ rounds, comparison }: Report): string[] {
  const { accuracy, mirroredAccuracy, auc } = rounds.at(-1) ?? {};
  const told = accuracy === undefined ? [] : [`${percent(accuracy)} right`];
  if (mirroredAccuracy !== undefined) told.push(`${percent(mirroredAccuracy)} of the mirrored`);
  if (auc !== undefined) told.push(`AUC ${auc.toFixed(3)}`);
  for (const { name, scores } of comparison?.sites ?? [])
    told.push(`${name} ${scores.own.logLoss.toFixed(3)} alone, ${scores.blend.logLoss.toFixed(3)} joined`);
  return told;
}

function afterwardsOf({ lending }: Report): string[] {
  if (lending === undefined) return [];
  const brackets = lending.borrowers.map(({ bracket }) => bracket).join(' ');
  const { borrowers, refusals } = lending;
  return [
    `${borrowers.length} borrowers in brackets ${brackets}`,
    `${refusals.length} attempts to cheat refused`,
  ];
}

/** What is not as every scenario promises it. */
function faultOf({ rounds, totals, unfinished, trainers, comparison }: Report): string | undefined {
  if (unfinished !== undefined) return `what comes after the training did not: ${unfinished}`;
  if (totals.accepted === 0) return 'no round was accepted';
  if (totals.rewards === 0) return 'nobody was paid';
  if (trainers.some(({ ejected }) => ejected)) return 'an honest trainer was ejected';
  const [first, last] = [rounds[0]?.accuracy, rounds.at(-1)?.accuracy];
  if (first === undefined || last === undefined) return 'the model was not judged';
  // Of sites' few hundred rows accuracy goes up and down from the first round on; their measure is the area.
  if (comparison === undefined)
    return last < first ? 'the model is worse than after its first round' : undefined;
  const { auc } = comparison.all.federated;
  return auc === undefined || auc < 0.6 ? 'the sites learnt nothing together' : undefined;
}
