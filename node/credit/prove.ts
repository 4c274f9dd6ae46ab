// A proof of a bracket, made at home: what is checked first, what it says, and the proof.
import type { ProvenStatement } from '@murmuration/prover';
import { type ScoreClaim, type ScoreProver, type ScoreSecret, scoreClaim } from '@murmuration/prover/score';
import { checkShown, type ShowingPlace } from './check.ts';
import type { CreditModel } from './model_file.ts';
import type { SignedRecord } from './record.ts';

/** A bracket that is proven. */
export interface ProvenBracket extends ProvenStatement {
  readonly claim: ScoreClaim;
  /** What the proof does not show; it stays at home. */
  readonly secret: ScoreSecret;
}

/**
 * Proves the bracket of a record.
 *
 * @throws {CreditError} as {@link checkShown} does, before anything is proven; {ProverError} as {@link ScoreProver.prove} does.
 */
export async function proveBracket(
  prover: ScoreProver,
  {
    score,
    signed,
    place,
  }: { readonly score: CreditModel; readonly signed: SignedRecord; readonly place: ShowingPlace },
): Promise<ProvenBracket> {
  const secret = checkShown(score, signed, place);
  const claim = await scoreClaim(place, secret);
  return { ...(await prover.prove({ claim, secret })), claim, secret };
}
