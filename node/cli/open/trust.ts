// Whether a deployment may be trusted with stake: its deployer chose code, wiring and keys, and could have
// chosen others than this version's.
import {
  type Deployment,
  type DeploymentCheck,
  developmentChains,
  inspectDeployment,
  loadArtifacts,
} from '@murmuration/contracts';
import { type PresetName, presetNames, reasonOf } from '@murmuration/core';
import { type KeySet, presets } from '@murmuration/prover';
import {
  type AnyTranscript,
  checkContributors,
  readKeysTranscript,
  readScoreKeysTranscript,
} from '@murmuration/prover/ceremony';
import type { PublicClient } from 'viem';
import type { PostedTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { type ScoreKeySet, scoreKeysJson } from '../../lending/index.ts';
import { presetKeys } from '../../local/keys.ts';
import { progress } from '../output/progress.ts';
import { checkKeys, type KeysSettings, openKeys } from './keys.ts';

/** Whose deployment it is, and what it is compared with. */
export interface Trusting {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  /** The reader's own, of the presets that it works with. */
  readonly keys: readonly KeySet[];
  /** Likewise of the statement `score`, where the reader has to do with credit. */
  readonly score?: ScoreKeySet | undefined;
  /** Where the contracts are kept once they are compiled. */
  readonly cache: string;
}

/** Every check of a deployment, those that fail among them. */
export async function inspect(trusting: Trusting): Promise<DeploymentCheck[]> {
  const { client, deployment, keys, score, cache } = trusting;
  const artifacts = await loadArtifacts({ cacheFolder: cache });
  const given = { presets: keys.map(presetKeys), ...(score && { score: scoreKeysJson(score) }) };
  const checks = await inspectDeployment({ client, deployment, artifacts, ...given });
  if (developmentChains.includes(deployment.chainId)) return checks;
  return [...checks, ...(await inspectCeremonies(trusting))];
}

/** Who made the keys: where money is real, more than one institution each. */
export function inspectCeremonies({
  keys,
  score,
}: Pick<Trusting, 'keys' | 'score'>): Promise<DeploymentCheck[]> {
  return Promise.all([
    ...keys.map((of) => inspectCeremony(of.preset, () => readKeysTranscript(of))),
    ...Object.values(score ?? {}).map((of) =>
      inspectCeremony(of.provingKey.id, () => readScoreKeysTranscript(of)),
    ),
  ]);
}

/** Whether more than one institution made the keys. */
async function inspectCeremony(id: string, read: () => Promise<AnyTranscript>): Promise<DeploymentCheck> {
  const what = `ceremony of ${id}`;
  try {
    const names = checkContributors(await read());
    return { what, verdict: 'holds', detail: `contributors ${names.join(', ')}` };
  } catch (error) {
    return { what, verdict: 'fails', detail: reasonOf(error) };
  }
}

/**
 * Refuses a deployment that must not be given money.
 *
 * @throws NodeError `input` where its keys are others than these, `deployment` where anything else of it is not
 * as this version would have deployed it.
 */
export async function checkDeployment(trusting: Trusting): Promise<void> {
  for (const keys of trusting.keys) await checkKeys(trusting.client, trusting.deployment, keys);
  refuseFailing(await inspect(trusting));
}

/**
 * Opens the keys of a preset and refuses a deployment that must not be given money, before any is given to it.
 *
 * @throws as {@link checkDeployment}.
 */
export async function checkTrust(
  settings: KeysSettings,
  { client, deployment }: Pick<Trusting, 'client' | 'deployment'>,
  preset: PresetName,
): Promise<void> {
  const line = progress();
  const keys = await openKeys(settings, deployment, preset, line.show);
  line.show('checking the deployment');
  await checkDeployment({ client, deployment, keys: [keys], cache: settings.cache });
  line.done('the deployment holds');
}

/** @throws NodeError `deployment` with the first check that fails. */
export function refuseFailing(checks: readonly DeploymentCheck[]): void {
  const failing = checks.filter(({ verdict }) => verdict === 'fails');
  const [first] = failing;
  if (!first) return;
  const others = failing.length > 1 ? ` (${failing.length} checks fail)` : '';
  throw new NodeError('deployment', `${first.what}: ${first.detail}${others}`, {
    mend: 'Put no stake into this deployment; `murmur deployment verify` shows every check.',
  });
}

/** The preset of a task. @throws NodeError `task` for one that this version does not know. */
export function presetOf({ task, parameters }: Pick<PostedTask, 'task' | 'parameters'>): PresetName {
  const { preset: id } = parameters;
  const preset = presetNames.find((name) => presets[name].id === id);
  if (preset) return preset;
  throw new NodeError('task', `task ${task} is of preset ${id}, which this version does not know`, {
    mend: 'Update murmur.',
  });
}
