// What a wallet is asked to sign: every call with its words, from what the chain says now. Nothing here is sent.
import type { Deployment } from '@murmuration/contracts';
import type { Signing, WalletCall } from '@murmuration/desk';
import { type Address, encodeFunctionData, erc20Abi, type Hex, type PublicClient } from 'viem';
import { type Deed, ownerCalls, ownerDeeds, signConsent } from '../../../chain/index.ts';
import type { Signer } from '../../../protocol/index.ts';
import { ether, tokens } from '../../output/format.ts';
import { type Covering, readCover } from './cover.ts';
import type { OperatorView } from './wallet_view.ts';

/** Seconds for which the account's consent is good: enough to read what is signed. */
const consentLasts = 3600n;

/** A deed with its words. */
interface SaidDeed {
  readonly deed: Deed;
  readonly says: string;
}

export interface SigningPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
}

/**
 * What is missing of a seat, as the owner's calls: gas for the account, then adopting it, stake, and the task's mandate.
 * @param signer the account, which consents to its owner here.
 * @throws NodeError as `readCover`.
 */
export async function joinSigning(place: SigningPlace, wanted: Covering, signer: Signer): Promise<Signing> {
  const { client, deployment } = place;
  const { account, owner, task } = wanted;
  const cover = await readCover(client, deployment, wanted);
  if (!cover) return signingOf(place, owner, { before: [], deeds: [] });
  const { isOwned, bond, mandate, gas, has } = cover;
  const before: WalletCall[] = [];
  if (gas > 0n)
    before.push({
      to: account,
      value: `${gas}`,
      data: '0x',
      says: `sends ${ether(gas)} to ${account}, the account of this node, for gas`,
    });
  const deeds: SaidDeed[] = [];
  if (!isOwned) {
    const consent = await signConsent(
      { client, deployment, signer },
      { account, owner, valid: consentLasts },
    );
    const bonded = has.bonded + has.queued;
    const holds = bonded + has.credit > 0n;
    deeds.push({
      deed: ownerDeeds.adopt(consent),
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
  return signingOf(place, owner, { before, deeds });
}

/** Gets money out of one account that the wallet owns; no call where there is none. */
export function moneySigning(
  place: SigningPlace,
  owner: Address,
  what: 'claim' | 'queue' | 'withdraw',
  { address: account, claimable, free, withdrawable }: OperatorView,
): Promise<Signing> {
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
  return signingOf(place, owner, { before: [], deeds: amount > 0n ? [said] : [] });
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
