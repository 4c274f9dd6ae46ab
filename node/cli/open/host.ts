// Where a task's model is computed on this machine: a thread, or the site's own program.
import { resolve } from 'node:path';
import { NodeError } from '../../errors.ts';
import { passwordFileVariable } from '../../keystore/index.ts';
import {
  type ModelHost,
  type ModelSpec,
  type ProgramHost,
  type ProgramModel,
  type ProgramRun,
  startModelThread,
  startProgram,
} from '../../learn/index.ts';
import type { Settings } from '../command/flag.ts';
import type { programFlags } from '../command/flags.ts';

/** How a site runs a program, if it has one, and where its accounts, states and passwords lie. */
export type ProgramPlace = Settings<typeof programFlags> & {
  readonly home?: string | undefined;
  readonly keystore?: string | undefined;
  readonly state?: string | undefined;
  readonly passwordFile?: string | undefined;
};

/** How a site's command runs a program: what walls are for, and what they cover. */
export function runOf(
  exec: string,
  { execLimit, execWalls, execShows, home, keystore, state, passwordFile }: ProgramPlace,
  hear: (text: string) => void,
): ProgramRun {
  const hidden = [home, keystore, state, passwordFile, process.env[passwordFileVariable]]
    .filter((path) => path !== undefined)
    .map((path) => resolve(path));
  const shows = execShows?.map((path) => resolve(path));
  return {
    exec,
    seconds: execLimit,
    walls: execWalls,
    hidden,
    shows,
    hear: (text) => hear(`program: ${text}`),
  };
}

/** The host of a task's model; a program has been asked what it is. */
export async function openHost(
  model: ModelSpec,
  place: ProgramPlace,
  hear: (text: string) => void,
): Promise<ModelHost> {
  if (model.kind === 'program') return openProgram(model, place, hear);
  if (place.exec !== undefined)
    throw new NodeError('input', `--exec is ${place.exec}, but the task's model is of layers`, {
      mend: 'Leave it out.',
    });
  return startModelThread(model);
}

/**
 * The site's program, which has said that its parameters are the task's.
 * @throws NodeError `input` where it is not given, or its files are not those of the task.
 */
export async function openProgram(
  model: ProgramModel,
  place: ProgramPlace,
  hear: (text: string) => void,
): Promise<ProgramHost> {
  const { exec } = place;
  if (exec === undefined)
    throw new NodeError('input', `the task's model is ${describeProgram(model)}, but --exec is not given`, {
      mend: 'Install it from its planner, and give the command that runs it.',
    });
  const host = await startProgram(model, runOf(exec, place, hear));
  try {
    await host.describe();
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}

/**
 * Holds a site's program against a task's before anything is staked or read.
 * @returns what it is, for people; undefined for a model of layers.
 */
export async function checkProgram(
  model: ModelSpec,
  place: ProgramPlace,
  hear: (text: string) => void,
): Promise<string | undefined> {
  await (await openHost(model, place, hear)).close();
  if (model.kind !== 'program') return undefined;
  return `${describeProgram(model)}, installed here with the task's parameters`;
}

/** A program in a few words. */
export function describeProgram({ files, parameters }: ProgramModel): string {
  const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const [first, ...others] = files.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 12)}`);
  return `a program of ${size} parameters (${[first, ...others].join(', ')})`;
}
