// Checks a ceremony from its transcript, its last keys and the Powers of Tau file: everything that a third
// party can check, each with its reason.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CircuitName, circuitNames } from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import { ProverError } from '../errors.ts';
import { checkVerifyingKey, type KeySet, readUncheckedZkey } from '../keys/index.ts';
import { sha256File } from '../keys/manifest.ts';
import { decodeSrs, encodeSrs, type Srs, verifySrs } from '../kzg/index.ts';
import { presets } from '../presets.ts';
import type { ScoreKeys } from '../score/keys.ts';
import {
  type CeremonyOptions,
  type CircuitOptions,
  checkKeyFile,
  compileCircuits,
  latestHash,
  neededPower,
} from './ceremony.ts';
import { readContributions } from './contributions.ts';
import { runStep } from './phase2.ts';
import { readPowers, readPtauPower } from './ptau.ts';
import { type CeremonyCircuit, circuitsOf } from './subject.ts';
import {
  type AnyTranscript,
  beganWith,
  readTranscript,
  type ScoreTranscript,
  stepFile,
  stepsOf,
  subjectOf,
  type Transcript,
  transcriptName,
} from './transcript.ts';

/** A ceremony that holds. */
export interface CheckedCeremony {
  /** Its steps, in order. */
  readonly transcript: AnyTranscript;
  /** The circuits that it is for. */
  readonly artifacts: readonly CeremonyCircuit[];
  /** KZG's powers, from the Powers of Tau file; `undefined` for `score`, which commits to no vector. */
  readonly srs: Srs | undefined;
}

/** A ceremony that is to be checked. */
export interface CeremonyToCheck {
  /**
   * Path of the ceremony's folder: the transcript and the last keys; earlier keys are checked where they are
   * there.
   */
  readonly folder: string;
  /** Path of the Powers of Tau file that the transcript names. */
  readonly ptau: string;
  /** Check the steps so far, before the next contribution: no beacon is needed. Such keys are not for use. */
  readonly unfinished?: boolean;
}

/**
 * Checks everything that a third party can: the files against the transcript, the circuits against this
 * version's, the contributions that each key records against the transcript, each contribution's proof, the
 * beacon, and that KZG's powers are powers of one secret. How the Powers of Tau file came about is not
 * checked: compare its hash with the one that its own ceremony published.
 *
 * @throws {ProverError} `ceremony` or `key-file` with the first reason for which it does not hold.
 */
export async function checkCeremony(
  ceremony: CeremonyToCheck,
  options: CircuitOptions,
): Promise<CheckedCeremony> {
  const { folder } = ceremony;
  const transcript = await readTranscript(folder);
  const last = (circuit: string) => join(folder, stepFile(circuit, transcript.steps.length));
  return check({ ...ceremony, transcript, last, names: circuitsOf(subjectOf(transcript)) }, options);
}

/** Keys of a ceremony that are to be checked. */
export interface CeremonyKeysToCheck {
  /** What `finalizeCeremony` wrote and somebody published: the ceremony's last keys with its transcript. */
  readonly keys: KeySet;
  /** Path of the Powers of Tau file that the transcript names. */
  readonly ptau: string;
}

/**
 * Checks keys that somebody published as those of a ceremony, as {@link checkCeremony} checks the ceremony
 * itself; a manifest can claim one that never was. KZG's powers must be those of the Powers of Tau file.
 *
 * @throws {ProverError} `ceremony` or `key-file` with the first reason for which they are none.
 */
export async function checkCeremonyKeys(
  { keys, ptau }: CeremonyKeysToCheck,
  options: CircuitOptions,
): Promise<CheckedCeremony> {
  const { folder, manifest } = keys;
  const transcript = await readKeysTranscript(keys);
  const filesOf = (circuit: string) => manifest.circuits[circuit as CircuitName];
  const last = (circuit: string) => join(folder, filesOf(circuit).zkey.file);
  const checked = await check({ folder, ptau, transcript, last, names: circuitNames }, options);
  for (const artifact of checked.artifacts) checkSame(folder, artifact, filesOf(artifact.circuit));
  if (!checked.srs || !Buffer.from(encodeSrs(checked.srs)).equals(encodeSrs(keys.srs))) {
    throw new ProverError('key-file', `${join(folder, manifest.srs.file)} are not the powers of ${ptau}`, {
      mend: 'Do not use this folder: who made other powers may know their secret.',
    });
  }
  return checked;
}

/** Keys of `score` of a ceremony that are to be checked. */
export interface ScoreCeremonyKeysToCheck {
  /** Of one shape, as `finalizeScoreCeremony` wrote and somebody published them. */
  readonly keys: ScoreKeys;
  /** Path of the Powers of Tau file that the transcript names. */
  readonly ptau: string;
}

/**
 * Checks keys of one shape of `score` as {@link checkCeremonyKeys} checks those of a preset.
 *
 * @throws {ProverError} `ceremony` or `key-file` with the first reason for which they are none.
 */
export async function checkScoreCeremonyKeys(
  { keys, ptau }: ScoreCeremonyKeysToCheck,
  options: CircuitOptions,
): Promise<CheckedCeremony> {
  const { folder } = keys;
  const transcript = await readScoreKeysTranscript(keys);
  const last = () => keys.provingKey.zkeyPath;
  const checked = await check({ folder, ptau, transcript, last, names: [keys.shape.shape] }, options);
  for (const artifact of checked.artifacts) checkSame(folder, artifact, keys);
  return checked;
}

function checkSame(
  folder: string,
  { id, r1cs, wasm }: CeremonyCircuit,
  held: Readonly<Record<'r1cs' | 'wasm', { readonly sha256: string }>>,
): void {
  if (held.r1cs.sha256 !== r1cs.sha256 || held.wasm.sha256 !== wasm.sha256)
    throw new ProverError('ceremony', `${id}: ${folder} holds another circuit than this version's`);
}

/**
 * The transcript of keys that a ceremony made.
 *
 * @throws {ProverError} `ceremony` for development keys, and for a transcript that is missing, malformed or of
 * another preset or other keys.
 */
export async function readKeysTranscript({ folder, manifest, preset }: KeySet): Promise<Transcript> {
  if (manifest.kind !== 'ceremony' || manifest.transcript.file !== transcriptName) throw noCeremony(folder);
  const transcript = await readTranscript(folder);
  checkOrder(folder, transcript);
  if (!('preset' in transcript) || transcript.preset !== preset)
    throw ofOtherKeys(folder, subjectOf(transcript));
  const foreign = circuitNames.find(
    (circuit) => latestHash(transcript, circuit) !== manifest.circuits[circuit].zkey.sha256,
  );
  if (foreign !== undefined) throw ofOtherKeys(folder, foreign);
  return transcript;
}

/**
 * The transcript of keys of `score` that a ceremony made; it is one for all shapes.
 *
 * @throws {ProverError} `ceremony` as {@link readKeysTranscript} does.
 */
export async function readScoreKeysTranscript(keys: ScoreKeys): Promise<ScoreTranscript> {
  const { folder, kind, shape, provingKey } = keys;
  if (kind !== 'ceremony') throw noCeremony(folder);
  const transcript = await readTranscript(folder);
  checkOrder(folder, transcript);
  if ('preset' in transcript) throw ofOtherKeys(folder, transcript.preset);
  if (latestHash(transcript, shape.shape) !== provingKey.sha256) throw ofOtherKeys(folder, shape.shape);
  return transcript;
}

const noCeremony = (folder: string) =>
  new ProverError('ceremony', `${folder} holds keys that no ceremony made`, {
    mend: 'Use the folder that `murmur ceremony finalize` wrote.',
  });
const ofOtherKeys = (folder: string, which: string) =>
  new ProverError('ceremony', `${folder}: its transcript is that of other keys (${which})`, {
    mend: 'Get the folder again from where it was published.',
  });

/**
 * Checks that nobody has to take one contributor's word: the keys are sound if one contributor forgot its
 * secret, and who is the only one may have kept it. The names are what contributors call themselves; a reader
 * asks each whether the hashes in the transcript are those that it published.
 *
 * @returns the contributors, in order.
 * @throws {ProverError} `ceremony` where there are fewer than two.
 */
export function checkContributors(transcript: AnyTranscript): string[] {
  const steps = stepsOf(transcript);
  const names = steps.filter(({ kind }) => kind === 'contribution').map(({ name }) => name);
  const distinct = new Set(names.map((name) => name.trim().toLowerCase()));
  if (distinct.size < 2) {
    throw new ProverError(
      'ceremony',
      `the ceremony of ${subjectOf(transcript)} has one contributor (${names[0] ?? 'nobody'}): who kept the secret of its only ` +
        'contribution can forge every proof',
      { mend: 'Let at least one other institution contribute, and finalize again.' },
    );
  }
  return names;
}

async function check(
  { unfinished = false, ...context }: CheckContext & { readonly unfinished?: boolean },
  options: CircuitOptions,
): Promise<CheckedCeremony> {
  const { folder, ptau, transcript } = context;
  if (!unfinished) checkOrder(folder, transcript);
  const subject = subjectOf(transcript);
  const artifacts = await compileCircuits(subject, context.names, options);
  const needed = await neededPower(subject, artifacts);
  await checkPtau({ ptau, transcript }, needed, options);
  for (const artifact of artifacts) await checkCircuit(context, artifact, options);
  const srs = subject === 'score' ? undefined : await checkPowers(ptau, subject, options);
  return { transcript, artifacts, srs };
}

async function checkPowers(ptau: string, preset: PresetName, { onProgress }: CeremonyOptions): Promise<Srs> {
  onProgress?.({ stage: 'powers', id: preset });
  const srs = await decodeSrs(encodeSrs(await readPowers(ptau, presets[preset].powers)));
  if (await verifySrs(srs)) return srs;
  throw new ProverError('key-file', `${ptau}: its powers are not powers of one secret`, {
    mend: 'Get another file.',
  });
}

function checkOrder(folder: string, transcript: AnyTranscript): void {
  const steps = stepsOf(transcript);
  if (!steps.some(({ kind }) => kind === 'contribution')) {
    throw new ProverError(
      'ceremony',
      `${folder} has no contribution: gamma equals delta, and anyone can forge`,
      { mend: 'Let each institution contribute.' },
    );
  }
  if (steps.at(-1)?.kind !== 'beacon') {
    throw new ProverError('ceremony', `${folder} was not closed by a beacon`, {
      mend: 'Run `murmur ceremony beacon` after the last contribution.',
    });
  }
  const early = steps.findIndex(({ kind }, i) => kind === 'beacon' && i < steps.length - 1);
  if (early >= 0) {
    throw new ProverError(
      'ceremony',
      `${folder}: step ${early + 1} is a beacon, but contributions follow it`,
    );
  }
}

async function checkPtau(
  { ptau, transcript }: Pick<CheckContext, 'ptau' | 'transcript'>,
  needed: number,
  { onProgress }: CeremonyOptions,
): Promise<void> {
  onProgress?.({ stage: 'hash', id: transcript.ptau.file });
  const power = await readPtauPower(ptau);
  if (power < needed) {
    throw new ProverError(
      'key-file',
      `${ptau} is for 2^${power} constraints, but ${subjectOf(transcript)} needs 2^${needed}`,
    );
  }
  const actual = await sha256File(ptau);
  if (actual !== transcript.ptau.sha256) {
    throw new ProverError(
      'key-file',
      `${ptau} has SHA-256 ${actual}, but the ceremony began with ${transcript.ptau.sha256}`,
      { mend: 'Get that file.' },
    );
  }
}

/** A ceremony whose transcript has been read. */
interface CheckContext {
  readonly folder: string;
  readonly ptau: string;
  readonly transcript: AnyTranscript;
  /** Which of the ceremony's circuits are checked. */
  readonly names: readonly string[];
  /** Path of a circuit's last key. */
  readonly last: (circuit: string) => string;
}

async function checkCircuit(
  { folder, ptau, transcript, last: lastOf }: CheckContext,
  { id, circuit, r1cs, wasm }: CeremonyCircuit,
  { onProgress }: CeremonyOptions,
): Promise<void> {
  const began = beganWith(transcript, circuit);
  if (began.r1cs !== r1cs.sha256 || began.wasm !== wasm.sha256) {
    throw new ProverError('ceremony', `${id}: the ceremony is for another circuit than this version's`, {
      mend: 'Take the version that it was held for.',
    });
  }
  onProgress?.({ stage: 'hash', id });
  const last = lastOf(circuit);
  await checkFiles({ folder, transcript, last }, circuit);
  await checkRecord(last, transcript, circuit);
  // Only before the first contribution may gamma be delta.
  if (transcript.steps.length > 0) checkVerifyingKey(id, (await readUncheckedZkey(last)).verifyingKey);
  onProgress?.({ stage: 'verify', id });
  const { ok, complaints } = await runStep({ type: 'verify', r1cs: r1cs.path, ptau, zkey: last });
  if (!ok) {
    throw new ProverError(
      'ceremony',
      `${last} does not follow from its circuit and contributions: ${complaints.join('; ').trim()}`,
    );
  }
}

/** The last key must be there; earlier ones are checked where they are. */
async function checkFiles(
  { folder, transcript, last }: Pick<CheckContext, 'folder' | 'transcript'> & { readonly last: string },
  circuit: string,
): Promise<void> {
  const hashes = [
    beganWith(transcript, circuit).zkey,
    ...stepsOf(transcript).map(({ circuits }) => circuits[circuit]!.zkey),
  ];
  for (const [step, sha256] of hashes.slice(0, -1).entries()) {
    const path = join(folder, stepFile(circuit, step));
    if (await stat(path).catch(() => undefined)) await checkKeyFile(path, sha256);
  }
  await checkKeyFile(last, latestHash(transcript, circuit));
}

/** Checks that the key itself records what the transcript says. */
async function checkRecord(path: string, transcript: AnyTranscript, circuit: string): Promise<void> {
  const record = await readContributions(path);
  if (record.circuitHash !== beganWith(transcript, circuit).circuitHash) {
    throw new ProverError(
      'ceremony',
      `${path} began from another circuit or other powers than the transcript says`,
    );
  }
  if (record.contributions.length !== transcript.steps.length) {
    throw new ProverError(
      'ceremony',
      `${path} records ${record.contributions.length} contributions, ` +
        `but the transcript ${transcript.steps.length}`,
    );
  }
  record.contributions.forEach((one, i) => {
    const step = stepsOf(transcript)[i]!;
    const beacon = step.kind === 'beacon' ? step : undefined;
    const same =
      one.kind === step.kind &&
      one.name === step.name &&
      one.hash === step.circuits[circuit]!.hash &&
      one.beacon === beacon?.beacon &&
      one.iterationsExp === beacon?.iterationsExp;
    if (same) return;
    throw new ProverError(
      'ceremony',
      `${path}: contribution ${i + 1} (${JSON.stringify(one.name)}, ${one.hash}) ` +
        `is not the transcript's (${step.name})`,
    );
  });
}
