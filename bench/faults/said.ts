// What a member said over all of its lives, held against itself and against the chain: nothing may have been said in
// two ways, and nothing shown that the chain does not name.
import type { Address } from 'viem';
import type { Journal } from '../../node/chain/index.ts';
import { isAddress, type Trace } from './fates.ts';

/** What contradicts itself, as lines. Empty for a member that died well. */
export function contradictions(account: Address, journal: Journal, { effects }: Trace): string[] {
  const found: string[] = [];
  const calls = effects.filter((effect) => effect.kind === 'call' && !isAddress(effect));
  const said = Map.groupBy(calls, ({ name }) => name);
  for (const [name, ways] of said) if (ways.length > 1) found.push(`${name} in ${ways.length} ways`);
  for (const { number } of journal.rounds)
    if (said.has(`abstain/${number}`) && said.has(`commitVote/${number}`))
      found.push(`voted and abstained in round ${number}`);
  const named = namedBy(journal);
  for (const effect of effects)
    if (effect.kind === 'put' && !isAddress(effect) && !named.has(effect.digest))
      found.push(`shows ${effect.digest.slice(0, 12)}, which ${account} has not named on the chain`);
  return found;
}

/** The digests of all contents that a task's chain names, without 0x. */
export function namedBy({ epochs, rounds, announcements }: Journal): ReadonlySet<string> {
  const keyShares = [...epochs.values()].flatMap(({ keys }) =>
    Array.from(keys.values(), ({ keyShare }) => keyShare),
  );
  const ofRounds = rounds.flatMap(({ model, modelAfter, proposals, submitted, sums }) => [
    model,
    ...(modelAfter ? [modelAfter] : []),
    ...proposals.map(({ digest }) => digest),
    ...[...submitted.update, ...submitted.probe].flatMap(({ digests }) => digests),
    ...[...sums.values()].flatMap(({ digests }) => digests),
  ]);
  const posts = announcements.map(({ digest }) => digest);
  return new Set([...keyShares, ...ofRounds, ...posts].map((digest) => digest.slice(2)));
}
