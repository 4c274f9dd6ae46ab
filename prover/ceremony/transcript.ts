// The ceremony's transcript: from which files it began, what each step made, and hashes of all, for a third
// party to check.

import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { circuitNames, scoreShapeNames } from '@murmuration/circuits';
import { presetNames, reasonOf } from '@murmuration/core';
import { z } from 'zod';
import { ProverError } from '../errors.ts';
import { getAgain } from '../keys/binary_file.ts';
import type { Subject } from './subject.ts';

/** Name of the transcript in the ceremony's folder. */
export const transcriptName = 'transcript.json';
const maxBytes = 1 << 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits');
const blake = z.string().regex(/^[0-9a-f]{128}$/, '128 hexadecimal digits');
const each = <Name extends string, T extends z.ZodType>(names: readonly Name[], schema: T) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, T>);

/**
 * Range of a beacon's `iterationsExp`. A verifier hashes as often as the transcript says; 2^32 times take an
 * hour or more.
 */
export const beaconIterations = { least: 10, most: 32 } as const;

const stepOf = <Name extends string>(names: readonly Name[]) => {
  const made = {
    name: z.string().regex(/^[ -~]{1,64}$/, '1 to 64 printable ASCII characters'),
    circuits: each(names, z.strictObject({ zkey: sha256, hash: blake })),
  };
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('contribution'), ...made }),
    z.strictObject({
      kind: z.literal('beacon'),
      ...made,
      /** Public randomness that nobody could foresee, such as a later block's hash. */
      beacon: z.string().regex(/^([0-9a-f]{2}){16,128}$/, '16 to 128 bytes as hexadecimal digits'),
      /** The beacon is hashed 2 to this many times. */
      iterationsExp: z.number().int().min(beaconIterations.least).max(beaconIterations.most),
    }),
  ]);
};

const of = <Name extends string>(names: readonly Name[]) => ({
  /** The Powers of Tau file. */
  ptau: z.strictObject({
    file: z.string().max(255),
    bytes: z.number().int().positive(),
    sha256,
    power: z.number().int(),
  }),
  /** Compiled circuits and the keys before any contribution. */
  circuits: each(names, z.strictObject({ r1cs: sha256, wasm: sha256, zkey: sha256, circuitHash: blake })),
  /** In order; at most 255. */
  steps: z.array(stepOf(names)).max(255),
});

const presetSchema = z.strictObject({
  format: z.literal('murmuration-ceremony/1'),
  preset: z.enum(presetNames),
  ...of(circuitNames),
});
const scoreSchema = z.strictObject({
  format: z.literal('murmuration-score-ceremony/1'),
  ...of(scoreShapeNames),
});
const transcriptSchema = z.discriminatedUnion('format', [presetSchema, scoreSchema]);

/** Of a preset: from which files a ceremony began, and what each step made: names, and hashes of all files. */
export type Transcript = z.infer<typeof presetSchema>;
/** The same of the statement `score`, whose circuits are its shapes. */
export type ScoreTranscript = z.infer<typeof scoreSchema>;
/** Of either. */
export type AnyTranscript = Transcript | ScoreTranscript;

/**
 * A contribution, or the beacon; of each circuit the new key's SHA-256 and the hash that its maker publishes.
 */
export type CeremonyStep = {
  readonly name: string;
  readonly circuits: Readonly<Record<string, { readonly zkey: string; readonly hash: string }>>;
} & (
  | { readonly kind: 'contribution' }
  | { readonly kind: 'beacon'; readonly beacon: string; readonly iterationsExp: number }
);

/** What the files of one circuit were before any contribution. */
export type Began = Transcript['circuits']['update'];

/** What a ceremony makes keys for. */
export const subjectOf = (transcript: AnyTranscript): Subject =>
  'preset' in transcript ? transcript.preset : 'score';

/** What a transcript says of a circuit that its ceremony has. */
export const beganWith = ({ circuits }: AnyTranscript, circuit: string): Began =>
  (circuits as Readonly<Record<string, Began>>)[circuit]!;

/** The steps of a transcript, whatever its circuits are called. */
export const stepsOf = ({ steps }: AnyTranscript): readonly CeremonyStep[] => steps;

/**
 * Reads the transcript in a ceremony's folder and checks its form.
 *
 * @throws {ProverError} `ceremony` for a transcript that is missing or malformed.
 */
export async function readTranscript(folder: string): Promise<AnyTranscript> {
  const path = join(folder, transcriptName);
  const info = await stat(path).catch(() => undefined);
  if (!info) {
    throw new ProverError('ceremony', `${path} is missing`, {
      mend: "Begin with `murmur ceremony init`, or name the ceremony's folder.",
    });
  }
  if (info.size > maxBytes) {
    throw new ProverError('ceremony', `${path} has ${info.size} bytes, but a transcript has fewer than 2^20`);
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ProverError('ceremony', `${path} is not JSON (${reasonOf(cause)})`, { ...getAgain, cause });
  }
  const parsed = transcriptSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ProverError(
      'ceremony',
      `${path}: ${issue.path.join('.') || 'the transcript'}: ${issue.message}`,
      getAgain,
    );
  }
  return parsed.data;
}

/** Writes a transcript whose form is checked, whole or not at all. */
export async function writeTranscript(folder: string, transcript: unknown): Promise<AnyTranscript> {
  const path = join(folder, transcriptName);
  const written = transcriptSchema.parse(transcript);
  await writeFile(`${path}.partial`, `${JSON.stringify(written, null, 2)}\n`);
  await rename(`${path}.partial`, path);
  return written;
}

/** Name of a circuit's key after so many steps. */
export function stepFile(circuit: string, step: number): string {
  return `${circuit}.${String(step).padStart(4, '0')}.zkey`;
}
