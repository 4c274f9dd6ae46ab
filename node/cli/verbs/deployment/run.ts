// The work of `murmur deployment verify`.
import { type Deployment, type DeploymentCheck, developmentChains } from '@murmuration/contracts';
import { presetNames } from '@murmuration/core';
import type { KeySet } from '@murmuration/prover';
import { NodeError } from '../../../errors.ts';
import type { ScoreKeySet } from '../../../lending/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { type KeysSettings, openKeys, openListedKeys } from '../../open/keys.ts';
import { openScoreKeySet } from '../../open/score_keys.ts';
import { inspect, refuseFailing } from '../../open/trust.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import { verifyCeremony, verifyScoreCeremony } from '../keys/origin.ts';

type VerifySettings = Pick<ChainSettings, 'rpc' | 'deployment' | 'json'> &
  KeysSettings & { readonly scoreKeys?: readonly string[]; readonly ptau?: readonly string[] };

const marks = { holds: 'ok   ', fails: 'FAIL ', shown: '     ' } as const;

/** `deployment verify`: one line a check; it rejects where one fails. */
export async function verify(settings: VerifySettings): Promise<void> {
  const { cache, json, ptau } = settings;
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const line = progress();
  const keys = await keysOf(settings, deployment, line.show);
  if (ptau) for (const each of keys) await verifyCeremony(each, { ptau, cache, log: line.show });
  const score = await scoreKeysOf(settings, deployment, line.show);
  if (ptau && settings.scoreKeys)
    for (const each of Object.values(score ?? {}))
      await verifyScoreCeremony(each, { ptau, cache, log: line.show });
  line.show('checking the deployment');
  const checks = await inspect({ client, deployment, keys, score, cache });
  const ok = checks.every(({ verdict }) => verdict !== 'fails');
  line.done(`chain ${deployment.chainId}`);
  print(json, { ok, checks }, checks.map(lineOf).join('\n'));
  refuseFailing(checks);
}

/** The keys that are given; on a development chain, without any, those of every preset of the deployment. */
async function keysOf(
  settings: VerifySettings,
  deployment: Deployment,
  say: (text: string) => void,
): Promise<readonly KeySet[]> {
  if (settings.keys) return openListedKeys(settings.keys);
  const deployed = presetNames.filter((name) => Object.hasOwn(deployment.verifiers, name));
  const keys = [];
  for (const preset of deployed) keys.push(await openKeys(settings, deployment, preset, say));
  return keys;
}

/** Of the statement `score`, where it is to be looked at: given, or on a development chain those that anybody makes. */
async function scoreKeysOf(
  { scoreKeys, keys, cache }: VerifySettings,
  deployment: Deployment,
  say: (text: string) => void,
): Promise<ScoreKeySet | undefined> {
  if (scoreKeys && !deployment.credit)
    throw new NodeError('input', '--score-keys is given, but the deployment has no credit');
  const made = deployment.credit && !keys && developmentChains.includes(deployment.chainId);
  if (!scoreKeys && !made) return undefined;
  return openScoreKeySet({ ...(scoreKeys && { keys: scoreKeys }), cache }, deployment, say);
}

const lineOf = ({ what, verdict, detail }: DeploymentCheck): string => `${marks[verdict]}${what}: ${detail}`;
