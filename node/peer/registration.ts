// The binding of a libp2p identity to an account: an EIP-712 signature by the account's key, and the peer's
// own key over the same digest. Without the second, an account could claim another account's peer; without
// the first, a peer could claim an account.
import type { PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id';
import { bytesToHex, type Hex, hashTypedData, hexToBytes } from 'viem';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import {
  accountSchema,
  registrationData,
  type Signer,
  type SigningDomain,
  signatureSchema,
  signerOf,
} from '../protocol/index.ts';
import { announcedAddressSchema } from './address.ts';

const peerIdSchema = z.string().max(64).refine(isEd25519Peer, 'a peer id is that of an Ed25519 key');

/** A registration as it travels: the schema checks its form, not its signatures. */
export const registrationSchema = z.strictObject({
  account: accountSchema,
  peer: peerIdSchema,
  addresses: z.array(announcedAddressSchema).max(8),
  sequence: z.int().nonnegative(),
  signature: signatureSchema,
  peerSignature: z.custom<Hex>(
    (value) => typeof value === 'string' && /^0x[0-9a-f]{128}$/.test(value),
    'an Ed25519 signature is 64 bytes',
  ),
});

/**
 * An account's word that a peer is its own, and where it listens. A higher `sequence` replaces a lower one.
 */
export type Registration = z.output<typeof registrationSchema>;

/** A peer and its account. */
export interface RegistrationParts {
  readonly signer: Signer;
  /** The peer's. */
  readonly key: PrivateKey;
  /** Where others reach the peer; none for a peer that only dials. */
  readonly addresses: readonly string[];
  /** Higher than that of any registration before; the time, unless given. */
  readonly sequence?: number;
}

/** The registration of `key`'s peer under the signer's account, signed by both. */
export async function signRegistration(
  domain: SigningDomain,
  { signer, key, addresses, sequence = Date.now() }: RegistrationParts,
): Promise<Registration> {
  const message = {
    account: signer.address,
    peer: peerIdFromPrivateKey(key).toString(),
    addresses: [...addresses],
    sequence: BigInt(sequence),
  };
  const typed = registrationData(domain, message);
  const signature = await signer.signTypedData(typed);
  const peerSignature = bytesToHex(await key.sign(hexToBytes(hashTypedData(typed))));
  return registrationSchema.parse({ ...message, sequence, signature, peerSignature });
}

/**
 * Parses and checks a registration that came from outside.
 * @throws NodeError `peer` for another form, or a signature that is wrong.
 */
export async function checkRegistration(domain: SigningDomain, input: unknown): Promise<Registration> {
  const parsed = registrationSchema.safeParse(input);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    throw new NodeError('peer', `registration: ${path.join('.') || 'the whole'}: ${message}`);
  }
  const registration = parsed.data;
  const { account, peer, addresses, signature, peerSignature } = registration;
  const message = { account, peer, addresses, sequence: BigInt(registration.sequence) };
  const hash = hashTypedData(registrationData(domain, message));
  const signed = signerOf(hash, signature);
  if (signed !== account)
    throw new NodeError(
      'peer',
      `registration: it is signed by ${signed ?? 'nobody'}, but must be by its account ${account}`,
      { mend: "Sign it with that account's key." },
    );
  const key = peerIdFromString(peer).publicKey;
  if (!key || !(await key.verify(hexToBytes(hash), hexToBytes(peerSignature))))
    throw new NodeError(
      'peer',
      `registration: ${peer} did not sign for ${account}, but a peer's key signs its own registration`,
    );
  return registration;
}

function isEd25519Peer(value: string): boolean {
  try {
    return peerIdFromString(value).type === 'Ed25519';
  } catch {
    return false;
  }
}
