// `owner adopt`, `owner bond`, `owner mandate`: what an owner gives an account to act with.
import type { Address } from 'viem';
import { type Deed, ownerDeeds, readTask } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import type { Settings } from '../../command/flag.ts';
import { readConsent } from '../../files/consent.ts';
import { checkTerms, readMembers } from '../../open/review.ts';
import { checkDeployment } from '../../open/trust.ts';
import { moment, tokens } from '../../output/format.ts';
import { deliver, openPlace, ownerOf, type Place } from './deliver.ts';
import type { adoptFlags, bondFlags, mandateFlags } from './flags.ts';

/** `owner adopt`. */
export async function adopt(settings: Settings<typeof adoptFlags>): Promise<void> {
  const { stake, task } = settings;
  if (task !== undefined && stake === undefined)
    throw new NodeError('input', '--task is given, but --stake is not: how much may be pledged is not said');
  const consent = await readConsent(settings.consent);
  const { account, owner, deadline } = consent;
  if (settings.account !== undefined && settings.account !== owner)
    throw new NodeError('input', `--account is ${settings.account}, but the consent names ${owner}`);
  const place = await openPlace(settings);
  const { timestamp } = await place.client.getBlock();
  if (timestamp > deadline)
    throw new NodeError('input', `the consent was good until ${moment(deadline)}, but that is over`, {
      mend: '`murmur owner consent` makes another.',
    });
  const given = await giving(settings, place, { account, stake, task });
  await deliver(settings, place, {
    owner,
    deeds: [ownerDeeds.adopt(consent), ...given],
    result: { operator: account, stake, task },
    done: [`${owner} owns ${account}`, said({ stake, task })].filter(Boolean).join('; '),
  });
}

/** `owner bond`. */
export async function bond(settings: Settings<typeof bondFlags>): Promise<void> {
  const { operator: account, stake, task } = settings;
  const place = await openPlace(settings);
  const owner = await ownerOf(settings, place, account);
  const deeds = await giving(settings, place, { account, stake, task });
  const result = { operator: account, stake, task };
  await deliver(settings, place, { owner, deeds, result, done: said({ stake, task }) });
}

/** `owner mandate`. */
export async function mandate(settings: Settings<typeof mandateFlags>): Promise<void> {
  const { operator: account, stake: amount, task } = settings;
  const place = await openPlace(settings);
  const owner = await ownerOf(settings, place, account);
  // What is taken back needs no review.
  if (amount > 0n) await reviewed(settings, place, task);
  const deeds = [ownerDeeds.mandate({ account, amount, task })];
  const result = { operator: account, mandate: amount, task };
  await deliver(settings, place, { owner, deeds, result, done: allowed(amount, task) });
}

interface Gift {
  readonly stake?: bigint | undefined;
  readonly task?: bigint | undefined;
}

/** The deeds that bond stake and allow it for a task, after what an account itself checks before it joins. */
async function giving(
  settings: { readonly cache: string; readonly acceptRisks: boolean },
  place: Place,
  { account, stake = 0n, task }: Gift & { readonly account: Address },
): Promise<Deed[]> {
  if (stake === 0n) return [];
  await checkDeployment({ ...place, keys: [], cache: settings.cache });
  if (task === undefined) return [ownerDeeds.bond({ account, amount: stake })];
  await reviewed(settings, place, task);
  return [ownerDeeds.bond({ account, amount: stake }), ownerDeeds.mandate({ account, amount: stake, task })];
}

/** @throws NodeError `task` unless it can be joined, `input` where its terms are a danger that is not accepted. */
async function reviewed(
  { acceptRisks }: { readonly acceptRisks: boolean },
  { client, deployment }: Place,
  task: bigint,
): Promise<void> {
  const posted = await readTask(client, deployment, task);
  if (posted.status !== 'open')
    throw new NodeError('task', `task ${task} is ${posted.status}: joining is over`);
  checkTerms({ ...posted, members: await readMembers(client, deployment, posted) }, acceptRisks);
}

const allowed = (amount: bigint, task: bigint): string => `${tokens(amount)} may be pledged to task ${task}`;

const said = ({ stake = 0n, task }: Gift): string =>
  stake === 0n ? '' : `${tokens(stake)} bonded${task === undefined ? '' : `; ${allowed(stake, task)}`}`;
