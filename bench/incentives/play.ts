// Plays the runs of a plan, each once: a run that is kept in the folder is not played again.
import { backdoorTest } from '../../node/demo/index.ts';
import { evaluate } from '../../node/learn/index.ts';
import { clueFamilies } from '../../node/protocol/index.ts';
import { type Economy, simulate } from '../../node/simulate/index.ts';
import { keptResult, playMissing } from '../kept_runs.ts';
import { clinicsWorld } from './clinics.ts';
import { PlainNetwork } from './plain_network.ts';
import { nameOf, type Run } from './plan.ts';
import { type RunRecord, recordOf } from './record.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/incentives';

/** A kept run; undefined where it was not played yet. */
export const kept = (folder: string, run: Run): RunRecord | undefined => keptResult({ folder, nameOf }, run);

/** Plays what is missing of `runs`, one after the other. */
export const playAll = (folder: string, runs: readonly Run[], say: (line: string) => void): Promise<void> =>
  playMissing({ folder, nameOf, play }, runs, say);

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
