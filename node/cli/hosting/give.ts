// What an owner gives to a host: a mandate that is held against the chain and the task, sealed with the file, and
// written down in the owner's own log before it leaves.
import type { Deployment } from '@murmuration/contracts';
import { type Address, type Hex, isAddressEqual, type PublicClient } from 'viem';
import { readOwner, readPosting, readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import {
  type HostedFile,
  type HostIdentity,
  type Mandate,
  mandateOf,
  maxPackage,
  packageWord,
  seal,
} from '../../hosting/index.ts';
import type { Examined } from '../../learn/index.ts';
import { digestOf } from '../../protocol/index.ts';
import type { SiteLog } from '../../site/index.ts';
import { readDescription } from '../open/review.ts';
import { domainOf } from './domain.ts';
import { checkFile } from './rows.ts';

/** Where an owner gives. */
export interface GivingPlace {
  readonly client: PublicClient;
  readonly deployment: Deployment;
  readonly settings: Parameters<typeof readDescription>[0];
}

/** To whom, and what it may do. */
export interface Gift {
  readonly host: Pick<HostIdentity, 'account' | 'key'>;
  readonly owner: Address;
  readonly task: bigint;
  readonly role: Mandate['role'];
  readonly stake: bigint;
  /** Seconds, chain time. */
  readonly until: bigint;
}

/**
 * The mandate for a file, once nothing speaks against it.
 * @throws NodeError `input` where the host's account is not the owner's, or the task would refuse the file.
 */
export async function drawMandate(
  { client, deployment, settings }: GivingPlace,
  { host, owner, ...what }: Gift,
  file: HostedFile,
): Promise<{ readonly mandate: Mandate; readonly examined: Examined }> {
  const { task } = what;
  const { account: operator, key } = host;
  const present = await readOwner(client, deployment, operator);
  if (!isAddressEqual(present, owner) || isAddressEqual(owner, operator))
    throw new NodeError('input', `${operator} is owned by ${present}, but ${owner} would sign`, {
      mend: 'Adopt it first, by the host’s `murmur owner consent`: `murmur owner adopt`.',
    });
  const posted = await readTask(client, deployment, task);
  const description = await readDescription(settings, deployment, posted);
  if (description === undefined)
    throw new NodeError(
      'input',
      `the description of task ${task} is not here, so the file cannot be checked`,
      { mend: 'Name the store that has it with --store.' },
    );
  const examined = await checkFile(file, description);
  const { terms } = await readPosting(client, deployment, task);
  return { mandate: mandateOf({ ...what, terms, operator, key }, owner, file), examined };
}

/** The package. @throws NodeError `input` where it is too large, or the mandate is not signed by its owner */
export function sealFor(
  deployment: Deployment,
  signed: { readonly mandate: Mandate; readonly signature: Hex },
  file: HostedFile,
): { readonly digest: Hex; readonly sealed: Uint8Array } {
  const sealed = seal(domainOf(deployment), signed, file);
  if (sealed.length > maxPackage)
    throw new NodeError(
      'input',
      `the package has ${sealed.length} bytes, but at most ${maxPackage} go in one`,
      { mend: 'Leave out columns that the task does not ask for.' },
    );
  return { digest: digestOf(sealed), sealed };
}

/**
 * Hands a package on, once the owner's log has that it leaves.
 * @param place by the content store, or as a file that a person hands on.
 */
export async function handOver<T>(
  log: Pick<SiteLog, 'leaving'>,
  {
    operator,
    sealed,
    place,
  }: { readonly operator: Address; readonly sealed: Uint8Array; readonly place: 'store' | 'file' },
  hand: () => Promise<T>,
): Promise<T> {
  const { became } = await log.leaving({
    place,
    what: packageWord,
    to: `the host ${operator}, who sees the rows`,
    bytes: sealed.length,
    digest: digestOf(sealed),
  });
  try {
    const handed = await hand();
    became('left');
    return handed;
  } catch (error) {
    became('unsure', { why: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
