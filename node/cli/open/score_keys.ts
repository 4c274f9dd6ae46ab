// The keys of the statement `score`: those of a ceremony, or development keys.
import { join } from 'node:path';
import { type Deployment, developmentChains } from '@murmuration/contracts';
import { manifestName } from '@murmuration/prover';
import {
  loadScoreKeys,
  type ScoreKeys,
  type ScoreShapeName,
  scoreShapeNames,
} from '@murmuration/prover/score';
import { NodeError } from '../../errors.ts';
import { developmentScoreKeys, type ScoreKeySet } from '../../lending/index.ts';

/** What says where they are. */
export interface ScoreKeysSettings {
  /** Manifests, or folders that hold one. */
  readonly keys?: readonly string[];
  /** Where development keys are kept once they are made. */
  readonly cache: string;
}

/**
 * The keys of every shape: those of the manifests given, else, on a development chain, development keys.
 *
 * @throws NodeError `input` where a shape has none or two, or none is given and money is real.
 */
export async function openScoreKeySet(
  { keys: given, cache: cacheFolder }: ScoreKeysSettings,
  { chainId }: Pick<Deployment, 'chainId'>,
  say: (text: string) => void,
): Promise<ScoreKeySet> {
  if (given) return byShape(await Promise.all(given.map((path) => loadScoreKeys(manifestOf(path)))));
  if (!developmentChains.includes(chainId))
    throw new NodeError('input', `chain ${chainId} is no development chain`, {
      mend: 'Give --keys with the manifest of each shape of a `murmur ceremony` for --score.',
    });
  return developmentScoreKeys({ cacheFolder, say });
}

/** Path of a manifest that is given by itself, or by its folder. */
export const manifestOf = (given: string): string =>
  given.endsWith('.json') ? given : join(given, manifestName);

function byShape(keys: readonly ScoreKeys[]): ScoreKeySet {
  const entries = scoreShapeNames.map((name) => {
    const [found, second] = keys.filter(({ shape }) => shape.shape === name);
    if (found && !second) return [name, found] as const;
    const many = second ? `${found!.folder} and ${second.folder} are both` : 'no manifest is';
    throw new NodeError('input', `${many} of shape ${name}, but one of each is needed`, {
      mend: `Give one manifest for each of ${scoreShapeNames.join(', ')}.`,
    });
  });
  return Object.fromEntries(entries) as Record<ScoreShapeName, ScoreKeys>;
}
