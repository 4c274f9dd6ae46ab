// A chain that has lost the deployment: a development chain that was begun anew, or another one at the same address.
import type { Deployment } from '@murmuration/contracts';
import { walkCauses } from '@murmuration/core';
import { type Address, ContractFunctionZeroDataError, type PublicClient } from 'viem';
import { NodeError } from '../errors.ts';

/** The deployment's contracts are not on the chain. Code `chain`; it is final. */
export class ContractsGone extends NodeError {
  constructor(marketplace: Address) {
    super('chain', `the chain has no contracts at ${marketplace}`, {
      mend: 'It was begun anew since the deployment, or is another one: set another --rpc, or deploy again.',
      prospect: 'final',
    });
  }
}

/** Checks that a deployment's contracts are on the chain. @throws ContractsGone */
export async function checkContracts(
  client: Pick<PublicClient, 'getCode'>,
  { marketplace }: Pick<Deployment, 'marketplace'>,
): Promise<void> {
  if (!(await client.getCode({ address: marketplace }))) throw new ContractsGone(marketplace);
}

/** What an error of a view says, once it is known whether the contracts are there at all. */
export async function explained(
  client: Pick<PublicClient, 'getCode'>,
  { marketplace }: Pick<Deployment, 'marketplace'>,
  error: unknown,
): Promise<unknown> {
  const empty = walkCauses(error, (cause) => cause instanceof ContractFunctionZeroDataError);
  if (!empty || (await client.getCode({ address: marketplace }))) return error;
  return new ContractsGone(marketplace);
}
