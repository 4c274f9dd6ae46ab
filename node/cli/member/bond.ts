// A prover's stake: what is missing of it is bonded, once the account can pay it.
import { bondUpTo, type Member, missingStake } from '../../roles/index.ts';
import { checkMoney } from '../open/money.ts';

/**
 * Bonds what is missing of the free stake.
 * @throws NodeError `input` unless the account has the tokens, and ether for gas; or where its owner has to bond.
 */
export async function bondStake(
  { actions, client, deployment, signer }: Member,
  stake: bigint,
): Promise<void> {
  const missing = await missingStake(actions, stake);
  if (missing === 0n) return;
  await checkMoney(client, deployment, signer.address, { amount: missing, what: 'the stake' });
  await bondUpTo(actions, stake);
}
