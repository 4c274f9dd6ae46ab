// The keys of the statement `score`, as a deployment of credit takes them.
import type { ScoreKeysJson } from '@murmuration/contracts';
import { verifyingKeyToJson } from '@murmuration/prover';
import {
  ensureScoreKeys,
  type ScoreKeys,
  type ScoreShapeName,
  scoreShapeNames,
} from '@murmuration/prover/score';

/** Keys of every shape. */
export type ScoreKeySet = Readonly<Record<ScoreShapeName, ScoreKeys>>;

/** Development keys of every shape, made where they are missing. INSECURE: anyone can forge with them. */
export async function developmentScoreKeys({
  cacheFolder,
  say,
}: {
  readonly cacheFolder: string;
  readonly say: (text: string) => void;
}): Promise<ScoreKeySet> {
  const onProgress = ({ stage, id }: { stage: string; id: string }) => say(`${stage} ${id}`);
  const keys: Partial<Record<ScoreShapeName, ScoreKeys>> = {};
  for (const shape of scoreShapeNames)
    keys[shape] = await ensureScoreKeys(shape, { cacheFolder, onProgress });
  return keys as ScoreKeySet;
}

/** The public part of them, as a deployment takes it. */
export function scoreKeysJson({ logistic, network }: ScoreKeySet): ScoreKeysJson {
  const keyOf = ({ verifyingKey }: ScoreKeys) =>
    verifyingKeyToJson(verifyingKey) as ScoreKeysJson['logistic'];
  const developmentKeys = [logistic, network].some(({ kind }) => kind === 'insecure-development');
  return { developmentKeys, logistic: keyOf(logistic), network: keyOf(network) };
}
