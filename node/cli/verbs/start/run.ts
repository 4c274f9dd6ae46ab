// The work of `murmur start`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { NodeError } from '../../../errors.ts';
import { createView, type LocalInput, runLocalFederation } from '../../../local/index.ts';
import { type ModelName, modelNames, type Report, storyOf, writeReport } from '../../../report/index.ts';
import { columns, percent, toJson } from '../../output/format.ts';
import { onInterrupt } from '../../output/interrupt.ts';
import { lendingLines } from './lending.ts';

/** Runs the federation and writes its report. */
export async function start(
  settings: LocalInput & {
    readonly out: string;
    readonly cache: string;
    readonly json: boolean;
  },
): Promise<void> {
  const { out, json, cache: cacheFolder, ...options } = settings;
  // All members' contents pass through this process, outside of V8's heap. Without this, every 64 MB of them have it look
  // through the heap for what can be freed, twenty times a round.
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = resolve(out, name);
  await mkdir(folder, { recursive: true });
  const view = createView(json ? process.stderr : process.stdout);
  const abort = new AbortController();
  const takeBack = onInterrupt(() =>
    abort.abort(new NodeError('interrupted', 'interrupted; everything is stopped')),
  );
  try {
    const ground = { folder, cacheFolder, view, signal: abort.signal };
    const report = await runLocalFederation(options, ground).finally(() => view.close());
    const paths = await writeReport(report, folder);
    if (json) console.log(toJson(report));
    else console.log(`\n${summary(report)}\n\nreport  ${paths.html}\n        ${join(folder, 'report.json')}`);
    if (report.unfinished) process.exitCode = 1;
  } finally {
    takeBack();
  }
}

/** What the table at the end says. */
function summary(report: Report): string {
  const { rounds, trainers, totals } = report;
  const last = rounds.at(-1);
  const table = [
    columns(['trainer', -12], ['kind', -14], ['stake', 16], ['strikes', 9], ['reward', 9]),
    ...trainers.map(({ name, kind, stakeStart, stakeEnd, strikes, reward, ejected }) => {
      const stake = `${stakeStart.toFixed(1)} → ${stakeEnd.toFixed(1)}`;
      const line = columns([name, -12], [kind, -14], [stake, 16], [strikes, 9], [reward.toFixed(2), 9]);
      return `${line}${ejected ? '  ejected' : ''}`;
    }),
  ];
  const seconds = (totals.milliseconds / 1000).toFixed(0);
  const work = `${totals.proofs} proofs; ${(totals.gas / 1e6).toFixed(1)} M gas`;
  return [
    ...table,
    '',
    `${rounds.length === 1 ? '1 round' : `${rounds.length} rounds`}, ${totals.accepted} accepted, in ${seconds} s; ${work}`,
    last ? quality(last) : 'no round ended',
    ...compared(report),
    ...(report.lending ? lendingLines(report.lending) : []),
    ...(report.unfinished ? ['', `after the training it ended early: ${report.unfinished}`] : []),
  ].join('\n');
}

function quality({ accuracy, mirroredAccuracy, auc, density }: Report['rounds'][number]): string {
  const shown = (share: number | undefined) => (share === undefined ? 'unknown' : percent(share));
  const found =
    auc === undefined
      ? `${shown(accuracy)} on plain digits, ${shown(mirroredAccuracy)} on mirrored ones`
      : `${shown(accuracy)}, area under the ROC curve ${auc.toFixed(3)}`;
  return `accuracy ${found}, at a density of ${percent(density)}`;
}

/** The models of a site, as heads of columns. */
const heads: Readonly<Record<ModelName, string>> = {
  own: 'own',
  federated: 'federated',
  bias: 'bias',
  half: 'half own',
  blend: 'blend',
  pooled: 'pooled',
  pooledBias: 'and bias',
};

const legend = `less is better. bias: the federation's model with one number fitted at the site; half own, blend: that averaged
with the site's own model, by half or by a share that its rows chose; pooled: of all sites' rows, which nobody has`;

/** Each site's models beside each other, and in words. */
function compared(report: Report): string[] {
  const { comparison } = report;
  if (!comparison) return [];
  const line = (name: string, cellOf: (model: ModelName) => string) =>
    columns([name, -12], ...modelNames.map((model) => [cellOf(model), 10] as const));
  const rows = [...comparison.sites, { name: 'all', scores: comparison.all }];
  return [
    '',
    line('log loss', (model) => heads[model]),
    ...rows.map(({ name, scores }) => line(name, (model) => scores[model].logLoss.toFixed(3))),
    legend,
    '',
    storyOf(report),
  ];
}
