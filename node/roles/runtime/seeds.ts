// What follows from an account's key for one task: the same at every start, and of no use for any other task.
import type { Deployment } from '@murmuration/contracts';
import { type Address, bytesToHex, type Hex } from 'viem';
import type { SecretBox } from '../../keystore/index.ts';
import { drawCommitment } from '../../protocol/index.ts';

/** Names a task among all tasks of all deployments. */
export const scopeOf = (
  { chainId, marketplace }: Pick<Deployment, 'chainId' | 'marketplace'>,
  task: bigint,
): string => `${chainId}/${marketplace.toLowerCase()}/${task}`;

/** An account and the deployment that it works on. */
interface SeedOwner {
  readonly secretBox: Pick<SecretBox, 'seed'>;
  readonly deployment: Pick<Deployment, 'chainId' | 'marketplace'>;
}

/** A seed of 32 bytes that an account has for a purpose within a task. */
export const seedOf = ({ secretBox, deployment }: SeedOwner, purpose: string, task: bigint): Hex =>
  bytesToHex(secretBox.seed(`${purpose}/${scopeOf(deployment, task)}`));

/**
 * A member's secret for the draw of seats, and the commitment to it. The secret is derived, so that a restart
 * knows it, from this task of this deployment alone: a secret that was revealed for one draw must not
 * foretell another.
 */
export function entropyOf(
  member: SeedOwner & { readonly signer: { readonly address: Address } },
  task: bigint,
): { readonly secret: Hex; readonly entropy: Hex } {
  const secret = seedOf(member, 'draw', task);
  return { secret, entropy: drawCommitment(secret, member.signer.address) };
}
