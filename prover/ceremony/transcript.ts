// The ceremony's transcript: from which files it began, what each step made, and hashes of all, for a third
// party to check.

import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { circuitNames } from '@murmuration/circuits';
import { presetNames, reasonOf } from '@murmuration/core';
import { z } from 'zod';
import { ProverError } from '../errors.ts';
import { getAgain } from '../keys/binary_file.ts';

/** Name of the transcript in the ceremony's folder. */
export const transcriptName = 'transcript.json';
const maxBytes = 1 << 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits');
const blake = z.string().regex(/^[0-9a-f]{128}$/, '128 hexadecimal digits');
const each = <T extends z.ZodType>(schema: T) =>
  z.strictObject(
    Object.fromEntries(circuitNames.map((name) => [name, schema])) as Record<
      (typeof circuitNames)[number],
      T
    >,
  );

const made = {
  name: z.string().regex(/^[ -~]{1,64}$/, '1 to 64 printable ASCII characters'),
  circuits: each(z.strictObject({ zkey: sha256, hash: blake })),
};

/**
 * Range of a beacon's `iterationsExp`. A verifier hashes as often as the transcript says; 2^32 times take an
 * hour or more.
 */
export const beaconIterations = { least: 10, most: 32 } as const;

const stepSchema = z.discriminatedUnion('kind', [
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

const transcriptSchema = z.strictObject({
  format: z.literal('murmuration-ceremony/1'),
  preset: z.enum(presetNames),
  /** The Powers of Tau file. */
  ptau: z.strictObject({
    file: z.string().max(255),
    bytes: z.number().int().positive(),
    sha256,
    power: z.number().int(),
  }),
  /** Compiled circuits and the keys before any contribution. */
  circuits: each(z.strictObject({ r1cs: sha256, wasm: sha256, zkey: sha256, circuitHash: blake })),
  /** In order; at most 255. */
  steps: z.array(stepSchema).max(255),
});

/** From which files a ceremony began, and what each step made: names, and hashes of all files. */
export type Transcript = z.infer<typeof transcriptSchema>;
/**
 * A contribution, or the beacon; of each circuit the new key's SHA-256 and the hash that its maker publishes.
 */
export type CeremonyStep = z.infer<typeof stepSchema>;

/**
 * Reads the transcript in a ceremony's folder and checks its form.
 *
 * @throws {ProverError} `ceremony` for a transcript that is missing or malformed.
 */
export async function readTranscript(folder: string): Promise<Transcript> {
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

/** Writes the transcript, whole or not at all. */
export async function writeTranscript(folder: string, transcript: Transcript): Promise<void> {
  const path = join(folder, transcriptName);
  await writeFile(`${path}.partial`, `${JSON.stringify(transcriptSchema.parse(transcript), null, 2)}\n`);
  await rename(`${path}.partial`, path);
}

/** Name of a circuit's key after so many steps. */
export function stepFile(circuit: string, step: number): string {
  return `${circuit}.${String(step).padStart(4, '0')}.zkey`;
}
