// The quorum: more than half of the stake of the validators that were not ejected, the accused and the suspended
// counted in the whole; those that sign are in good standing, and not the accused (`Disputes.sol`).
import type { Address } from 'viem';
import type { SignerOf, Standing, TaskChain } from '../chain/index.ts';

/** A validator as it stands. */
export interface Juror {
  readonly account: Address;
  readonly standing: Standing;
  /** Pledged to the task, in the token's smallest unit. */
  readonly stake: bigint;
}

/** What signatures on an accusation come to. */
export interface Support {
  /** The signatures that count. */
  readonly signed: readonly SignerOf[];
  readonly behind: bigint;
  readonly total: bigint;
  /** Whether they are enough. */
  readonly isQuorum: boolean;
}

/** The task's validators as they stand now. */
export async function readJurors(
  chain: Pick<TaskChain, 'journal' | 'state' | 'seat' | 'pledgeOf'>,
): Promise<readonly Juror[]> {
  const { validators } = chain.journal.epochs.get((await chain.state()).epoch)!;
  return Promise.all(
    validators.map(async (account) => {
      const [{ standing }, stake] = await Promise.all([chain.seat(account), chain.pledgeOf(account)]);
      return { account, standing, stake };
    }),
  );
}

/** Counts the stake behind an accusation. */
export function supportOf(jurors: readonly Juror[], culprit: Address, signed: readonly SignerOf[]): Support {
  const seated = jurors.filter(({ standing }) => standing === 'good' || standing === 'suspended');
  const able = new Map(
    seated
      .filter(({ account, standing }) => standing === 'good' && account !== culprit)
      .map(({ account, stake }) => [account, stake]),
  );
  const counted = signed.filter(({ signer }) => able.has(signer));
  const behind = counted.reduce((sum, { signer }) => sum + able.get(signer)!, 0n);
  const total = seated.reduce((sum, { stake }) => sum + stake, 0n);
  return { signed: counted, behind, total, isQuorum: 2n * behind > total };
}
