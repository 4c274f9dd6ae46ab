// Where signatures count, and what they look like (docs/encodings.md, "Signatures"). Every message that is
// signed off chain is EIP-712 typed data under the domain of one contract on one chain.
import { type Address, getAddress, type Hex, isAddress, type TypedDataDefinition } from 'viem';
import { z } from 'zod';

/** The contract whose accounts sign, and its chain. A signature for one domain says nothing in another. */
export interface SigningDomain {
  readonly chainId: number;
  readonly contract: Address;
}

/** Signs for an account; every local account of viem is a signer. */
export interface Signer {
  readonly address: Address;
  signTypedData(message: TypedDataDefinition): Promise<Hex>;
}

/** The EIP-712 domain of what members send to each other: registrations of peers, hops, absences. */
export const peerDomain = ({ chainId, contract }: SigningDomain) =>
  ({ name: 'Murmuration', version: '1', chainId, verifyingContract: contract }) as const;

/** The EIP-712 domain of the contract `KeyRegistry`. */
export const keyRegistryDomain = ({ chainId, contract }: SigningDomain) =>
  ({ name: 'Murmuration KeyRegistry', version: '1', chainId, verifyingContract: contract }) as const;

/** The EIP-712 domain of the contract `Disputes`. */
export const disputesDomain = ({ chainId, contract }: SigningDomain) =>
  ({ name: 'Murmuration Disputes', version: '1', chainId, verifyingContract: contract }) as const;

/** The EIP-712 domain of the contract `StakeVault`. */
export const stakeVaultDomain = ({ chainId, contract }: SigningDomain) =>
  ({ name: 'Murmuration StakeVault', version: '1', chainId, verifyingContract: contract }) as const;

/** The EIP-712 domain of the contract `Models`. */
export const modelsDomain = ({ chainId, contract }: SigningDomain) =>
  ({ name: 'Murmuration Models', version: '1', chainId, verifyingContract: contract }) as const;

/** An account in its checksummed form, whatever its case was. */
export const accountSchema = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'an account is 20 bytes in hexadecimal')
  .transform((value) => getAddress(value));

/**
 * A 65-byte secp256k1 signature: r, s in its lower half, v 27 or 28. Only this form is taken, so that no
 * signature has a twin.
 */
export const signatureSchema = z.custom<Hex>(isCanonicalSignature, 'a signature is r, s (low), v (27 or 28)');

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

function isCanonicalSignature(value: unknown): value is Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{130}$/.test(value)) return false;
  const v = value.slice(130);
  return BigInt(`0x${value.slice(66, 130)}`) <= halfOrder && (v === '1b' || v === '1c');
}
