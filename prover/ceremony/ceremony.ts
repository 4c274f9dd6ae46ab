// Phase 2 of the keys: each institution in turn multiplies its own secret into the keys of all circuits and
// forgets it; a beacon closes the list. The keys are sound if one contributor was honest (Bowe, Gabizon,
// Miers 2017, https://eprint.iacr.org/2017/1050). The work itself is snarkjs's; the order, the hashes and the
// transcript are kept here. A ceremony is a folder that travels from one to the next.

import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CircuitArtifact, type CircuitName, circuitNames, ensureCircuit } from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import { KeyError } from '../keys/error.ts';
import { sha256File } from '../keys/manifest.ts';
import { log2DomainOf } from '../keys/qap.ts';
import { readR1csFile } from '../keys/r1cs.ts';
import { presets } from '../presets.ts';
import { makeKey } from './phase2.ts';
import { readPtauPower } from './ptau.ts';
import {
  beaconIterations,
  type CeremonyStep,
  readTranscript,
  stepFile,
  type Transcript,
  transcriptName,
  writeTranscript,
} from './transcript.ts';

/** What is being done to which circuit, for progress lines. */
export interface CeremonyProgress {
  readonly stage: 'compile' | 'new' | 'contribute' | 'beacon' | 'hash' | 'verify' | 'powers';
  readonly id: string;
}

/** How a step is taken. */
export interface CeremonyOptions {
  readonly onProgress?: ((progress: CeremonyProgress) => void) | undefined;
}

/** How a step is taken that needs the circuits themselves. */
export type CircuitOptions = CeremonyOptions & (CompilingHere | CompiledElsewhere);

/** The preset's own circuits. */
export interface CompilingHere {
  /** Path of a folder for circuits that must be compiled: they go to `<cacheFolder>/circuits/`. */
  readonly cacheFolder: string;
}

/** Other circuits than the preset's own. */
export interface CompiledElsewhere {
  /** One for each statement. */
  readonly circuits: readonly CircuitArtifact[];
}

/** The circuits of a preset, compiled here. */
export async function compileCircuits(
  preset: PresetName,
  options: CircuitOptions,
): Promise<readonly CircuitArtifact[]> {
  if ('circuits' in options) return options.circuits;
  const { cacheFolder, onProgress } = options;
  const artifacts: CircuitArtifact[] = [];
  for (const circuit of circuitNames) {
    onProgress?.({ stage: 'compile', id: `${circuit}/${preset}` });
    artifacts.push(await ensureCircuit(circuit, preset, { cacheFolder }));
  }
  return artifacts;
}

/**
 * The smallest Powers of Tau file that a preset needs, as an exponent: for the largest circuit, and for KZG's
 * powers.
 */
export async function neededPower(
  preset: PresetName,
  artifacts: readonly CircuitArtifact[],
): Promise<number> {
  const circuits = await Promise.all(
    artifacts.map(async ({ r1cs }) => log2DomainOf(await readR1csFile(r1cs.path))),
  );
  return Math.max(...circuits, Math.ceil(Math.log2(presets[preset].powers)));
}

/**
 * Begins a ceremony in a new folder: the keys without any contribution, which nothing accepts yet, and the
 * transcript.
 * @param ptau path of a prepared, public Powers of Tau file; it is not copied.
 */
export async function initCeremony(
  { preset, ptau, folder }: { readonly preset: PresetName; readonly ptau: string; readonly folder: string },
  options: CircuitOptions,
): Promise<Transcript> {
  if (await stat(join(folder, transcriptName)).catch(() => undefined)) {
    throw new KeyError(`${folder} already holds a ceremony; contribute to it, or choose another folder`);
  }
  const power = await readPtauPower(ptau);
  const artifacts = await compileCircuits(preset, options);
  const needed = await neededPower(preset, artifacts);
  if (power < needed) {
    throw new KeyError(
      `${ptau} is for 2^${power} constraints, but ${preset} needs 2^${needed}; get a file of power ${needed} or more`,
    );
  }
  await mkdir(folder, { recursive: true });
  options.onProgress?.({ stage: 'hash', id: basename(ptau) });
  const bytes = (await stat(ptau)).size;
  const file = { file: basename(ptau), bytes, sha256: await sha256File(ptau), power };
  const circuits = {} as Record<CircuitName, Transcript['circuits'][CircuitName]>;
  for (const { id, circuit, r1cs, wasm } of artifacts) {
    options.onProgress?.({ stage: 'new', id });
    const to = join(folder, stepFile(circuit, 0));
    const circuitHash = await makeWhole(to, (path) =>
      makeKey(id, { type: 'new', r1cs: r1cs.path, ptau, to: path }),
    );
    circuits[circuit] = { r1cs: r1cs.sha256, wasm: wasm.sha256, zkey: await sha256File(to), circuitHash };
  }
  const transcript: Transcript = {
    format: 'murmuration-ceremony/1',
    preset,
    ptau: file,
    circuits,
    steps: [],
  };
  await writeTranscript(folder, transcript);
  return transcript;
}

/**
 * Adds a contribution. The secret comes from the system's random generator, mixed with `entropy` if given,
 * and is gone when the thread ends.
 * @param name of the contributor, as the transcript shows it: 1 to 64 printable ASCII characters.
 */
export async function contribute(
  {
    folder,
    name,
    entropy = '',
  }: { readonly folder: string; readonly name: string; readonly entropy?: string },
  options: CeremonyOptions = {},
): Promise<CeremonyStep> {
  const secret = `${randomBytes(64).toString('hex')}${entropy}`;
  return addStep(folder, options, name, { kind: 'contribution' }, (from, to) => ({
    type: 'contribute',
    from,
    to,
    name,
    entropy: secret,
  }));
}

/**
 * Closes the ceremony with public randomness that nobody could foresee when the last contribution was made.
 * @param beacon 16 to 128 bytes as hexadecimal digits.
 * @param iterationsExp the beacon is hashed 2 to this many times: 10 to 32.
 */
export async function applyBeacon(
  {
    folder,
    beacon,
    iterationsExp = 10,
    name = 'beacon',
  }: {
    readonly folder: string;
    readonly beacon: string;
    readonly iterationsExp?: number;
    readonly name?: string;
  },
  options: CeremonyOptions = {},
): Promise<CeremonyStep> {
  if (!/^([0-9a-f]{2}){16,128}$/.test(beacon)) {
    throw new RangeError(
      `beacon is ${JSON.stringify(beacon)}, but it is 16 to 128 bytes as hexadecimal digits in lower case`,
    );
  }
  const { least, most } = beaconIterations;
  if (!Number.isInteger(iterationsExp) || iterationsExp < least || iterationsExp > most) {
    throw new RangeError(`iterationsExp is ${iterationsExp}, but it is an integer from ${least} to ${most}`);
  }
  return addStep(folder, options, name, { kind: 'beacon', beacon, iterationsExp }, (from, to) => ({
    type: 'beacon',
    from,
    to,
    name,
    beacon,
    iterationsExp,
  }));
}

type StepNotes = { kind: 'contribution' } | { kind: 'beacon'; beacon: string; iterationsExp: number };

async function addStep(
  folder: string,
  { onProgress }: CeremonyOptions,
  name: string,
  notes: StepNotes,
  stepOf: (from: string, to: string) => Parameters<typeof makeKey>[1],
): Promise<CeremonyStep> {
  if (!/^[ -~]{1,64}$/.test(name)) {
    throw new RangeError(`name is ${JSON.stringify(name)}, but it is 1 to 64 printable ASCII characters`);
  }
  const transcript = await readTranscript(folder);
  const { steps } = transcript;
  if (steps.at(-1)?.kind === 'beacon')
    throw new KeyError(`${folder} was closed by a beacon; verify and finalize it`);
  if (notes.kind === 'beacon' && steps.length === 0) {
    throw new KeyError(`${folder} has no contribution; a beacon alone is no secret, so contribute first`);
  }
  const made = {} as Record<CircuitName, { zkey: string; hash: string }>;
  for (const circuit of circuitNames) {
    const id = `${circuit}/${transcript.preset}`;
    const from = join(folder, stepFile(circuit, steps.length));
    onProgress?.({ stage: 'hash', id });
    await checkKeyFile(from, latestHash(transcript, circuit));
    onProgress?.({ stage: notes.kind === 'beacon' ? 'beacon' : 'contribute', id });
    const to = join(folder, stepFile(circuit, steps.length + 1));
    const hash = await makeWhole(to, (path) => makeKey(id, stepOf(from, path)));
    made[circuit] = { zkey: await sha256File(to), hash };
  }
  const step: CeremonyStep = { ...notes, name, circuits: made };
  await writeTranscript(folder, { ...transcript, steps: [...steps, step] });
  return step;
}

/** The hash that the transcript gives for a circuit's newest key. */
export function latestHash({ circuits, steps }: Transcript, circuit: CircuitName): string {
  return steps.at(-1)?.circuits[circuit].zkey ?? circuits[circuit].zkey;
}

/** Throws a KeyError if a key of the folder is missing or not the one of the transcript. */
export async function checkKeyFile(path: string, sha256: string): Promise<void> {
  if (!(await stat(path).catch(() => undefined))) {
    throw new KeyError(`${path} is missing; get it from whoever took the step before`);
  }
  const actual = await sha256File(path);
  if (actual !== sha256) {
    throw new KeyError(
      `${path} has SHA-256 ${actual}, but the transcript says ${sha256}: it was altered; get it again`,
    );
  }
}

/** A file under its name only when it is complete. */
async function makeWhole<T>(path: string, make: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${path}.${process.pid}.partial`;
  try {
    const result = await make(temporary);
    await rename(temporary, path);
    return result;
  } finally {
    await rm(temporary, { force: true });
  }
}
