// The work of `murmur simulate`.
import { writeReport } from '../../../report/index.ts';
import {
  type SimulatedRound,
  type SimulationInput,
  simulate,
  simulationReport,
} from '../../../simulate/index.ts';
import { columns, percent, toJson } from '../../output/format.ts';

/** Runs the simulation, draws its rounds and writes its report. */
export async function runSimulation(
  settings: SimulationInput & { readonly out: string; readonly json: boolean },
): Promise<void> {
  const { out, json, ...options } = settings;
  const log = json ? () => {} : console.log;
  log('A simulation: proofs, encryption and network are off.\n');
  const simulation = await simulate(options, {
    onRound(round, kinds) {
      if (round.round === 1) log(heading(kinds));
      log(row(round));
    },
  });
  const report = simulationReport(simulation);
  const paths = await writeReport(report, out);
  if (json) {
    console.log(toJson(report));
    return;
  }
  const { trainers, totals, rounds } = report;
  log(`\n${columns(['trainer', -22], ['strikes', 8], ['stake', 10], ['reward', 10], ['share', 9])}`);
  for (const { name, kind, ejected, strikes, stakeEnd, reward } of trainers) {
    const share = totals.rewards > 0 ? reward / totals.rewards : 0;
    const who = `${name}, ${kind}${ejected ? ', ejected' : ''}`;
    const money = [stakeEnd, reward].map((amount) => [amount.toFixed(1), 10] as const);
    const bar = '▇'.repeat(Math.round(share * 30));
    log(`${columns([who, -22], [strikes, 8], ...money, [percent(share), 9])}  ${bar}`);
  }
  const seconds = (totals.milliseconds / 1000).toFixed(1);
  log(`\n${seconds} s for ${rounds.length} rounds. Plots: ${paths.html}`);
}

/** The line above the rounds. */
function heading(kinds: readonly string[]): string {
  const names = kinds.map((kind) => [kind.slice(0, 8), 9] as const);
  const first = columns(['round', 5], ['', 2], ['plain', -31], ['mirrored', 8]);
  return `${first}   cosine with what was new in the probes (! struck)\n${columns(['', 49], ...names)}`;
}

/** A round on one line. */
function row({ round, plain, mirrored, trainers, accepted }: SimulatedRound): string {
  const bar = '█'.repeat(Math.round(plain.accuracy * 22)).padEnd(22, '·');
  const cosines = trainers.map(({ present, cosine, struck }) => {
    return [present ? `${cosine.toFixed(2)}${struck ? '!' : ' '}` : '- ', 9] as const;
  });
  const accuracies = columns([percent(plain.accuracy), 9], [percent(mirrored.accuracy), 8]);
  const first = `${columns([round, 5])}  ${bar}${accuracies}   `;
  return `${first}${columns(...cosines)}${accepted ? '' : '   rejected'}`;
}
