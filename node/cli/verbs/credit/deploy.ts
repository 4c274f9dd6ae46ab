// `credit deploy`: credit's contracts are added to a deployment, and to its file.
import { deployCredit, type ScoreKeysJson } from '@murmuration/contracts';
import { verifyingKeyToJson } from '@murmuration/prover';
import { ensureScoreKeys } from '@murmuration/prover/score';
import { rpcTransport } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { writeAtomically } from '../../../state/index.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { print } from '../../output/format.ts';
import { progress } from '../../output/progress.ts';
import { payer } from '../deploy/run.ts';

/** `credit deploy`. */
export async function deployCreditTo(settings: AccountSettings & { readonly cache: string }): Promise<void> {
  const { rpc, deployment: file, cache, json } = settings;
  const deployment = await openDeployment(settings);
  if (deployment.credit)
    throw new NodeError('input', `the deployment of ${file} has credit already`, {
      mend: `Its credentials are at ${deployment.credit.credentials}.`,
    });
  await openReader(settings, deployment);
  const line = progress();
  const keyOf = async (shape: 'logistic' | 'network') => {
    const onProgress = ({ stage, id }: { stage: string; id: string }) => line.show(`${stage} ${id}`);
    const { verifyingKey } = await ensureScoreKeys(shape, { cacheFolder: cache, onProgress });
    return verifyingKeyToJson(verifyingKey) as ScoreKeysJson['logistic'];
  };
  const keys = { developmentKeys: true, logistic: await keyOf('logistic'), network: await keyOf('network') };
  const credit = await deployCredit({
    url: rpc,
    transport: rpcTransport(rpc),
    account: await payer(settings, deployment.chainId),
    deployment,
    keys,
    cacheFolder: cache,
    onDeployed: (name, address) => line.show(`${name} ${address}`),
  });
  await writeAtomically(file, `${JSON.stringify({ ...deployment, credit }, null, 2)}\n`, { mode: 0o666 });
  line.done(`credit deployed on chain ${deployment.chainId}`);
  print(json, credit, `${file}\ngive it to everybody who takes part`);
}
