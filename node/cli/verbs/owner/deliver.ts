// How what an owner does leaves this machine: sent by an account of the keystore, or printed for a wallet elsewhere.
import type { Deployment } from '@murmuration/contracts';
import type { Address, PublicClient } from 'viem';
import { type Deed, ownerCalls, readOwner, rpcAddresses, sendDeeds } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import type { AccountSettings } from '../../command/flags.ts';
import { mayHold } from '../../open/account.ts';
import { openDeployment, openReader } from '../../open/deployment.ts';
import { openMember } from '../../open/member.ts';
import { checkMoney } from '../../open/money.ts';
import { print } from '../../output/format.ts';

/** What every deed of an owner is told. */
export type OwnerSettings = AccountSettings & { readonly calldata: boolean };

/** Where an owner's accounts are. */
export interface Place {
  readonly deployment: Deployment;
  readonly client: PublicClient;
}

export async function openPlace(settings: AccountSettings): Promise<Place> {
  const deployment = await openDeployment(settings);
  return { deployment, client: await openReader(settings, deployment) };
}

/** Who owns an account. @throws NodeError `input` where --account says somebody else. */
export async function ownerOf(settings: OwnerSettings, place: Place, operator: Address): Promise<Address> {
  const owner = await readOwner(place.client, place.deployment, operator);
  if (settings.account === undefined || settings.account === owner) return owner;
  throw new NodeError('input', `--account is ${settings.account}, but ${operator} is owned by ${owner}`);
}

/** Deeds, whose they are, and what is said when they are done. */
export interface Delivery {
  readonly owner: Address;
  readonly deeds: readonly Deed[];
  readonly result: Readonly<Record<string, unknown>>;
  readonly done: string;
}

/**
 * Does the deeds in one transaction, after an approval where they take tokens; with --calldata, prints both.
 * @throws NodeError `input` where the owner's key is not here, or it lacks tokens or ether.
 */
export async function deliver(settings: OwnerSettings, place: Place, delivery: Delivery): Promise<void> {
  const { owner, deeds, result, done } = delivery;
  const { deployment, client } = place;
  if (settings.calldata) {
    const calls = ownerCalls(deployment, deeds);
    // Without what a provider's address may have of a key.
    const node = rpcAddresses(settings.rpc)[0]!.name;
    const lines = calls.map(
      ({ to, data, call }) => `cast send ${to} ${data} --from ${owner} --rpc-url ${node}   # ${call}`,
    );
    return print(settings.json, { owner, ...result, calls }, lines.join('\n'));
  }
  const { keystore, json } = settings;
  if (!(await mayHold(keystore, owner)))
    throw new NodeError('input', `the owner ${owner} is not in ${keystore}`, {
      mend: 'Name another --keystore, or print what its wallet has to send with --calldata.',
    });
  const amount = deeds.reduce((sum, { takes }) => sum + takes, 0n);
  await checkMoney(client, deployment, owner, { amount, what: 'the stake' });
  const member = await openMember({ ...settings, account: owner }, deployment, 'owner');
  try {
    await sendDeeds({ sender: member.sender, deployment }, deeds);
  } finally {
    await member.close();
  }
  print(json, { owner, ...result }, done);
}
