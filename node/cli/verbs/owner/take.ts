// `owner queue`, `owner withdraw`, `owner claim`: what an owner gets out of its accounts, all of them in one transaction.
import type { Address } from 'viem';
import { type Deed, ownerDeeds, readOperators, readStake, type StakeView } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import type { Settings } from '../../command/flag.ts';
import { chooseAccount } from '../../open/account.ts';
import { moment, print, tokens } from '../../output/format.ts';
import { deliver, type OwnerSettings, openPlace, ownerOf } from './deliver.ts';
import type { payFlags, queueFlags } from './flags.ts';

/** What moves of one account. */
interface Movement {
  readonly operator: Address;
  readonly amount: bigint;
  readonly deed: Deed;
}

/** `owner queue`. */
export async function queue(settings: Settings<typeof queueFlags>): Promise<void> {
  const { stake } = settings;
  if (stake !== undefined && settings.operator === undefined)
    throw new NodeError('input', '--stake is given, but --operator is not: whose it is is not said');
  await take(settings, 'put into the queue to leave', (account, { free }) => {
    const amount = stake ?? free;
    return { operator: account, amount, deed: ownerDeeds.queue({ account, amount }) };
  });
}

/** `owner withdraw`. */
export async function withdraw(settings: Settings<typeof payFlags>): Promise<void> {
  await take(settings, 'withdrawn', (operator, { bonded, queued, pledged, withdrawableAt }, now) => {
    const spare = bonded + queued - pledged;
    const due = withdrawableAt <= now;
    if (queued > 0n && !due)
      console.error(`${tokens(queued)} of ${operator} can be withdrawn from ${moment(withdrawableAt)}`);
    const amount = due ? (spare < queued ? spare : queued) : 0n;
    return { operator, amount, deed: ownerDeeds.withdraw(operator) };
  });
}

/** `owner claim`. */
export async function claim(settings: Settings<typeof payFlags>): Promise<void> {
  await take(settings, 'claimed', (operator, { credit }) => ({
    operator,
    amount: credit,
    deed: ownerDeeds.claim(operator),
  }));
}

/** Moves what there is of each account, and leaves out those of which nothing is. */
async function take(
  settings: OwnerSettings & { readonly operator?: Address },
  done: string,
  movement: (account: Address, stake: StakeView, now: bigint) => Movement,
): Promise<void> {
  const place = await openPlace(settings);
  const { client, deployment } = place;
  const one = settings.operator;
  const owner = one === undefined ? await ownerHere(settings) : await ownerOf(settings, place, one);
  const accounts = one === undefined ? await readOperators(client, deployment, owner) : [one];
  const { timestamp } = await client.getBlock();
  const movements: Movement[] = [];
  for (const account of accounts)
    movements.push(movement(account, await readStake(client, deployment, account), timestamp));
  const moved = movements.filter(({ amount }) => amount > 0n);
  const result = { moved: moved.map(({ operator, amount }) => ({ operator, amount })) };
  if (moved.length === 0) {
    const nothing = `nothing is ${done} of the ${accounts.length} accounts of ${owner}`;
    return print(settings.json, { owner, ...result }, nothing);
  }
  await deliver(settings, place, {
    owner,
    deeds: moved.map(({ deed }) => deed),
    result,
    done: moved.map(({ operator, amount }) => `${operator}: ${tokens(amount)} ${done}`).join('\n'),
  });
}

/** The owner that is named, which need not be in the keystore, or the keystore's. */
const ownerHere = async (settings: OwnerSettings): Promise<Address> =>
  settings.account ?? (await chooseAccount(settings));
