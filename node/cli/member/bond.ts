// A prover's stake: what is missing of it is bonded, once the account can pay it.
import { bondUpTo, type Member } from '../../roles/index.ts';
import { checkMoney } from '../open/money.ts';

/**
 * Bonds what is missing of the free stake.
 * @throws NodeError `input` unless the account has the tokens, and ether for gas.
 */
export async function bondStake(
  { actions, client, deployment, signer }: Member,
  stake: bigint,
): Promise<void> {
  const { free } = await actions.stake();
  if (free >= stake) return;
  await checkMoney(client, deployment, signer.address, { amount: stake - free, what: 'the stake' });
  await bondUpTo(actions, stake);
}
