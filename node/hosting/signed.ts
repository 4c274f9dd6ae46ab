// What owner and host sign to each other (docs/encodings.md, "Signatures"): a host that a key is its own, an owner what a
// host may do, a host what became of it. Each counts on one chain and at one deployment alone.
import { type Address, type Hex, hashTypedData, type TypedDataDefinition } from 'viem';
import { peerDomain, type SigningDomain, signerOf } from '../protocol/index.ts';

const host = {
  Host: [
    { name: 'account', type: 'address' },
    { name: 'key', type: 'bytes32' },
  ],
} as const;

const hosting = {
  Hosting: [
    { name: 'task', type: 'uint256' },
    { name: 'terms', type: 'bytes32' },
    { name: 'owner', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'key', type: 'bytes32' },
    { name: 'role', type: 'string' },
    { name: 'stake', type: 'uint256' },
    { name: 'until', type: 'uint256' },
    { name: 'content', type: 'bytes32' },
  ],
} as const;

const receipt = {
  HostingReceipt: [
    { name: 'sealed', type: 'bytes32' },
    { name: 'task', type: 'uint256' },
    { name: 'operator', type: 'address' },
    { name: 'outcome', type: 'string' },
    { name: 'erased', type: 'uint256' },
  ],
} as const;

/** A host's word that what is sealed to a key only the holder of its account opens. */
export type HostMessage = TypedDataDefinition<typeof host, 'Host'>['message'];
/** An owner's mandate to a host: what it may do with which content, and until when. */
export type HostingMessage = TypedDataDefinition<typeof hosting, 'Hosting'>['message'];
/** A host's word on what became of a package. */
export type ReceiptMessage = TypedDataDefinition<typeof receipt, 'HostingReceipt'>['message'];

export const hostData = (domain: SigningDomain, message: HostMessage) =>
  ({ domain: peerDomain(domain), types: host, primaryType: 'Host', message }) as const;

export const hostingData = (domain: SigningDomain, message: HostingMessage) =>
  ({ domain: peerDomain(domain), types: hosting, primaryType: 'Hosting', message }) as const;

export const receiptData = (domain: SigningDomain, message: ReceiptMessage) =>
  ({ domain: peerDomain(domain), types: receipt, primaryType: 'HostingReceipt', message }) as const;

/** Whether an account signed it. */
export const isSignedBy = (account: Address, data: TypedDataDefinition, signature: Hex): boolean =>
  signerOf(hashTypedData(data), signature) === account;
