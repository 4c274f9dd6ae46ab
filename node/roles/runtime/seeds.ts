// What follows from an account's key for one task: the same at every start, and of no use for any other task.
import type { Deployment } from '@murmuration/contracts';
import { type Address, bytesToHex, type Hex } from 'viem';
import type { Origin } from '../../chain/index.ts';
import type { SecretBox } from '../../keystore/index.ts';
import { drawCommitment } from '../../protocol/index.ts';

/** One task of one history of a chain. */
export interface TaskPlace {
  readonly task: bigint;
  readonly origin: Origin;
}

/** Names a task by its number, which tasks of two histories of a chain may share. */
export const taskName = (
  { chainId, marketplace }: Pick<Deployment, 'chainId' | 'marketplace'>,
  task: bigint,
): string => `${chainId}/${marketplace.toLowerCase()}/${task}`;

/** Names a task among all tasks of all deployments on all histories of all chains. */
export const scopeOf = (
  deployment: Pick<Deployment, 'chainId' | 'marketplace'>,
  { task, origin }: TaskPlace,
): string => `${taskName(deployment, task)}/${origin.hash}`;

/** An account and the deployment that it works on. */
interface SeedOwner {
  readonly secretBox: Pick<SecretBox, 'seed'>;
  readonly deployment: Pick<Deployment, 'chainId' | 'marketplace'>;
}

/** An account that joins tasks of a deployment. */
export interface JoiningAccount {
  readonly secretBox: Pick<SecretBox, 'seed'>;
  readonly deployment: Deployment;
  readonly signer: { readonly address: Address };
}

/** A seed of 32 bytes that an account has for a purpose within a task. */
export const seedOf = ({ secretBox, deployment }: SeedOwner, purpose: string, place: TaskPlace): Hex =>
  bytesToHex(secretBox.seed(`${purpose}/${scopeOf(deployment, place)}`));

/**
 * A member's secret for the draw of seats, and the commitment to it. The secret is derived, so that a restart
 * knows it, from this task of this history of its chain alone: a secret that was revealed for one draw must not
 * foretell another.
 */
export function entropyOf(
  member: SeedOwner & { readonly signer: { readonly address: Address } },
  place: TaskPlace,
): { readonly secret: Hex; readonly entropy: Hex } {
  const secret = seedOf(member, 'draw', place);
  return { secret, entropy: drawCommitment(secret, member.signer.address) };
}
