// A borrower at home: the record that the issuer signed, the score, and the proof of its bracket for this chain.
import { type ScoreProver, serialHash } from '@murmuration/prover/score';
import {
  type Issuer,
  type ProvenBracket,
  proveBracket,
  readRecord,
  recordText,
  type ShowingPlace,
  type SignedRecord,
  scoreAtHome,
  signRecord,
  type Values,
} from '../../credit/index.ts';
import { readAcceptedModels, readIssuerSet, readProofPlace, readRevocation } from '../../lending/index.ts';
import type { Member } from '../../roles/index.ts';
import type { Counter } from './counter.ts';

const days = 90n;

/** The issuer signs what it knows of a person, for the person's account; the person reads the file. */
export async function attest(
  issuer: Issuer,
  { schema, member, values }: { schema: Counter['schema']; member: Member; values: Values },
): Promise<SignedRecord> {
  const { timestamp: issuedAt } = await member.client.getBlock();
  const signed = await signRecord(issuer.keys, {
    schema,
    values,
    subject: BigInt(member.signer.address),
    holder: issuer.holderOf(member.name),
    issuedAt,
    expiresAt: issuedAt + days * 86_400n,
  });
  return readRecord(JSON.parse(recordText(schema, signed)), schema);
}

/** What the chain knows now, as `murmur credit place` writes it and `prove` holds a record against it. */
export async function placeOf(
  member: Member,
  { credit, set, score }: Counter,
  { record }: SignedRecord,
): Promise<ShowingPlace> {
  const { client } = member;
  const { domain, until } = await readProofPlace(client, credit);
  const { keys } = await readIssuerSet(client, credit, set);
  const claims = await readAcceptedModels(client, credit, score.file.digest);
  const hash = serialHash(record.serial);
  const revoked = await readRevocation(client, credit, hash);
  const { timestamp: now } = await client.getBlock();
  return {
    domain,
    issuers: keys,
    isAccepted: (model) => claims.length > 0 && model === score.file.digest,
    isRevoked: (asked) => asked === hash && revoked !== undefined,
    until,
    now,
    subject: BigInt(member.signer.address),
  };
}

/** Reasons that the report shows. */
const shownReasons = 4;

/** What a borrower knows of itself, in words. */
export function knownAtHome({ score, schema }: Counter, { record: { features } }: SignedRecord) {
  const { chance, reasons } = scoreAtHome({ schema, score, features }, shownReasons);
  return {
    chance,
    reasons: reasons.map(({ column, value, cost, change }) => {
      const would = change ? `; with ${change.value}: bracket ${change.bracket}` : '';
      return `${column} is ${value} (${cost.toFixed(2)} nats)${would}`;
    }),
  };
}

/** The proof. */
export async function proveAtHome(
  prover: ScoreProver,
  { counter, member, signed }: { counter: Counter; member: Member; signed: SignedRecord },
): Promise<ProvenBracket> {
  const place = await placeOf(member, counter, signed);
  return proveBracket(prover, { score: counter.score, signed, place });
}
