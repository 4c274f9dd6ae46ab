// What a wallet is asked to sign: every call with its words, from what the chain says now. Nothing here is sent.
import { type Deployment, marketplaceAbi } from '@murmuration/contracts';
import type { Signing, WalletCall } from '@murmuration/desk';
import { type Address, encodeFunctionData, erc20Abi, type Hex, type PublicClient } from 'viem';
import {
  type Consent,
  type Deed,
  ownerCalls,
  ownerDeeds,
  readMandate,
  readSeat,
  signConsent,
} from '../../../chain/index.ts';
import type { Signer } from '../../../protocol/index.ts';
import { ether, tokens } from '../../output/format.ts';
import { type Cover, type Covering, readCover } from './cover.ts';
import type { OperatorView } from './wallet_view.ts';

/** Seconds for which the account's consent is good: enough to read what is signed. */
const consentLasts = 3600n;

/** A deed with its words. */
export interface SaidDeed {
  readonly deed: Deed;
  readonly says: string;
}

export interface SigningPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
}

/** Who asks a wallet: for an account of this node, or for that of a host, which pays its own gas. */
export interface Asking {
  readonly gas: boolean;
  /** The account's word that the wallet shall own it. @throws NodeError where it has not given it */
  consent(): Promise<Consent>;
}

/** An account of this node asks, and consents by its own signature. */
export const asAccount = (
  { client, deployment }: SigningPlace,
  { account, owner }: Covering,
  signer: Signer,
): Asking => ({
  gas: true,
  consent: () => signConsent({ client, deployment, signer }, { account, owner, valid: consentLasts }),
});

/**
 * What is missing of a seat, as the owner's calls: gas for the account, then adopting it, stake, and the task's mandate.
 * @throws NodeError as `readCover`.
 */
export async function joinSigning(place: SigningPlace, wanted: Covering, asking: Asking): Promise<Signing> {
  const { account, owner } = wanted;
  const cover = await readCover(place.client, place.deployment, wanted);
  if (!cover) return signingOf(place, owner, { before: [], deeds: [] });
  const before: WalletCall[] = [];
  if (asking.gas && cover.gas > 0n)
    before.push({
      to: account,
      value: `${cover.gas}`,
      data: '0x',
      says: `sends ${ether(cover.gas)} to ${account}, the account of this node, for gas`,
    });
  const deeds = await coveringDeeds(wanted, cover, asking);
  return signingOf(place, owner, { before, deeds });
}

/** The owner's deeds that bring what is missing. */
export async function coveringDeeds(
  { account, task }: Covering,
  { isOwned, bond, mandate, has }: Cover,
  { consent }: Pick<Asking, 'consent'>,
): Promise<SaidDeed[]> {
  const deeds: SaidDeed[] = [];
  if (!isOwned) {
    const bonded = has.bonded + has.queued;
    const holds = bonded + has.credit > 0n;
    deeds.push({
      deed: ownerDeeds.adopt(await consent()),
      says:
        `makes the wallet the owner of ${account}: the wallet alone gets out stake and rewards` +
        (holds ? `, also the ${tokens(bonded)} of stake and ${tokens(has.credit)} earned that it has` : ''),
    });
  }
  if (bond > 0n)
    deeds.push({
      deed: ownerDeeds.bond({ account, amount: bond }),
      says: `brings ${tokens(bond)} tokens into the vault as stake of ${account}`,
    });
  if (mandate > 0n)
    deeds.push({
      deed: ownerDeeds.mandate({ account, amount: mandate, task }),
      says: `lets ${account} pledge ${tokens(mandate)} of stake to task ${task}`,
    });
  return deeds;
}

/** Takes back that an account may pledge stake to a task; no call where it may not. */
export async function takeBackSigning(
  place: SigningPlace,
  { account, owner, task }: Pick<Covering, 'account' | 'owner' | 'task'>,
): Promise<Signing> {
  const allowed = await readMandate(place.client, place.deployment, { task, account });
  const deed = ownerDeeds.mandate({ account, amount: 0n, task });
  const says = `takes back that ${account} may pledge stake to task ${task}`;
  return signingOf(place, owner, { before: [], deeds: allowed > 0n ? [{ deed, says }] : [] });
}

/** Frees what an account has pledged to a task that is over; anybody may. @throws NodeError `chain` while it is held */
export async function freeSigning(
  place: SigningPlace,
  { account, owner, task }: Pick<Covering, 'account' | 'owner' | 'task'>,
): Promise<Signing> {
  const { client, deployment } = place;
  const { pledged } = await readSeat(client, deployment, { task, account });
  if (pledged === 0n) return signingOf(place, owner, { before: [], deeds: [] });
  const call = releaseOf(deployment, { task, account });
  await client.simulateContract({ ...call, account: owner });
  const says = `frees the ${tokens(pledged)} that ${account} has pledged to task ${task}`;
  const before = [{ to: call.address, value: '0', data: encodeFunctionData(call), says }];
  return signingOf(place, owner, { before, deeds: [] });
}

/** The call that frees a pledge. */
export const releaseOf = (
  { marketplace }: Pick<Deployment, 'marketplace'>,
  { task, account }: Pick<Covering, 'task' | 'account'>,
) =>
  ({
    address: marketplace,
    abi: marketplaceAbi,
    functionName: 'release',
    args: [task, account],
  }) as const;

/** How money gets out of an account. */
export type MoneyDeed = 'claim' | 'queue' | 'withdraw';

/** Gets money out of one account that the wallet owns; no call where there is none. */
export function moneySigning(
  place: SigningPlace,
  owner: Address,
  what: MoneyDeed,
  operator: OperatorView,
): Promise<Signing> {
  const said = moneyDeed(what, operator);
  return signingOf(place, owner, { before: [], deeds: said ? [said] : [] });
}

/** The deed that gets money out; undefined where there is none. */
export function moneyDeed(
  what: MoneyDeed,
  { address: account, claimable, free, withdrawable }: OperatorView,
): SaidDeed | undefined {
  const [amount, said] = {
    claim: [
      claimable,
      {
        deed: ownerDeeds.claim(account),
        says: `pays the ${tokens(claimable)} earned by ${account} to the wallet`,
      },
    ],
    queue: [
      free,
      {
        deed: ownerDeeds.queue({ account, amount: free }),
        says: `takes ${tokens(free)} of stake of ${account} out of use, to leave once the vault's delay is over`,
      },
    ],
    withdraw: [
      withdrawable,
      {
        deed: ownerDeeds.withdraw(account),
        says: `pays ${tokens(withdrawable)} of stake of ${account} back to the wallet`,
      },
    ],
  }[what] as [bigint, SaidDeed];
  return amount > 0n ? said : undefined;
}

/** The calls each by itself, and together: the vault takes several of its own as one. */
async function signingOf(
  { client, deployment }: SigningPlace,
  owner: Address,
  { before, deeds }: { readonly before: readonly WalletCall[]; readonly deeds: readonly SaidDeed[] },
): Promise<Signing> {
  const { vault, token, chainId } = deployment;
  const takes = deeds.reduce((sum, { deed }) => sum + deed.takes, 0n);
  const allowed =
    takes === 0n
      ? 0n
      : await client.readContract({
          address: token,
          abi: erc20Abi,
          functionName: 'allowance',
          args: [owner, vault],
        });
  const call = (to: Address, data: Hex, says: string): WalletCall => ({ to, value: '0', data, says });
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [vault, takes] });
  const first = [
    ...before,
    ...(allowed < takes
      ? [call(token, approve, `lets the vault ${vault} take ${tokens(takes)} tokens from the wallet`)]
      : []),
  ];
  const each = deeds.map(({ deed, says }) => call(vault, deed.data, says));
  const all = deeds.map(({ deed }) => deed);
  const asOne =
    deeds.length === 0
      ? []
      : [call(vault, ownerCalls(deployment, all).at(-1)!.data, deeds.map(({ says }) => says).join('; '))];
  return { owner, chainId, calls: [...first, ...each], together: [...first, ...asOne] };
}
