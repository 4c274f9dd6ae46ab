// The work of `murmur deployment verify`.
import type { Deployment, DeploymentCheck } from '@murmuration/contracts';
import { presetNames } from '@murmuration/core';
import type { KeySet } from '@murmuration/prover';
import type { ChainSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { type KeysSettings, openKeys, openListedKeys } from '../../open/keys.ts';
import { inspect, refuseFailing } from '../../open/trust.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import { verifyCeremony } from '../keys/origin.ts';

type VerifySettings = Pick<ChainSettings, 'rpc' | 'deployment' | 'json'> &
  KeysSettings & { readonly ptau?: readonly string[] };

const marks = { holds: 'ok   ', fails: 'FAIL ', shown: '     ' } as const;

/** `deployment verify`: one line a check; it rejects where one fails. */
export async function verify(settings: VerifySettings): Promise<void> {
  const { cache, json, ptau } = settings;
  const deployment = await openDeployment(settings);
  const client = await openReader(settings, deployment);
  const line = progress();
  const keys = await keysOf(settings, deployment, line.show);
  if (ptau) for (const each of keys) await verifyCeremony(each, { ptau, cache, log: line.show });
  line.show('checking the deployment');
  const checks = await inspect({ client, deployment, keys, cache });
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

const lineOf = ({ what, verdict, detail }: DeploymentCheck): string => `${marks[verdict]}${what}: ${detail}`;
