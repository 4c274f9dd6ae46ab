// Whether keys are for this version's circuits, their powers of one secret, and who made them.
import { stat } from 'node:fs/promises';
import type { KeySet } from '@murmuration/prover';
import {
  type AnyTranscript,
  checkCeremonyKeys,
  checkContributors,
  checkScoreCeremonyKeys,
  findForeignCircuits,
  readKeysTranscript,
  readScoreKeysTranscript,
  subjectOf,
  verifySrs,
} from '@murmuration/prover/ceremony';
import type { ScoreKeys } from '@murmuration/prover/score';
import { NodeError } from '../../../errors.ts';

/**
 * Checks what loading keys does not show; a deployment to a chain where money is real does it first.
 * @throws NodeError `input` naming the circuits that differ, or the powers.
 */
export async function verifyOrigin(
  keys: KeySet,
  { cache, log }: { readonly cache: string; readonly log: (line: string) => void },
): Promise<void> {
  log('circuits of this version ...');
  const foreign = await findForeignCircuits(keys, { cacheFolder: cache });
  if (foreign.length > 0)
    throw new NodeError('input', `${foreign.join(', ')}: the keys are for another version of the circuit`, {
      mend: 'Make or get new keys.',
    });
  log('powers of one secret ...');
  if (!(await verifySrs(keys.srs)))
    throw new NodeError('input', `${keys.folder}: powers.srs is not powers of one secret`, {
      mend: 'Make or get the keys again.',
    });
}

/** Against what keys are checked as a ceremony's. */
export interface CeremonySettings {
  /** Powers of Tau files; the one that the ceremony began with must be among them. */
  readonly ptau: readonly string[];
  readonly cache: string;
  readonly log: (line: string) => void;
}

/**
 * Checks that keys are what a ceremony with several contributors ended in: a manifest can claim one that never
 * was, or that its deployer held alone.
 *
 * @returns the contributors.
 * @throws NodeError `input` where its Powers of Tau file is not given; ProverError `ceremony` or `key-file` with
 * the reason for which it does not hold.
 */
export async function verifyCeremony(keys: KeySet, settings: CeremonySettings): Promise<readonly string[]> {
  const { names, ptau, options } = await begin(await readKeysTranscript(keys), settings);
  await checkCeremonyKeys({ keys, ptau }, options);
  return names;
}

/**
 * Checks keys of one shape of `score` as {@link verifyCeremony} checks those of a preset.
 *
 * @throws as that does.
 */
export async function verifyScoreCeremony(
  keys: ScoreKeys,
  settings: CeremonySettings,
): Promise<readonly string[]> {
  const { names, ptau, options } = await begin(await readScoreKeysTranscript(keys), settings);
  await checkScoreCeremonyKeys({ keys, ptau }, options);
  return names;
}

async function begin(transcript: AnyTranscript, { ptau, cache, log }: CeremonySettings) {
  const names = checkContributors(transcript);
  const { file, bytes, sha256 } = transcript.ptau;
  let powers: string | undefined;
  for (const path of ptau) if ((await stat(path)).size === bytes) powers = path;
  if (!powers)
    throw new NodeError(
      'input',
      `the ceremony of ${subjectOf(transcript)} began with ${file} (${bytes} bytes), which is not among --ptau`,
      { mend: `Give --ptau with the file of SHA-256 ${sha256}.` },
    );
  const onProgress = ({ stage, id }: { stage: string; id: string }) => log(`${stage} ${id}`);
  return { names, ptau: powers, options: { cacheFolder: cache, onProgress } };
}
