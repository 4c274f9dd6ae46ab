// Who a host is, by what it printed; and whether its consent lets somebody own its account.
import type { Deployment } from '@murmuration/contracts';
import { stakeVaultAbi } from '@murmuration/contracts';
import type { HostSeen } from '@murmuration/desk';
import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  isAddressEqual,
  type PublicClient,
} from 'viem';
import { type Consent, readOwner } from '../../../chain/index.ts';
import { NodeError } from '../../../errors.ts';
import { fingerprint, type HostIdentity, readIdentity } from '../../../hosting/index.ts';
import { parseConsent } from '../../files/consent.ts';
import { parseJson } from '../../files/read.ts';
import { domainOf } from '../../hosting/domain.ts';
import { moment } from '../../output/format.ts';

export interface HostPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
}

/** An identity that holds. @throws NodeError `input` for what is none, of another deployment, or altered */
export const identityOf = ({ deployment }: HostPlace, text: string): HostIdentity =>
  readIdentity(parseJson("the host's identity", text), domainOf(deployment));

/** The host as it is shown, before anything is given to it. */
export async function seeHost(place: HostPlace, text: string): Promise<HostSeen> {
  const { client, deployment } = place;
  const identity = identityOf(place, text);
  const { account, key } = identity;
  const [owner, ether] = await Promise.all([
    readOwner(client, deployment, account),
    client.getBalance({ address: account }),
  ]);
  return { account, key, fingerprint: fingerprint(identity), owner, ether: `${ether}` };
}

/**
 * The consent by which an owner takes a host's account on; undefined where it is the owner's already.
 * @throws NodeError `input` where it is missing, for somebody else, over, or not signed by the host
 */
export async function consentFor(
  { client, deployment }: HostPlace,
  { account, owner }: { readonly account: Address; readonly owner: Address },
  text: string | undefined,
): Promise<Consent | undefined> {
  const present = await readOwner(client, deployment, account);
  if (isAddressEqual(present, owner)) return undefined;
  const mend = `Ask the host for: murmur owner consent --owner ${owner}`;
  if (!isAddressEqual(present, account))
    throw new NodeError('input', `${account} is owned by ${present}, not by ${owner}`, {
      mend: 'Ask the host for another account: one serves one owner.',
    });
  if (text === undefined)
    throw new NodeError('input', `the host has not consented yet that ${owner} owns ${account}`, { mend });
  const consent = parseConsent("the host's consent", text);
  if (!isAddressEqual(consent.account, account))
    throw new NodeError('input', `the consent is of ${consent.account}, not of the host ${account}`, {
      mend,
    });
  if (!isAddressEqual(consent.owner, owner))
    throw new NodeError('input', `the consent is for ${consent.owner}, not for ${owner}`, { mend });
  const { timestamp } = await client.getBlock();
  if (timestamp > consent.deadline)
    throw new NodeError('input', `the consent was good until ${moment(consent.deadline)}, but that is over`, {
      mend,
    });
  const args = [account, consent.deadline, consent.signature] as const;
  await client
    .simulateContract({
      address: deployment.vault,
      abi: stakeVaultAbi,
      functionName: 'adopt',
      args,
      account: owner,
    })
    .catch((cause: unknown) => {
      const why =
        cause instanceof BaseError && cause.walk((each) => each instanceof ContractFunctionRevertedError);
      if (!(why instanceof ContractFunctionRevertedError)) throw cause;
      throw new NodeError(
        'input',
        `the vault refuses the consent: ${why.data?.errorName ?? why.shortMessage}`,
        {
          mend,
          cause,
        },
      );
    });
  return consent;
}
