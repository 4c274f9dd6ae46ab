// Models, records and issuers of any shape, reproducible from a label: for tests and vectors of the statement `score`.
import type { ScoreInstance } from '@murmuration/circuits';
import { toField } from '../../../prover/field.ts';
import {
  evaluateScore,
  type IssuerKeyPair,
  issuerKeyPair,
  issuerPath,
  layersOf,
  recordDigest,
  type ScoreModel,
  type ScoreRecord,
  type ScoreSecret,
  signElement,
} from '../../../prover/score/index.ts';
import { source } from '../../vectors/random.ts';

/** Weights over their whole range, and bounds that hold zero. */
export function randomModel(label: string, shape: ScoreInstance, schema: bigint): ScoreModel {
  const random = source(`model/${label}`);
  const inputs = shape.widths[0]!;
  return {
    shape,
    schema,
    layers: layersOf(shape).map((layer) => ({
      weights: Array.from({ length: layer.outputs }, () =>
        Array.from({ length: layer.inputs }, () => random.integer(-32767, 32767)),
      ),
      biases: Array.from(
        { length: layer.outputs },
        () => (random.word() % 2n ** BigInt(layer.sumBits)) - 2n ** BigInt(layer.sumBits - 1),
      ),
    })),
    lower: Array.from({ length: inputs }, () => random.integer(-32768, 0)),
    upper: Array.from({ length: inputs }, () => random.integer(0, 32767)),
    thresholds: [],
  };
}

/** With thresholds that put these features into this bracket. */
export function withBracket(model: ScoreModel, features: readonly number[], bracket: number): ScoreModel {
  const { logit } = evaluateScore(model, features);
  return {
    ...model,
    thresholds: Array.from({ length: 9 }, (_, i) => logit + BigInt(i - bracket) * 1000n + 1n),
  };
}

/** Features within a model's bounds. */
export function randomFeatures(label: string, { lower, upper }: ScoreModel): number[] {
  const random = source(`features/${label}`);
  return lower.map((low, j) => random.integer(low, upper[j]!));
}

/** A record of someone; what is not given follows from the label. */
export function recordOf(
  label: string,
  given: Pick<ScoreRecord, 'schema' | 'features'> & Partial<ScoreRecord>,
): ScoreRecord {
  const random = source(`record/${label}`);
  return {
    subject: random.word() % 2n ** 160n,
    holder: toField(random.word()),
    serial: random.word() % 2n ** 248n,
    issuedAt: 1_700_000_000n,
    expiresAt: 1_800_000_000n,
    ...given,
  };
}

/** Key pairs of issuers. */
export function issuersOf(label: string, count: number): IssuerKeyPair[] {
  const random = source(`issuers/${label}`);
  return Array.from({ length: count }, () => issuerKeyPair(random.bytes(32)));
}

/** A record, signed by one of the issuers. */
export async function signedSecret(
  model: ScoreModel,
  record: ScoreRecord,
  { issuers, place }: { readonly issuers: readonly IssuerKeyPair[]; readonly place: number },
): Promise<ScoreSecret> {
  const issuer = issuers[place]!;
  return {
    model,
    record,
    signature: signElement(issuer, await recordDigest(model.shape, record)),
    issuer: issuer.publicKey,
    path: issuerPath(
      issuers.map(({ publicKey }) => publicKey),
      place,
    ),
  };
}
