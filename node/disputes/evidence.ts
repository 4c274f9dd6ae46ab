// Evidence against a member, as content: small, canonical JSON that says what is alleged, for which task, and what
// beside the chain convicts. Ciphertexts, shares and sum files are not in it: the chain names them by digest.
import { type Address, type Hex, isHex } from 'viem';
import { z } from 'zod';
import { accountSchema } from '../protocol/index.ts';
import { decodeCanonical, digestSchema, encodeCanonical } from './canonical.ts';

/** Most bytes of evidence: the longest signed chain of a ring of 64 members takes 25 KB. */
export const maxEvidence = 64 * 1024;

const bytes = z.custom<Hex>((value) => isHex(value) && value.length % 2 === 0, 'bytes in hexadecimal');
const number = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/, 'a whole number')
  .transform(BigInt);

/** What all evidence says: of which task of which deployment, of which round, against whom. */
const about = {
  version: z.literal(1),
  chainId: z.int().positive(),
  /** `Rounds` of the deployment. */
  contract: accountSchema,
  task: number,
  round: z.int().positive(),
  culprit: accountSchema,
};
const sum = z.int().min(0).max(7);

const schema = z.discriminatedUnion('kind', [
  /** A ring's signed chain, which ends with the wrong hop (`encodeChain`). */
  z.strictObject({ kind: z.literal('hop'), ...about, sum, chain: bytes }),
  /** Announced joint shares of one sum: the culprit's, and those of so many others that it must be wrong. */
  z.strictObject({
    kind: z.literal('share'),
    ...about,
    sum,
    share: digestSchema,
    others: z.array(z.strictObject({ member: accountSchema, share: digestSchema })).max(64),
  }),
  /** What the culprit submitted, and the chain names, is no ciphertexts, or their encryption proof fails. */
  z.strictObject({ kind: z.literal('ciphertext'), ...about }),
  /** What the culprit put in place of the files of a sum that it proved is something else. */
  z.strictObject({ kind: z.literal('sum'), ...about, sum }),
]);

/** Evidence of some kind. */
export type Evidence = z.output<typeof schema>;
/** Evidence of one kind. */
export type EvidenceOf<Kind extends Evidence['kind']> = Extract<Evidence, { kind: Kind }>;

/** By kind, the number that an accusation's `fault` has (docs/encodings.md, "Evidence"). */
export const faultNumbers: Readonly<Record<Evidence['kind'], number>> = {
  hop: 1,
  share: 2,
  ciphertext: 3,
  sum: 5,
};

/** A dispute for people, by the number of its fault. */
export const faultNames: Readonly<Record<number, string>> = {
  1: 'a wrong hop in the ring',
  2: 'a wrong decryption share',
  3: 'ciphertexts whose proof fails',
  5: "a proven sum's files that are something else",
};

/** Evidence as content. */
export const encodeEvidence = (evidence: Evidence): Uint8Array => encodeCanonical(evidence);

/** Reads evidence. @throws NodeError `wire` for anything but the one encoding of something that may be true. */
export const decodeEvidence = (content: Uint8Array): Evidence =>
  decodeCanonical({ what: 'evidence', most: maxEvidence, schema }, content);

/** What evidence is of: one dispute is filed for a round and a member. */
export const caseName = ({ round, culprit }: { readonly round: number; readonly culprit: Address }): string =>
  `${round}/${culprit.toLowerCase()}`;
