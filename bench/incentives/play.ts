// Plays the runs of a plan, each once: a run that is kept in the folder is not played again.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backdoorTest } from '../../node/demo/index.ts';
import { evaluate } from '../../node/learn/index.ts';
import { clueFamilies } from '../../node/protocol/index.ts';
import { type Economy, simulate } from '../../node/simulate/index.ts';
import { clinicsWorld } from './clinics.ts';
import { PlainNetwork } from './plain_network.ts';
import { nameOf, type Run } from './plan.ts';
import { type RunRecord, recordOf } from './record.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/incentives';

/** A kept run; undefined where it was not played yet. */
export function kept(folder: string, run: Run): RunRecord | undefined {
  const file = join(folder, `${nameOf(run)}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunRecord) : undefined;
}

/** Plays what is missing of `runs`, one after the other. */
export async function playAll(
  folder: string,
  runs: readonly Run[],
  say: (line: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = runs.filter((run) => !existsSync(join(folder, `${nameOf(run)}.json`)));
  for (const [k, run] of missing.entries()) {
    const start = performance.now();
    const text = JSON.stringify(await play(run));
    const file = join(folder, `${nameOf(run)}.json`);
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
    say(
      `${k + 1} of ${missing.length}  ${nameOf(run)}  ${((performance.now() - start) / 1000).toFixed(1)} s`,
    );
  }
}

async function play(run: Run): Promise<RunRecord> {
  const { world, adversary, corrupt, votes, validators, selector, rounds, seed, mirroredShare } = run;
  const simulation = await simulate(
    {
      adversary: adversary === 'honest' ? [] : [adversary],
      corrupt,
      corruptVotes: votes,
      validators,
      selector,
      rounds,
      seed,
      mirroredShare,
    },
    {
      economy: economyOf(run),
      networkOf: (spec) => new PlainNetwork(spec),
      ...(world === 'digits'
        ? {}
        : { worldOf: (options) => clinicsWorld(options, world === 'clinics-own' ? 'own' : 'mixed') }),
    },
  );
  if (adversary !== 'backdoor') return recordOf(simulation, undefined);
  const network = new PlainNetwork(simulation.world.task.model);
  const { accuracy } = evaluate(network, simulation.model, backdoorTest(simulation.world.test));
  network.dispose();
  return recordOf(simulation, accuracy);
}

function economyOf({ without, only }: Run): Partial<Economy> {
  if (only) return { clues: only };
  if (without === 'clues') return { clues: [] };
  if (without === 'groups') return { groups: 1 };
  if (without === 'strikes_on_innovation') return { strikesOn: 'whole' };
  return without === undefined ? {} : { clues: clueFamilies.filter((family) => family !== without) };
}
