// A validator's signature on an accusation, as content. The accusation itself follows from the evidence and from who
// announced it.
import { type Address, type Hex, hashTypedData } from 'viem';
import { z } from 'zod';
import {
  type Accusation,
  accountSchema,
  accusationData,
  type Signer,
  type SigningDomain,
  signatureSchema,
  signerOf,
} from '../protocol/index.ts';
import { decodeCanonical, digestSchema, encodeCanonical } from './canonical.ts';

/** Most bytes of a signature's content. */
export const maxSigned = 512;

const schema = z.strictObject({
  version: z.literal(1),
  /** Digest of the evidence. */
  evidence: digestSchema,
  /** Who announced it. */
  reporter: accountSchema,
  signature: signatureSchema,
});

/** A signature on the accusation by some evidence and reporter. */
export type SignedAccusation = z.output<typeof schema>;

/** Signs an accusation; the same bytes every time. @param domain of `Disputes`. */
export async function signAccusation(
  domain: SigningDomain,
  signer: Signer,
  accusation: Accusation,
): Promise<Uint8Array> {
  const { evidence, reporter } = accusation;
  const signature = await signer.signTypedData(accusationData(domain, accusation));
  const signed: SignedAccusation = { version: 1, evidence, reporter, signature };
  return encodeCanonical(signed);
}

/** Reads what {@link signAccusation} wrote. @throws NodeError `wire` */
export const decodeSigned = (content: Uint8Array): SignedAccusation =>
  decodeCanonical({ what: 'a signature on an accusation', most: maxSigned, schema }, content);

/** Who signed; undefined where the signature is of no key. */
export const signerOfAccusation = (
  domain: SigningDomain,
  accusation: Accusation,
  signature: Hex,
): Address | undefined => signerOf(hashTypedData(accusationData(domain, accusation)), signature);
