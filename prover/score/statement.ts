// Statement `score`: a model gives a bracket, from data that an issuer has signed.
import { scoreSignalNames } from '@murmuration/circuits';
import { ProverError } from '../errors.ts';
import { checkField, toField } from '../field.ts';
import { poseidon } from '../poseidon/permutation.ts';
import type { WitnessInput } from '../witness/index.ts';
import { type IssuerPath, issuerLeaf } from './issuers.ts';
import { evaluateScore, modelColumns, type ScoreModel, scoreModelDigest } from './model.ts';
import { recordDigest, type ScoreRecord, scoreNullifier, serialHash } from './record.ts';
import { type IssuerKey, type RecordSignature, verifyElement } from './signature.ts';

/** What `score` says; the names are those of the public signals, each in [0, r). */
export interface ScoreClaim {
  /** Where the proof is good: chain and contract. */
  readonly domain: bigint;
  /** The model's digest. */
  readonly model: bigint;
  /** The root of the issuers' tree. */
  readonly issuers: bigint;
  /** The schema's digest. */
  readonly schema: bigint;
  /** The account that may show the proof. */
  readonly subject: bigint;
  /** 0, the best, to 9. */
  readonly bracket: bigint;
  /** Seconds since 1970: the record does not expire before. */
  readonly until: bigint;
  /** See {@link scoreNullifier}. */
  readonly nullifier: bigint;
  /** See {@link serialHash}. */
  readonly serialHash: bigint;
}

/** What `score` does not show. */
export interface ScoreSecret {
  /** Which is public where its digest is accepted; the proof does not show it again. */
  readonly model: ScoreModel;
  /** What was signed. */
  readonly record: ScoreRecord;
  /** On the record. */
  readonly signature: RecordSignature;
  /** Who signed. */
  readonly issuer: IssuerKey;
  /** From the issuer's place to the root. */
  readonly path: IssuerPath;
}

/** Where and when a proof is to be good. */
export interface ScorePlace {
  /** Below 2^248. */
  readonly domain: bigint;
  /** Seconds since 1970. */
  readonly until: bigint;
}

/**
 * The claim that a secret makes true.
 *
 * @throws {ProverError} `statement` for a record of another schema, one that expires before `until`, a feature outside the model's bounds,
 * or a signature that is not the issuer's.
 */
export async function scoreClaim(place: ScorePlace, secret: ScoreSecret): Promise<ScoreClaim> {
  const { model, record, signature, issuer } = secret;
  if (record.schema !== model.schema) {
    throw new ProverError(
      'statement',
      `the record is of schema ${record.schema}, but the model takes ${model.schema}`,
    );
  }
  if (record.expiresAt < place.until) {
    throw new ProverError(
      'statement',
      `the record expires at ${record.expiresAt}, but it is to be shown until ${place.until}`,
    );
  }
  if (!verifyElement(issuer, await recordDigest(model.shape, record), signature))
    throw new ProverError('statement', 'the signature is not that of the issuer on this record');
  const digest = await scoreModelDigest(model);
  return {
    domain: place.domain,
    model: digest,
    issuers: rootOf(issuer, secret.path),
    schema: record.schema,
    subject: record.subject,
    bracket: BigInt(evaluateScore(model, record.features).bracket),
    until: place.until,
    nullifier: scoreNullifier(record.holder, digest, place.until),
    serialHash: serialHash(record.serial),
  };
}

function rootOf(issuer: IssuerKey, { siblings, right }: IssuerPath): bigint {
  return siblings.reduce(
    (node, sibling, level) => poseidon(right[level] ? [sibling, node] : [node, sibling]),
    issuerLeaf(issuer),
  );
}

/**
 * A claim's public signals in the circuit's order.
 *
 * @throws {ProverError} `field` for a member outside [0, r).
 */
export function scoreSignals(claim: ScoreClaim): bigint[] {
  return scoreSignalNames.map((name) => checkField(name, claim[name as keyof ScoreClaim]));
}

/** All inputs of the circuit. */
export function scoreInputs(claim: ScoreClaim, secret: ScoreSecret): WitnessInput {
  const { model, record, signature, issuer, path } = secret;
  const signals = scoreSignals(claim);
  const open = Object.fromEntries(scoreSignalNames.map((name, i) => [name, [signals[i]!]]));
  const integers = (list: readonly number[]) => list.map((value) => toField(BigInt(value)));
  return {
    ...open,
    columns: modelColumns(model),
    thresholds: model.thresholds.map(toField),
    lower: integers(model.lower),
    upper: integers(model.upper),
    features: integers(record.features),
    holder: [record.holder],
    serial: [record.serial],
    issuedAt: [record.issuedAt],
    expiresAt: [record.expiresAt],
    key: [issuer.x, issuer.y],
    nonce: [signature.nonce.x, signature.nonce.y],
    s: [signature.s],
    siblings: path.siblings,
    sides: path.right.map((right) => (right ? 1n : 0n)),
  };
}
