// Plays the runs of docs/adversaries.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backdoorTest } from '../../node/demo/index.ts';
import { evaluate } from '../../node/learn/index.ts';
import { createThrowawayFederation, runToEnd } from '../../node/local/index.ts';
import { wholeTokens } from '../../node/protocol/index.ts';
import { simulate } from '../../node/simulate/index.ts';
import { PlainNetwork } from '../incentives/plain_network.ts';
import { type FederationOutcome, outcomeOf } from './outcome.ts';
import type { FederationRun, Run, SimulationRun } from './plan.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/adversaries';

/** A simulation as it is kept; amounts in whole tokens. */
export interface SimulationOutcome {
  readonly rounds: readonly boolean[];
  readonly accuracy: number;
  readonly mirroredAccuracy: number;
  /** Share of digits with the trigger that the last model takes for the backdoor's class; where there is one. */
  readonly backdoor: number | undefined;
  readonly trainers: readonly {
    readonly kind: string;
    readonly held: number;
    readonly earned: number;
    readonly strikes: number;
    readonly ejected: boolean;
  }[];
}

/** What is kept of a run. */
export type Outcome<Of extends Run = Run> = Of extends FederationRun ? FederationOutcome : SimulationOutcome;

/** Plays one. */
export const play = (run: Run): Promise<Outcome> =>
  run.kind === 'federation' ? playFederation(run) : playSimulation(run);

async function playFederation({ seed, options }: FederationRun): Promise<FederationOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'murmuration-adversary-'));
  try {
    const silently = { cacheFolder: 'build', observe: () => undefined, say: () => undefined };
    const federation = await createThrowawayFederation({ ...options, seed }, folder, silently);
    await runToEnd(federation);
    return outcomeOf(federation);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function playSimulation({ seed, options }: SimulationRun): Promise<SimulationOutcome> {
  const { model, rounds, kinds, world, economy } = await simulate(
    { ...options, seed },
    options.preset === 'base' ? {} : { networkOf: (spec) => new PlainNetwork(spec) },
  );
  const last = rounds.at(-1)!;
  let backdoor: number | undefined;
  if (options.preset !== 'base') {
    const network = new PlainNetwork(world.task.model);
    backdoor = evaluate(network, model, backdoorTest(world.test)).accuracy;
    network.dispose();
  }
  return {
    rounds: rounds.map(({ accepted }) => accepted),
    accuracy: last.plain.accuracy,
    mirroredAccuracy: last.mirrored.accuracy,
    backdoor,
    trainers: kinds.map((kind, i) => ({
      kind,
      held: wholeTokens(economy.stake - last.trainers[i]!.stake),
      earned: rounds.reduce((sum, { trainers }) => sum + wholeTokens(trainers[i]!.reward), 0),
      strikes: rounds.filter(({ trainers }) => trainers[i]!.struck).length,
      ejected: last.trainers[i]!.ejected,
    })),
  };
}
