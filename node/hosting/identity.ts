// Who a host is: the account that acts, and the key that data are sealed to. The key follows from the account's own, so
// that it lies in the same encrypted keystore; the account signs it, so that nobody can put another in its place.
import { publicKeyOf } from '@murmuration/core/x25519';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import type { UnlockedAccount } from '../keystore/index.ts';
import { accountSchema, digestOf, type SigningDomain, signatureSchema } from '../protocol/index.ts';
import { hostData, isSignedBy } from './signed.ts';

export const hashSchema = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, '0x and 64 lower-case hexadecimal digits')
  .transform((value) => value as Hex);

const identitySchema = z.strictObject({
  format: z.literal('murmuration-host/1'),
  chainId: z.int().positive(),
  contract: accountSchema,
  account: accountSchema,
  key: hashSchema,
  signature: signatureSchema,
});
/** A host, for everybody. */
export type HostIdentity = z.output<typeof identitySchema>;

/** Opens what is sealed to a host. */
export const openingKey = ({ secretBox }: Pick<UnlockedAccount, 'secretBox'>): Uint8Array =>
  secretBox.seed('hosting');

/** The key that data for a host are sealed to. */
export const sealingKeyOf = (unlocked: Pick<UnlockedAccount, 'secretBox'>): Hex =>
  bytesToHex(publicKeyOf(openingKey(unlocked)));

/** The identity of an unlocked account at a deployment. */
export async function makeIdentity(unlocked: UnlockedAccount, domain: SigningDomain): Promise<HostIdentity> {
  const { account } = unlocked;
  const message = { account: account.address, key: sealingKeyOf(unlocked) };
  const signature = await account.signTypedData(hostData(domain, message));
  return { format: 'murmuration-host/1', ...domain, ...message, signature };
}

/** @throws NodeError `input` for what is no identity, of another deployment, or not signed by its account. */
export function readIdentity(input: unknown, domain: SigningDomain): HostIdentity {
  const parsed = identitySchema.safeParse(input);
  if (!parsed.success)
    throw new NodeError('input', `it is no identity of a host: ${z.prettifyError(parsed.error)}`, {
      mend: 'It must be what `murmur host identity` printed.',
    });
  const { chainId, contract, account, key, signature } = parsed.data;
  if (chainId !== domain.chainId || contract !== domain.contract)
    throw new NodeError('input', `the host's identity is for chain ${chainId}, contract ${contract}`, {
      mend: `Ask the host for one of chain ${domain.chainId}, contract ${domain.contract}.`,
    });
  if (!isSignedBy(account, hostData(domain, { account, key }), signature))
    throw new NodeError('input', `the host's identity is not signed by ${account}: it was altered`, {
      mend: 'Get it again from the host, and compare the fingerprint.',
    });
  return parsed.data;
}

/** A host's account and key in 32 digits, for two people to compare by another way than the file came. */
export function fingerprint({ account, key }: Pick<HostIdentity, 'account' | 'key'>): string {
  const digits = digestOf(new Uint8Array([...hexToBytes(account), ...hexToBytes(key)])).slice(2, 34);
  return digits.match(/.{4}/g)!.join(' ');
}
