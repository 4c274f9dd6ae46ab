// What a closed round did to one member's stake, for its own log: nobody should find a loss at the end.
import type { Address } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { faultRule } from '../../ledger/index.ts';
import { figureUnit, spokenTokens } from '../../protocol/index.ts';

/** One line a slash and a strike of `account`; none where the round cost it nothing. */
export function ownRound(
  { number, penalties, settled }: Pick<RoundEntry, 'number' | 'penalties' | 'settled'>,
  account: Address,
): string[] {
  const slashes = penalties
    .filter((penalty) => penalty.account === account)
    .map(
      ({ fault, amount }) =>
        `round ${number}: it lost ${spokenTokens(amount)} of its stake: ${faultRule(fault)}`,
    );
  const strikes = settled
    .filter(({ trainer, struck }) => trainer === account && struck)
    .map(
      ({ seen, level }) =>
        `round ${number}: struck: its update points elsewhere than most of the validators' data want (cosine ` +
        `${(seen / figureUnit).toFixed(2)}); ${level} ${level === 1 ? 'strike stands' : 'strikes stand'}. What that ` +
        'holds of its stake: `murmur trainer status --explain`',
    );
  return [...slashes, ...strikes];
}
