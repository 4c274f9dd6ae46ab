// The work of `murmur start`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NodeError } from '../../../errors.ts';
import { createView, type LocalInput, runLocalFederation } from '../../../local/index.ts';
import { type Report, writeReport } from '../../../report/index.ts';
import { toJson } from '../../output/format.ts';
import { onInterrupt } from '../../output/interrupt.ts';

/** Runs the federation and writes its report. */
export async function start(
  settings: Required<Omit<LocalInput, 'minGain' | 'phase'>> & {
    readonly out: string;
    readonly cache: string;
    readonly json: boolean;
  },
): Promise<void> {
  const { out, json, cache: cacheFolder, ...options } = settings;
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = resolve(out, name);
  await mkdir(folder, { recursive: true });
  const view = createView(json ? process.stderr : process.stdout);
  const abort = new AbortController();
  const takeBack = onInterrupt(() =>
    abort.abort(new NodeError('interrupted', 'interrupted; everything is stopped')),
  );
  try {
    const report = await runLocalFederation(options, { folder, cacheFolder, view, signal: abort.signal });
    view.close();
    const paths = await writeReport(report, folder);
    if (json) console.log(toJson(report));
    else console.log(`\n${summary(report)}\n\nreport  ${paths.html}\n        ${join(folder, 'report.json')}`);
  } finally {
    takeBack();
  }
}

function summary(report: Report): string {
  const last = report.rounds.at(-1);
  const { totals } = report;
  const rows = report.trainers.map(({ name, kind, stakeStart, stakeEnd, strikes, reward, ejected }) =>
    [
      name.padEnd(12),
      kind.padEnd(14),
      `${stakeStart.toFixed(1)} → ${stakeEnd.toFixed(1)}`.padStart(16),
      String(strikes).padStart(9),
      reward.toFixed(2).padStart(9),
      ejected ? '  ejected' : '',
    ].join(''),
  );
  return [
    `${'trainer'.padEnd(12)}${'kind'.padEnd(14)}${'stake'.padStart(16)}${'strikes'.padStart(9)}${'reward'.padStart(9)}`,
    ...rows,
    '',
    `${report.rounds.length} rounds, ${totals.accepted} accepted, in ${(totals.milliseconds / 1000).toFixed(0)} s; ${totals.proofs} proofs; ${(totals.gas / 1e6).toFixed(1)} M gas`,
    last
      ? `accuracy ${(last.accuracy * 100).toFixed(1)} % on plain digits, ${((last.mirroredAccuracy ?? 0) * 100).toFixed(1)} % on mirrored ones, at a density of ${(last.density * 100).toFixed(1)} %`
      : 'no round ended',
  ].join('\n');
}
