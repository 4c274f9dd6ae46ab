// Where borrowers come to: what a proof is shown to, and what lends by it.
import type { CreditDeployment } from '@murmuration/contracts';
import { proofWords } from '@murmuration/prover';
import { scoreSignals } from '@murmuration/prover/score';
import type { Hex } from 'viem';
import type { CreditModel, CreditSchema, ProvenBracket } from '../../credit/index.ts';
import {
  addCollateral,
  borrow,
  type PoolView,
  readLoan,
  type ScoreProofWords,
  type ScoreSignals,
  type Showing,
  showCredential,
} from '../../lending/index.ts';
import { token } from '../../protocol/index.ts';
import type { Member } from '../../roles/index.ts';
import { price } from './market.ts';

/** Contracts, model and set. */
export interface Counter {
  readonly credit: CreditDeployment;
  readonly set: bigint;
  readonly schema: CreditSchema;
  readonly score: CreditModel;
  readonly pool: PoolView;
}

/** What each borrows. */
export const amount = 1_000n * token;

/** A proof as it is shown. */
export const showingOf = (
  { set }: Pick<Counter, 'set'>,
  { claim, proof }: Pick<ProvenBracket, 'claim' | 'proof'>,
): Showing => ({
  set,
  signals: scoreSignals(claim) as unknown as ScoreSignals,
  proof: proofWords(proof) as unknown as ScoreProofWords,
});

/** Shows a proof. @returns the credential's uid. */
export const show = ({ sender }: Member, { credit }: Counter, showing: Showing): Promise<Hex> =>
  showCredential({ sender, credit }, showing);

/** Units by which a debt may be rounded up. */
const rounding = 1_000n;

/** Collateral that a loan of {@link amount} opens with: the bracket's, and at most a unit for the debt's rounding. */
export async function leastCollateral({ client, signer }: Member, { pool }: Counter): Promise<bigint> {
  const { terms } = await readLoan(client, pool.pool, signer.address);
  const parts = 10_000n * price;
  return ((amount + rounding) * terms.open + parts - 1n) / parts;
}

/** Adds collateral. */
export const secure = ({ sender }: Member, { pool }: Counter, collateral: bigint): Promise<void> =>
  addCollateral({ sender, pool }, collateral);

/** Borrows {@link amount}. */
export const takeLoan = ({ sender }: Member, { pool }: Counter): Promise<void> =>
  borrow({ sender, pool }, amount);
