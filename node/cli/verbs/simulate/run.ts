// The work of `murmur simulate`.
import { writeReport } from '../../../report/index.ts';
import {
  type SimulatedRound,
  type SimulationInput,
  simulate,
  simulationReport,
} from '../../../simulate/index.ts';
import { toJson } from '../../output/format.ts';

/** Runs the simulation, draws its rounds and writes its report. */
export async function runSimulation(
  settings: SimulationInput & { readonly out: string; readonly json: boolean },
): Promise<void> {
  const { out, json, ...options } = settings;
  const log = json ? () => {} : console.log;
  log('A simulation: proofs, encryption and network are off.\n');
  const simulation = await simulate(options, (round, kinds) => {
    if (round.round === 1) log(heading(kinds));
    log(row(round));
  });
  const report = simulationReport(simulation);
  const paths = await writeReport(report, out);
  if (json) {
    console.log(toJson(report));
    return;
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
