// Where credit is on a chain, and what a proof must name there.
import { type CreditDeployment, credentialsAbi, type Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { NodeError } from '../errors.ts';

/** What a proof for a deployment's credentials must name now. */
export interface ProofPlace {
  /** Signal `domain`. */
  readonly domain: bigint;
  /** Signal `until`: the last second of the current period. */
  readonly until: bigint;
}

/** Credit of a deployment. @throws NodeError `input` where it has none. */
export function creditOf({ credit }: Deployment): CreditDeployment {
  if (credit) return credit;
  throw new NodeError('input', 'the deployment has no credit', {
    mend: 'Add it with `murmur credit deploy`, or take the file of who did.',
  });
}

/** What a proof must name in the latest block. */
export async function readProofPlace(client: PublicClient, credit: CreditDeployment): Promise<ProofPlace> {
  const read = { address: credit.credentials, abi: credentialsAbi } as const;
  const [domain, until] = await Promise.all([
    client.readContract({ ...read, functionName: 'domain' }),
    client.readContract({ ...read, functionName: 'periodEnd' }),
  ]);
  return { domain, until };
}
