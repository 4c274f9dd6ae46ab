// What speaks against joining, before anything is remembered or pledged: each in a sentence, with its mend.
import type { Deployment } from '@murmuration/contracts';
import type { Address, PublicClient } from 'viem';
import { type PostedTask, readStake } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { checkMoney } from '../../open/money.ts';
import { checkTerms, readMembers } from '../../open/review.ts';
import { tokens } from '../../output/format.ts';
import type { KeptFiles } from '../files/kept_files.ts';
import { matchAll } from '../files/match_all.ts';
import type { MarketView } from '../market/read_market.ts';
import { termsDigest } from '../market/terms_digest.ts';
import { readCover } from '../wallet/cover.ts';
import type { Wish } from './wish.ts';

/** Where a wish is held against the chain. */
export interface WishPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly files: KeptFiles;
  readonly market: Pick<MarketView, 'description'>;
}

/** A wish on a chain that was named. */
export type NamedWish = Wish & {
  readonly account: Address;
  readonly stake: string;
  readonly file: string;
};

/**
 * @param terms the digest of those that were shown.
 * @throws NodeError `task` or `input` of whatever speaks against it.
 */
export async function checkWish(
  place: WishPlace,
  { posted, wish, terms }: { readonly posted: PostedTask; readonly wish: NamedWish; readonly terms: string },
): Promise<void> {
  const { task, status, economics, parameters } = posted;
  if (status !== 'open') throw new NodeError('task', `joining is over: task ${task} is ${status}`);
  if (terms !== termsDigest(posted))
    throw new NodeError('task', `the terms of task ${task} are others than those that were shown`, {
      mend: 'Read them again: nothing has been pledged.',
    });
  const [taken, most] =
    wish.role === 'trainer'
      ? [posted.trainers.length, parameters.maxTrainers]
      : [posted.validators.length, parameters.maxValidators];
  if (taken >= most)
    throw new NodeError('task', `all ${most} seats of ${wish.role}s in task ${task} are taken`, {
      mend: 'Choose another task, or another seat.',
    });
  const stake = BigInt(wish.stake);
  if (stake < economics.minStake)
    throw new NodeError(
      'input',
      `task ${task} asks for ${tokens(economics.minStake)} tokens of stake at least, not ${tokens(stake)}`,
      { mend: 'Pledge more.' },
    );
  // Before a wallet brings stake: the account itself checks its terms again as it takes the seat.
  if (wish.owner !== undefined) {
    const members = await readMembers(place.client, place.deployment, posted);
    checkTerms({ ...posted, members }, wish.acceptRisks, () => undefined);
  }
  await checkBalance(place, wish, stake);
  await checkFile(place, posted, wish);
}

async function checkBalance(
  { client, deployment }: WishPlace,
  { task, role, account, owner: wallet }: NamedWish,
  stake: bigint,
): Promise<void> {
  if (wallet !== undefined) {
    const wanted = { task: BigInt(task), role, account, owner: wallet, stake };
    const cover = await readCover(client, deployment, wanted);
    return checkMoney(client, deployment, wallet, { amount: cover?.bond ?? 0n, what: 'the stake' });
  }
  const { free, owner } = await readStake(client, deployment, account);
  // What another owns is bonded by its owner: taking the seat says how.
  const missing = owner === account && free < stake ? stake - free : 0n;
  await checkMoney(client, deployment, account, { amount: missing, what: 'the stake' });
}

async function checkFile({ files, market }: WishPlace, posted: PostedTask, wish: NamedWish): Promise<void> {
  const task = `${posted.task}`;
  const description = await market.description(posted.task);
  if (!description)
    throw new NodeError('task', `what task ${task} asks for is not known: its description cannot be had`, {
      mend: 'Name a member that is up, with `murmur open --peer`.',
    });
  if (description.data.kind !== 'csv')
    throw new NodeError('task', `task ${task} takes no table, but the demonstration's digits`, {
      mend: `\`murmur ${wish.role} join\` and \`run\` take those.`,
    });
  if (description.model.kind === 'program')
    throw new NodeError('task', `the model of task ${task} is a program, which the desk does not start`, {
      mend: `\`murmur ${wish.role} join\` and \`run\` take it as --exec.`,
    });
  const file = await files.find(wish.file);
  const { reading } = wish;
  const source = files.source(file);
  const [match] = await matchAll({ source, reading, tasks: [{ task, spec: description.data }] });
  const { fits, says, columns, mends } = match!;
  if (fits === 'yes' || (fits === 'rows' && reading.dropFaulty)) return;
  const faults = columns
    .filter((column) => column.fits !== 'yes')
    .map(({ name, says }) => `${name}: ${says}`);
  throw new NodeError(
    'input',
    `${file.name} does not fit task ${task}: ${[...faults, ...says].slice(0, 4).join('; ')}`,
    {
      mend:
        fits === 'rows'
          ? 'Mend those rows, or leave them out.'
          : (mends[0] ?? 'Mend the file, or say how it is read.'),
    },
  );
}
