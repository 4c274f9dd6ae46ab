// Sets of issuers: whose signatures a lender believes, as the chain has them now.
import { type CreditDeployment, issuersAbi } from '@murmuration/contracts';
import { type Address, type PublicClient, parseEventLogs, type TransactionReceipt, zeroAddress } from 'viem';
import type { Sender } from '../chain/index.ts';
import { NodeError } from '../errors.ts';

/** A point of Baby Jubjub. */
export interface IssuerPoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** A set of issuers in the latest block. */
export interface IssuerSetView {
  readonly set: bigint;
  readonly curator: Address;
  /** Signal `issuers` of a proof. */
  readonly root: bigint;
  /** By the index of their leaves; undefined where one was removed. */
  readonly keys: readonly (IssuerPoint | undefined)[];
  /** How often it was recalled. */
  readonly generation: bigint;
}

/** @throws NodeError `input` where there is no such set. */
export async function readIssuerSet(
  client: PublicClient,
  { issuers }: Pick<CreditDeployment, 'issuers'>,
  set: bigint,
): Promise<IssuerSetView> {
  const read = { address: issuers, abi: issuersAbi, args: [set] } as const;
  const [curator, root, keys, generation] = await Promise.all([
    client.readContract({ ...read, functionName: 'curatorOf' }),
    client.readContract({ ...read, functionName: 'rootOf' }),
    client.readContract({ ...read, functionName: 'keysOf' }),
    client.readContract({ ...read, functionName: 'generationOf' }),
  ]);
  if (curator === zeroAddress)
    throw new NodeError('input', `there is no set ${set} of issuers at ${issuers}`, {
      mend: 'Make one with `murmur credit curate`, or name another --set.',
    });
  const standing = keys.map((key) => (key.x === 0n ? undefined : key));
  return { set, curator, root, keys: standing, generation };
}

/** What a curator does with a set. */
export type Curation =
  | { readonly kind: 'add'; readonly key: IssuerPoint }
  | { readonly kind: 'rotate'; readonly index: bigint; readonly key: IssuerPoint }
  | { readonly kind: 'remove'; readonly index: bigint }
  | { readonly kind: 'recall' }
  | { readonly kind: 'hand-over'; readonly to: Address }
  | { readonly kind: 'take-over' };

/** Who sends, and where. */
interface Sending {
  readonly sender: Sender;
  readonly credit: Pick<CreditDeployment, 'issuers'>;
}

/** Makes an empty set of the sender's. @returns its number. */
export async function createIssuerSet({ sender, credit: { issuers } }: Sending): Promise<bigint> {
  const { logs } = await sender.send({ address: issuers, abi: issuersAbi, functionName: 'create', args: [] });
  return parseEventLogs({ abi: issuersAbi, eventName: 'SetCreated', logs })[0]!.args.set;
}

/** @throws Reverted where the contract refuses: `NotCurator`, `IssuerKnown`, `IssuerUnknown`, `KeyInvalid`, `SetFull`. */
export function curate(
  { sender, credit: { issuers: address } }: Sending,
  set: bigint,
  act: Curation,
): Promise<TransactionReceipt> {
  const abi = issuersAbi;
  switch (act.kind) {
    case 'add':
      return sender.send({ address, abi, functionName: 'add', args: [set, act.key] });
    case 'rotate':
      return sender.send({ address, abi, functionName: 'rotate', args: [set, act.index, act.key] });
    case 'remove':
      return sender.send({ address, abi, functionName: 'remove', args: [set, act.index] });
    case 'recall':
      return sender.send({ address, abi, functionName: 'recall', args: [set] });
    case 'hand-over':
      return sender.send({ address, abi, functionName: 'handOver', args: [set, act.to] });
    case 'take-over':
      return sender.send({ address, abi, functionName: 'takeOver', args: [set] });
  }
}

/** Revokes the record of this serial, which is public afterwards. @throws Reverted `AlreadyRevoked`. */
export function revokeSerial(
  { sender, credit: { issuers: address } }: Sending,
  serial: bigint,
): Promise<TransactionReceipt> {
  return sender.send({ address, abi: issuersAbi, functionName: 'revoke', args: [serial] });
}

/** When the record whose serial hashes to this was revoked, in seconds; undefined if it was not. */
export async function readRevocation(
  client: PublicClient,
  { issuers: address }: Pick<CreditDeployment, 'issuers'>,
  serialHash: bigint,
): Promise<bigint | undefined> {
  const at = await client.readContract({
    address,
    abi: issuersAbi,
    functionName: 'revokedAt',
    args: [serialHash],
  });
  return at === 0n ? undefined : at;
}
