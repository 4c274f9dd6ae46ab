// The work of `murmur ceremony`.
import type { PresetName } from '@murmuration/core';
import {
  applyBeacon,
  type CeremonyOptions,
  checkCeremony,
  contribute as contributeTo,
  finalizeCeremony,
  finalizeScoreCeremony,
  initCeremony,
  initScoreCeremony,
  readTranscript,
  subjectOf,
} from '@murmuration/prover/ceremony';
import { NodeError } from '../../../errors.ts';
import { toJson } from '../../output/format.ts';

interface Settings {
  readonly folder: string;
  readonly json: boolean;
}

/** Of a step that compiles this version's circuits, to compare them. */
interface Compiling extends Settings {
  readonly cache: string;
}

interface Result {
  readonly text: string;
  readonly json: unknown;
}

/** Does one step, showing its stages, and prints its result. */
async function step({ json }: Settings, act: (options: CeremonyOptions) => Promise<Result>): Promise<void> {
  const started = performance.now();
  const log = json ? () => {} : console.log;
  const onProgress: CeremonyOptions['onProgress'] = ({ stage, id }) =>
    log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${stage.padEnd(10)} ${id}`);
  const result = await act({ onProgress });
  console.log(json ? toJson(result.json) : result.text);
}

/** `ceremony init`. */
export async function init(
  settings: Compiling & { ptau: string; preset?: PresetName; score: boolean },
): Promise<void> {
  const { folder, score, preset = 'base', ptau, cache: cacheFolder } = settings;
  if (score && settings.preset)
    throw new NodeError('input', '--preset and --score are given, but a ceremony is for one of them', {
      mend: 'Hold a ceremony for each.',
    });
  await step(settings, async (progress) => {
    const options = { ...progress, cacheFolder };
    const begun = score
      ? await initScoreCeremony({ ptau, folder }, options)
      : await initCeremony({ preset, ptau, folder }, options);
    const text = `${folder}: a ceremony for ${subjectOf(begun)}, ready for the first contribution`;
    return { json: begun, text };
  });
}

/** `ceremony contribute`. */
export async function contribute(settings: Settings & { name: string; entropy?: string }): Promise<void> {
  const { folder, name, entropy } = settings;
  const mixed = entropy === undefined ? {} : { entropy };
  await step(settings, async (progress) =>
    describe(await contributeTo({ folder, name, ...mixed }, progress)),
  );
}

/** `ceremony beacon`. */
export async function beacon(settings: Settings & { hash: string; iterationsExp: number }): Promise<void> {
  const { folder, hash, iterationsExp } = settings;
  await step(settings, async (progress) =>
    describe(await applyBeacon({ folder, beacon: hash, iterationsExp }, progress)),
  );
}

/** `ceremony verify`. */
export async function verify(settings: Compiling & { ptau: string; unfinished: boolean }): Promise<void> {
  const { folder, ptau, unfinished, cache: cacheFolder } = settings;
  await step(settings, async (progress) => {
    const { transcript } = await checkCeremony({ folder, ptau, unfinished }, { ...progress, cacheFolder });
    const names = transcript.steps.map(({ name }) => `  ${name}`).join('\n');
    return {
      text: `${folder}: holds${unfinished ? ' so far; not for use' : ''}. Steps:\n${names}`,
      json: { ok: true, transcript },
    };
  });
}

/** `ceremony finalize`. */
export async function finalize(settings: Compiling & { ptau: string; out: string }): Promise<void> {
  const { folder, ptau, out, cache: cacheFolder } = settings;
  await step(settings, async (progress) => {
    const options = { ...progress, cacheFolder };
    if (subjectOf(await readTranscript(folder)) === 'score') {
      const made = await finalizeScoreCeremony({ folder, ptau, out }, options);
      const keys = made.map(({ folder, shape: { shape } }) => ({ folder, shape }));
      const lines = keys.map(({ folder, shape }) => `${folder}: keys of score for ${shape}`);
      return { text: [...lines, 'publish these folders'].join('\n'), json: { folder: out, keys } };
    }
    const keys = await finalizeCeremony({ folder, ptau, out }, options);
    return {
      text: `${keys.folder}: keys for ${keys.preset}; publish the whole folder`,
      json: { folder: keys.folder, preset: keys.preset },
    };
  });
}

/** The hashes that a contributor publishes. */
function describe(step: Awaited<ReturnType<typeof contributeTo>>): Result {
  const lines = Object.entries(step.circuits).map(([circuit, { hash }]) => `  ${circuit.padEnd(10)} ${hash}`);
  const advice = 'publish these hashes, so that anyone can find your step in the transcript';
  return {
    text: `${step.name}: ${advice}\n${lines.join('\n')}`,
    json: step,
  };
}
