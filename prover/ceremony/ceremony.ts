// Phase 2 of the keys: each institution in turn multiplies its own secret into the keys of all circuits and
// forgets it; a beacon closes the list. The keys are sound if one contributor was honest (Bowe, Gabizon,
// Miers 2017, https://eprint.iacr.org/2017/1050). The work itself is snarkjs's; the order, the hashes and the
// transcript are kept here. A ceremony is a folder that travels from one to the next.

import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PresetName } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { sha256File } from '../keys/manifest.ts';
import { log2DomainOf } from '../keys/qap.ts';
import { readR1csFile } from '../keys/r1cs.ts';
import { presets } from '../presets.ts';
import { makeKey } from './phase2.ts';
import { readPtauPower } from './ptau.ts';
import { type CeremonyCircuit, circuitsOf, compileCircuit, idOf, type Subject } from './subject.ts';
import {
  type AnyTranscript,
  type Began,
  beaconIterations,
  beganWith,
  type CeremonyStep,
  readTranscript,
  type ScoreTranscript,
  stepFile,
  stepsOf,
  subjectOf,
  type Transcript,
  transcriptName,
  writeTranscript,
} from './transcript.ts';

/** What is being done to which circuit, for progress lines. */
export interface CeremonyProgress {
  /** `new` makes a key without contribution, `hash` reads a file, `powers` checks those for KZG. */
  readonly stage: 'compile' | 'new' | 'contribute' | 'beacon' | 'hash' | 'verify' | 'powers';
  /** The circuit, such as `update/quick`, or the file or preset. */
  readonly id: string;
}

/** How a step is taken. */
export interface CeremonyOptions {
  /** Hears of each piece of work as it begins. */
  readonly onProgress?: ((progress: CeremonyProgress) => void) | undefined;
}

/** How a step is taken that needs the circuits themselves. */
export type CircuitOptions = CeremonyOptions & (CompilingHere | CompiledElsewhere);

/** This version's own circuits. */
export interface CompilingHere {
  /** Path of a folder for circuits that must be compiled: they go to `<cacheFolder>/circuits/`. */
  readonly cacheFolder: string;
}

/** Other circuits than this version's own. */
export interface CompiledElsewhere {
  /** One for each statement, or of `score` one for each shape. */
  readonly circuits: readonly CeremonyCircuit[];
}

/** Circuits of a ceremony, compiled here. */
export async function compileCircuits(
  subject: Subject,
  names: readonly string[],
  options: CircuitOptions,
): Promise<readonly CeremonyCircuit[]> {
  if ('circuits' in options) return options.circuits.filter(({ circuit }) => names.includes(circuit));
  const { cacheFolder, onProgress } = options;
  const artifacts: CeremonyCircuit[] = [];
  for (const circuit of names) {
    onProgress?.({ stage: 'compile', id: idOf(subject, circuit) });
    artifacts.push(await compileCircuit(subject, circuit, cacheFolder));
  }
  return artifacts;
}

/**
 * The smallest Powers of Tau file that is needed, as an exponent: for the largest circuit, and of a preset for
 * KZG's powers.
 */
export async function neededPower(subject: Subject, artifacts: readonly CeremonyCircuit[]): Promise<number> {
  const circuits = await Promise.all(
    artifacts.map(async ({ r1cs }) => log2DomainOf(await readR1csFile(r1cs.path))),
  );
  const powers = subject === 'score' ? 0 : Math.ceil(Math.log2(presets[subject].powers));
  return Math.max(...circuits, powers);
}

/** What a ceremony begins from. */
export interface CeremonyStart {
  /** The preset that the keys will be for. */
  readonly preset: PresetName;
  /**
   * Path of a prepared, public Powers of Tau file over BN254 (snarkjs's ptau): power 12 for `tiny`, 15 for
   * `quick`, 17 for `base`, 18 for `wide`, or more. It is not copied.
   */
  readonly ptau: string;
  /**
   * Path of the ceremony's folder, which travels from one contributor to the next; made where it is missing.
   */
  readonly folder: string;
}

/**
 * Begins a ceremony in a new folder: the keys without any contribution, which nothing accepts yet, and the
 * transcript.
 *
 * @throws {ProverError} `ceremony` where the folder holds one, `key-file` for a Powers of Tau file that is
 * too small, not prepared, or not over BN254.
 * @throws {CircuitError} where a circuit must be compiled and cannot.
 * @example
 * ```ts
 * import * as ceremony from '@murmuration/prover/ceremony';
 *
 * const ptau = 'powersOfTau28_hez_final_12.ptau'; // public, of a ceremony with many contributors
 * const folder = 'ceremony';
 * const options = { cacheFolder: 'build' };
 * await ceremony.initCeremony({ preset: 'tiny', ptau, folder }, options);
 *
 * // Each institution on a machine of its own: the secret is drawn, used and forgotten there.
 * await ceremony.contribute({ folder, name: 'First University' });
 * // At the end, public randomness that nobody could foresee.
 * await ceremony.applyBeacon({ folder, beacon: '00000000000000000001f3f0a2b1c4d5' });
 *
 * // Anyone with the folder and the public file can check all of it; finalizing does, and writes the keys.
 * const { transcript } = await ceremony.checkCeremony({ folder, ptau }, options);
 * console.log(transcript.steps.map(({ name }) => name).join(', ')); // First University, beacon
 * const keys = await ceremony.finalizeCeremony({ folder, ptau, out: 'keys' }, options);
 * console.log(keys.kind, keys.preset); // ceremony tiny
 * ```
 */
export async function initCeremony(
  { preset, ptau, folder }: CeremonyStart,
  options: CircuitOptions,
): Promise<Transcript> {
  const begun = await begin(preset, { ptau, folder }, options);
  const head = { format: 'murmuration-ceremony/1', preset };
  return (await writeTranscript(folder, { ...head, ...begun, steps: [] })) as Transcript;
}

/**
 * Begins a ceremony for the statement `score`, for all of its shapes: as {@link initCeremony} does, which needs a file of
 * power 15 or more. The other steps are those of any ceremony.
 *
 * @throws {ProverError} and {CircuitError} as {@link initCeremony} does.
 */
export async function initScoreCeremony(
  start: Omit<CeremonyStart, 'preset'>,
  options: CircuitOptions,
): Promise<ScoreTranscript> {
  const begun = await begin('score', start, options);
  const format = 'murmuration-score-ceremony/1';
  return (await writeTranscript(start.folder, { format, ...begun, steps: [] })) as ScoreTranscript;
}

/** The keys without any contribution, and what the transcript says of them. */
async function begin(
  subject: Subject,
  { ptau, folder }: Omit<CeremonyStart, 'preset'>,
  options: CircuitOptions,
): Promise<Pick<Transcript, 'ptau'> & { readonly circuits: Readonly<Record<string, Began>> }> {
  if (await stat(join(folder, transcriptName)).catch(() => undefined)) {
    throw new ProverError('ceremony', `${folder} already holds a ceremony`, {
      mend: 'Contribute to it, or choose another folder.',
    });
  }
  const power = await readPtauPower(ptau);
  const artifacts = await compileCircuits(subject, circuitsOf(subject), options);
  const needed = await neededPower(subject, artifacts);
  if (power < needed) {
    throw new ProverError(
      'key-file',
      `${ptau} is for 2^${power} constraints, but ${subject} needs 2^${needed}`,
      {
        mend: `Get a file of power ${needed} or more.`,
      },
    );
  }
  await mkdir(folder, { recursive: true });
  options.onProgress?.({ stage: 'hash', id: basename(ptau) });
  const bytes = (await stat(ptau)).size;
  const file = { file: basename(ptau), bytes, sha256: await sha256File(ptau), power };
  const circuits: Record<string, Began> = {};
  for (const { id, circuit, r1cs, wasm } of artifacts) {
    options.onProgress?.({ stage: 'new', id });
    const to = join(folder, stepFile(circuit, 0));
    const circuitHash = await makeWhole(to, (path) =>
      makeKey(id, { type: 'new', r1cs: r1cs.path, ptau, to: path }),
    );
    circuits[circuit] = { r1cs: r1cs.sha256, wasm: wasm.sha256, zkey: await sha256File(to), circuitHash };
  }
  return { ptau: file, circuits };
}

/** A contribution of one institution. */
export interface Contribution {
  /** Path of the ceremony's folder. */
  readonly folder: string;
  /** Of the contributor, as the transcript shows it: 1 to 64 printable ASCII characters. */
  readonly name: string;
  /** Mixed with 64 bytes of the system's random generator. */
  readonly entropy?: string | undefined;
}

/**
 * Adds a contribution to the keys of all circuits. The secret is gone when the thread ends; the hashes in the
 * step that is returned are for its contributor to publish.
 *
 * @throws {ProverError} `argument` for the name, `ceremony` where a beacon closed the ceremony or a key is
 * not the transcript's.
 */
export async function contribute(
  { folder, name, entropy = '' }: Contribution,
  options: CeremonyOptions = {},
): Promise<CeremonyStep> {
  const secret = `${randomBytes(64).toString('hex')}${entropy}`;
  return addStep({ folder, name, notes: { kind: 'contribution' } }, options, (from, to) => ({
    type: 'contribute',
    from,
    to,
    name,
    entropy: secret,
  }));
}

/** The beacon that closes a ceremony. */
export interface Beacon {
  /** Path of the ceremony's folder. */
  readonly folder: string;
  /** Public randomness that nobody could foresee: 16 to 128 bytes as hexadecimal digits in lower case. */
  readonly beacon: string;
  /** The beacon is hashed 2 to this many times, 10 to 32; 10 unless given. */
  readonly iterationsExp?: number | undefined;
  /** As the transcript shows it; `beacon` unless given. */
  readonly name?: string | undefined;
}

/**
 * Closes the ceremony with public randomness that nobody could foresee when the last contribution was made,
 * such as a later block's hash.
 *
 * @throws {ProverError} `argument` for a member out of range, `ceremony` where there is no contribution or a
 * beacon already.
 */
export async function applyBeacon(
  { folder, beacon, iterationsExp = 10, name = 'beacon' }: Beacon,
  options: CeremonyOptions = {},
): Promise<CeremonyStep> {
  if (!/^([0-9a-f]{2}){16,128}$/.test(beacon)) {
    throw new ProverError(
      'argument',
      `beacon is ${JSON.stringify(beacon)}, but it is 16 to 128 bytes as hexadecimal digits in lower case`,
    );
  }
  const { least, most } = beaconIterations;
  if (!Number.isInteger(iterationsExp) || iterationsExp < least || iterationsExp > most) {
    throw new ProverError(
      'argument',
      `iterationsExp is ${iterationsExp}, but it is an integer from ${least} to ${most}`,
    );
  }
  const notes = { kind: 'beacon', beacon, iterationsExp } as const;
  return addStep({ folder, name, notes }, options, (from, to) => ({
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
  { folder, name, notes }: { readonly folder: string; readonly name: string; readonly notes: StepNotes },
  { onProgress }: CeremonyOptions,
  stepOf: (from: string, to: string) => Parameters<typeof makeKey>[1],
): Promise<CeremonyStep> {
  if (!/^[ -~]{1,64}$/.test(name)) {
    throw new ProverError(
      'argument',
      `name is ${JSON.stringify(name)}, but it is 1 to 64 printable ASCII characters`,
    );
  }
  const transcript = await readTranscript(folder);
  const [steps, subject] = [stepsOf(transcript), subjectOf(transcript)];
  if (steps.at(-1)?.kind === 'beacon') {
    throw new ProverError('ceremony', `${folder} was closed by a beacon`, {
      mend: 'Verify and finalize it.',
    });
  }
  if (notes.kind === 'beacon' && steps.length === 0) {
    throw new ProverError('ceremony', `${folder} has no contribution, and a beacon alone is no secret`, {
      mend: 'Contribute first.',
    });
  }
  const made: Record<string, { zkey: string; hash: string }> = {};
  for (const circuit of circuitsOf(subject)) {
    const id = idOf(subject, circuit);
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
export function latestHash(transcript: AnyTranscript, circuit: string): string {
  return stepsOf(transcript).at(-1)?.circuits[circuit]?.zkey ?? beganWith(transcript, circuit).zkey;
}

/** Throws a `ceremony` if a key of the folder is missing or not the one of the transcript. */
export async function checkKeyFile(path: string, sha256: string): Promise<void> {
  if (!(await stat(path).catch(() => undefined))) {
    throw new ProverError('ceremony', `${path} is missing`, {
      mend: 'Get it from the contributor of the step before.',
    });
  }
  const actual = await sha256File(path);
  if (actual !== sha256) {
    throw new ProverError('ceremony', `${path} has SHA-256 ${actual}, but the transcript says ${sha256}`, {
      mend: 'Get it again: it was altered.',
    });
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
