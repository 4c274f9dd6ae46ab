// Where signatures count: one contract on one chain. All off-chain messages are EIP-712 typed data under this domain.
import { type Address, getAddress, type Hex, isAddress, type TypedDataDefinition } from 'viem';
import { z } from 'zod';

/** The contract whose accounts sign, and its chain. A signature for one venue says nothing at another. */
export interface Venue {
  readonly chainId: number;
  readonly contract: Address;
}

/** Whoever signs for an account; every local account of viem is one. */
export interface Signer {
  readonly address: Address;
  signTypedData(message: TypedDataDefinition): Promise<Hex>;
}

/** The EIP-712 domain of a venue. */
export function domainOf(venue: Venue) {
  return {
    name: 'Murmuration',
    version: '1',
    chainId: venue.chainId,
    verifyingContract: venue.contract,
  } as const;
}

/** An account in its checksummed form, whatever case it came in. */
export const accountSchema = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'an account is 20 bytes in hexadecimal')
  .transform((value) => getAddress(value));

/** A 65-byte secp256k1 signature: r, s in its lower half, v 27 or 28. One form only, so that none has a twin. */
export const signatureSchema = z.custom<Hex>(isCanonicalSignature, 'a signature is r, s (low), v (27 or 28)');

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

function isCanonicalSignature(value: unknown): value is Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{130}$/.test(value)) return false;
  const v = value.slice(130);
  return BigInt(`0x${value.slice(66, 130)}`) <= halfOrder && (v === '1b' || v === '1c');
}
