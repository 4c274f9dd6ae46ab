// Money: the stake token's unit. Stakes, fees and bounties are counted in its smallest unit, 10^-18 of a
// token.

/** One token, in its smallest unit. */
export const token = 10n ** 18n;

/** An amount in whole tokens, to look at: the fraction is rounded to a double's precision. */
export const wholeTokens = (amount: bigint): number => Number(amount) / Number(token);

/** An amount in words. */
export const spokenTokens = (amount: bigint): string =>
  `${wholeTokens(amount)} ${amount === token ? 'token' : 'tokens'}`;
