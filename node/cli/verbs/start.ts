// `npm start`: a whole federation on this machine, on real data, with a report at the end.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { adversaries, createView, localOptions, runLocalFederation } from '../../local/index.ts';
import { type Report, writeReport } from '../../report/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { UserError } from '../errors.ts';
import type { Verb } from '../verb.ts';

const help = `npm start -- [flags]

A planner, trainers (the last one left-handed: its digits are mirrored), validators and a prover train one model on
handwritten digits: real encryption, proofs, contracts on a local chain, and peers over TCP, all on this machine.

  --rounds N         rounds (8)
  --trainers N       trainers, 3 to 16 (5)
  --validators N     validators, 1 to 8 (3)
  --preset NAME      quick or tiny (quick)
  --selector NAME    who proposes the coordinates of a round: probe (the validators) or leader (probe)
  --seed N           decides data, batches and rounding (2)
  --adversary KIND   what the last trainer but one does: ${adversaries.join(', ')} (none)
  --port N           port of the chain; 0 takes a free one (0)
  --out FOLDER       where report.html, report.json, content and state go (build/start)
  --json             print the report as JSON at the end instead of the table; npm -s start adds nothing to it

Examples
  npm start
  npm start -- --rounds 3 --adversary garbage-proof
  npm -s start -- --preset tiny --rounds 2 --json > report.json`;

export const verb: Verb = {
  summary: 'a whole federation on this machine, with a report at the end',
  help,
  run,
};

/** Runs the federation; resolves to 0 when its report is written. */
async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      trainers: { type: 'string' },
      validators: { type: 'string' },
      preset: { type: 'string' },
      selector: { type: 'string' },
      seed: { type: 'string' },
      adversary: { type: 'string' },
      port: { type: 'string' },
      out: { type: 'string', default: 'build/start' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const options = parseOptions(values);
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = resolve(values.out, name);
  await mkdir(folder, { recursive: true });
  const view = createView(values.json ? process.stderr : process.stdout);
  const abort = new AbortController();
  const interrupt = () => abort.abort(new UserError('interrupted; everything is stopped.'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const report = await runLocalFederation(options, {
      folder,
      cacheFolder: cacheFolder(),
      view,
      signal: abort.signal,
    });
    view.close();
    const paths = await writeReport(report, folder);
    if (values.json) console.log(JSON.stringify(report));
    else console.log(`\n${summary(report)}\n\nreport  ${paths.html}\n        ${join(folder, 'report.json')}`);
    return 0;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function parseOptions(values: Record<string, string | boolean | undefined>) {
  const number = (name: string) => (values[name] === undefined ? {} : { [name]: Number(values[name]) });
  const text = (name: string) => (values[name] === undefined ? {} : { [name]: values[name] });
  const parsed = localOptions.safeParse({
    ...number('rounds'),
    ...number('trainers'),
    ...number('validators'),
    ...number('seed'),
    ...number('port'),
    ...text('preset'),
    ...text('adversary'),
    ...text('selector'),
  });
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new UserError(
    `--${path.join('.')} is ${JSON.stringify(values[String(path[0])])}: ${message}; see npm start -- --help`,
  );
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
