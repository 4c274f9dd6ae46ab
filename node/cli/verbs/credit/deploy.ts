// `credit deploy`: credit's contracts are added to a deployment, and to its file.
import { deployCredit, developmentChains } from '@murmuration/contracts';
import { rpcTransport } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { scoreKeysJson } from '../../../lending/index.ts';
import { writeAtomically } from '../../../state/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openScoreKeySet, type ScoreKeysSettings } from '../../open/score_keys.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import { payer } from '../deploy/run.ts';
import { verifyScoreCeremony } from '../keys/origin.ts';

/** `credit deploy`. */
export async function deployCreditTo(
  settings: AccountSettings & ScoreKeysSettings & { readonly ptau?: readonly string[] },
): Promise<void> {
  const { rpc, deployment: file, cache, json } = settings;
  const deployment = await openDeployment(settings);
  if (deployment.credit)
    throw new NodeError('input', `the deployment of ${file} has credit already`, {
      mend: `Its credentials are at ${deployment.credit.credentials}.`,
    });
  await openReader(settings, deployment);
  const line = progress();
  const keys = await openScoreKeySet(settings, deployment, line.show);
  if (!developmentChains.includes(deployment.chainId))
    for (const each of Object.values(keys))
      await verifyScoreCeremony(each, { ptau: settings.ptau ?? [], cache, log: line.show });
  const credit = await deployCredit({
    url: rpc,
    transport: rpcTransport(rpc),
    account: await payer(settings, deployment.chainId),
    deployment,
    keys: scoreKeysJson(keys),
    cacheFolder: cache,
    onDeployed: (name, address) => line.show(`${name} ${address}`),
  });
  await writeAtomically(file, `${JSON.stringify({ ...deployment, credit }, null, 2)}\n`, { mode: 0o666 });
  line.done(`credit deployed on chain ${deployment.chainId}`);
  print(json, credit, `${file}\ngive it to everybody who takes part`);
}
