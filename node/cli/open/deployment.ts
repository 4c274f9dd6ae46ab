// The federation's place: its deployment file, and the chain that it names.
import { type Deployment, deploymentSchema } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { createClient, shownRpc } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { ChainSettings } from '../command/flags.ts';
import { isMissing, readJson } from '../files/read.ts';
import { describeIssues } from '../output/fault.ts';

/** The deployment file, checked. @throws NodeError `input` where it is missing or none. */
export async function openDeployment({ deployment }: Pick<ChainSettings, 'deployment'>): Promise<Deployment> {
  const json = await readJson(deployment).catch((cause: unknown) => {
    if (!isMissing(cause)) throw cause;
    throw new NodeError('input', `no deployment at ${deployment}`, {
      mend: 'Whoever deployed the contracts has it: name it by --deployment. `murmur deploy` makes a new one.',
      cause,
    });
  });
  const parsed = deploymentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `${deployment}: ${describeIssues(parsed.error)}`, {
    mend: 'It must be a file of `murmur deploy`.',
  });
}

/** The id of the chain at an address. @throws NodeError `chain` where nothing answers. */
export async function readChainId(rpc: string): Promise<number> {
  return createClient({ url: rpc }).getChainId();
}

/** A connection that only reads. @throws NodeError `chain` when nothing answers or it is another chain. */
export async function openReader(
  { rpc }: Pick<ChainSettings, 'rpc'>,
  deployment: Deployment,
): Promise<PublicClient> {
  const found = await readChainId(rpc);
  if (found !== deployment.chainId)
    throw new NodeError(
      'chain',
      `${shownRpc(rpc)} serves chain ${found}, the deployment is on chain ${deployment.chainId}`,
      { mend: 'Set another --rpc or --deployment.' },
    );
  const client = createClient({ url: rpc, deployment });
  if (!(await client.getCode({ address: deployment.marketplace })))
    throw new NodeError('chain', `${shownRpc(rpc)} has no contracts at ${deployment.marketplace}`, {
      mend: 'Its chain was begun anew since the deployment, or is another one: set another --rpc, or deploy again.',
    });
  return client;
}
