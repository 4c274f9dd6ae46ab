// `npm run murmur -- simulate`: learning and incentives with proofs, encryption and network off.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { writeReport } from '../../report/index.ts';
import {
  type SimulatedRound,
  type SimulationInput,
  simulate,
  simulationOptions,
  simulationReport,
} from '../../simulate/index.ts';
import { UserError } from '../errors.ts';
import type { Verb } from '../verb.ts';

const help = `npm run murmur -- simulate [flags]

Runs the federation's learning, compression, scoring and rewards without proofs, encryption and network,
and draws what the incentives do. It is a simulation: nothing is proven.

  --rounds N        rounds (40)
  --trainers N      trainers; the last one is left-handed: its digits are mirrored (5)
  --validators N    validators (3)
  --seed N          decides data, batches and rounding (2)
  --adversary KIND  the last but one is honest, noise, opposite or replay (honest)
  --selector NAME   who proposes the coordinates: leader or probe (leader)
  --density X       share of the model a round carries, for example 0.04 (one chunk)
  --partition HOW   even or by-label (even)
  --reference WHAT  score against the validators' probe, or, to see why not, against the sum (probe)
  --preset NAME     quick or tiny (quick)
  --out FOLDER      write report.html and report.json there (build/simulation)
  --json            print the report as JSON instead of the drawing

Examples
  npm run murmur -- simulate --adversary noise
  npm run murmur -- simulate --reference sum --adversary noise`;

export const verb: Verb = {
  summary: 'the same learning and rewards with proofs, encryption and network off, in seconds',
  help,
  run,
};

async function run(args: string[]): Promise<number> {
  const { options, out, json } = parse(args);
  const log = json ? () => {} : console.log;
  log('A simulation: proofs, encryption and network are off.\n');
  const simulation = await simulate(options, (round, kinds) => {
    if (round.round === 1) log(heading(kinds));
    log(row(round));
  });
  const report = simulationReport(simulation);
  const paths = await writeReport(report, out);
  if (json) {
    console.log(JSON.stringify(report));
    return 0;
  }
  log(
    `\n${'trainer'.padEnd(22)}${'strikes'.padStart(8)}${'stake'.padStart(10)}${'reward'.padStart(10)}${'share'.padStart(9)}`,
  );
  for (const t of report.trainers) {
    const share = report.totals.rewards > 0 ? t.reward / report.totals.rewards : 0;
    const name = `${t.name}, ${t.kind}${t.ejected ? ', ejected' : ''}`;
    log(
      `${name.padEnd(22)}${String(t.strikes).padStart(8)}${t.stakeEnd.toFixed(1).padStart(10)}${t.reward.toFixed(1).padStart(10)}${`${(100 * share).toFixed(1)} %`.padStart(9)}  ${'▇'.repeat(Math.round(share * 30))}`,
    );
  }
  log(
    `\n${(report.totals.milliseconds / 1000).toFixed(1)} s for ${report.rounds.length} rounds. Plots: ${paths.html}`,
  );
  return 0;
}

function parse(args: string[]): { options: SimulationInput; out: string; json: boolean } {
  const text = { type: 'string' } as const;
  const names = [
    'rounds',
    'trainers',
    'validators',
    'seed',
    'adversary',
    'selector',
    'density',
    'partition',
    'reference',
    'preset',
  ] as const;
  const flags = Object.fromEntries(names.map((name) => [name, text]));
  try {
    const { values } = parseArgs({
      args,
      options: { ...flags, out: text, json: { type: 'boolean', default: false } },
    });
    const {
      out = 'build/simulation',
      json = false,
      ...rest
    } = values as Record<string, string> & { json?: boolean };
    const numeric = new Set(['rounds', 'trainers', 'validators', 'seed', 'density']);
    const given = Object.entries(rest).map(([name, value]) => [
      name,
      numeric.has(name) ? Number(value) : value,
    ]);
    return { options: simulationOptions.parse(Object.fromEntries(given)), out, json };
  } catch (error) {
    if (error instanceof z.ZodError)
      throw new UserError(
        error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '),
      );
    throw error;
  }
}

function heading(kinds: string[]): string {
  return `${'round'.padStart(5)}  ${'plain'.padEnd(31)}${'mirrored'.padStart(8)}   cosine with the probe (! struck)\n${' '.repeat(46)}   ${kinds.map((kind) => kind.slice(0, 8).padStart(9)).join('')}`;
}

function row(round: SimulatedRound): string {
  const bar = '█'.repeat(Math.round(round.plain.accuracy * 22)).padEnd(22, '·');
  const cosines = round.trainers.map((t) =>
    (t.present ? `${t.cosine.toFixed(2)}${t.struck ? '!' : ' '}` : '- ').padStart(9),
  );
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
  return `${String(round.round).padStart(5)}  ${bar} ${percent(round.plain.accuracy).padStart(8)}${percent(round.mirrored.accuracy).padStart(8)}   ${cosines.join('')}${round.accepted ? '' : '   rejected'}`;
}
