// Whose runs they are: the example's own account and rows, or accounts of the keystore and files that were given.
import { NodeError } from '../../../errors.ts';
import type { UnlockedAccount } from '../../../keystore/index.ts';
import type { OwnData } from '../../../learn/index.ts';
import type { Reachability } from '../../../peer/index.ts';
import type { Listing } from '../../../roles/index.ts';
import { type ReachedSettings, reachabilityOf } from '../../open/reachability.ts';
import type { DeskAccounts } from '../accounts.ts';
import type { Example } from '../example.ts';
import type { Wish } from './wish.ts';

/** What of a site's own its runs work with. */
export interface RunOwn {
  /** The account that acts. @throws NodeError `input` where the wish names none */
  accountOf(wish: Wish): string;
  /** The same, able to sign; undefined while it is locked. */
  unlocked(wish: Wish): UnlockedAccount | undefined;
  stakeOf(wish: Wish): bigint;
  listingOf(wish: Wish): Listing;
  /** Rows where no file is given. @throws NodeError `input` where there are none */
  rows(wish: Wish): OwnData;
  readonly reachability: Reachability;
}

const unlisted: Listing = { weight: 1, proof: [] };

/** The example's. Its other members are on this machine. */
export const ownOfExample = ({
  free: { account, stake, listing = unlisted },
  rowsOf,
}: Pick<Example, 'free' | 'rowsOf'>): RunOwn => ({
  accountOf: () => account.account.address,
  unlocked: () => account,
  stakeOf: () => stake,
  listingOf: () => listing,
  rows({ task }) {
    const rows = rowsOf(BigInt(task));
    if (rows) return rows;
    throw new NodeError('input', `the example has no rows for task ${task}`, {
      mend: 'Give a file that fits it.',
    });
  },
  reachability: { listen: ['/ip4/127.0.0.1/tcp/0'] },
});

/** Those of a keystore. @throws NodeError `input` where flags of the network contradict each other */
export function ownOfKeystore(accounts: Pick<DeskAccounts, 'unlocked'>, reached: ReachedSettings): RunOwn {
  const named = <T>(value: T | undefined, what: string): T => {
    if (value !== undefined) return value;
    throw new NodeError('input', `the run names no ${what}`, { mend: 'Join again with one.' });
  };
  return {
    accountOf: ({ account }) => named(account, 'account'),
    unlocked: ({ account }) => accounts.unlocked(named(account, 'account')),
    stakeOf: ({ stake }) => BigInt(named(stake, 'stake')),
    listingOf: ({ listing = unlisted }) => listing,
    rows: ({ task }) => {
      throw new NodeError('input', `no rows are given for task ${task}`, {
        mend: 'Give a file that fits it.',
      });
    },
    reachability: reachabilityOf(reached),
  };
}
