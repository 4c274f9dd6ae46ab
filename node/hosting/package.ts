// A package: an owner's file, how it is read, and the mandate that says what a host may do with it, under one seal.
import { concatBytes } from '@noble/ciphers/utils.js';
import { type Address, type Hex, hexToBytes } from 'viem';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { type Reading, readingOptions } from '../learn/index.ts';
import { canonicalBytes } from '../protocol/canonical_json.ts';
import {
  accountSchema,
  digestOf,
  type Signer,
  type SigningDomain,
  signatureSchema,
} from '../protocol/index.ts';
import { openBox, sealTo } from './box.ts';
import { hashSchema } from './identity.ts';
import { type HostingMessage, hostingData, isSignedBy } from './signed.ts';

/** What a site's log calls a package. */
export const packageWord = 'package for a host';
/** Bytes of a package, at most. */
export const maxPackage = 512 * 2 ** 20;
/** Bytes before the file, at most. */
const maxHeader = 64 * 1024;

const numberSchema = z
  .string()
  .regex(/^\d{1,78}$/, 'a decimal number')
  .transform(BigInt);

const mandateSchema = z.strictObject({
  task: numberSchema,
  terms: hashSchema,
  owner: accountSchema,
  operator: accountSchema,
  key: hashSchema,
  role: z.enum(['trainer', 'validator']),
  stake: numberSchema,
  until: numberSchema,
  content: hashSchema,
});
const headerSchema = z.strictObject({
  format: z.literal('murmuration-hosting/1'),
  mandate: mandateSchema,
  signature: signatureSchema,
  kind: z.enum(['csv', 'parquet']),
  reading: readingOptions,
});

/** What an owner lets a host do. */
export type Mandate = z.output<typeof mandateSchema>;

/** An owner's rows and how they are read. */
export interface HostedFile {
  readonly kind: 'csv' | 'parquet';
  readonly reading: Reading;
  /** Whoever has them overwrites them after use. */
  readonly bytes: Uint8Array;
}

/** What is in a package. */
export interface Opened {
  readonly mandate: Mandate;
  readonly file: HostedFile;
}

/** The digest that the mandate names: kind, reading and bytes, so that the host cannot read the rows another way. */
export const contentOf = ({ kind, reading, bytes }: HostedFile) =>
  digestOf(concatBytes(canonicalBytes({ kind, reading }), Uint8Array.of(0), bytes));

/** An owner's mandate for a file. */
export const mandateOf = (
  terms: Omit<Mandate, 'owner' | 'content'>,
  owner: Address,
  file: HostedFile,
): Mandate => ({ ...terms, owner, content: contentOf(file) });

/** Signs the mandate and seals it with the file. */
export async function pack(
  { signer, domain }: { readonly signer: Signer; readonly domain: SigningDomain },
  terms: Omit<Mandate, 'owner' | 'content'>,
  file: HostedFile,
): Promise<Uint8Array> {
  const mandate = mandateOf(terms, signer.address, file);
  const signature = await signer.signTypedData(hostingData(domain, mandate));
  return seal(domain, { mandate, signature }, file);
}

/**
 * Seals a mandate that its owner has signed elsewhere, in a wallet say, with its file.
 * @throws NodeError `input` where somebody else has signed it, or the file is another.
 */
export function seal(
  domain: SigningDomain,
  { mandate, signature }: { readonly mandate: Mandate; readonly signature: Hex },
  file: HostedFile,
): Uint8Array {
  if (contentOf(file) !== mandate.content)
    throw new NodeError('input', 'the file is not the one that the mandate was signed for', {
      mend: 'It was changed meanwhile: sign again.',
    });
  if (!isSignedBy(mandate.owner, hostingData(domain, mandate), signature))
    throw new NodeError('input', `the mandate is not signed by ${mandate.owner}`, {
      mend: 'Sign with that account itself: a contract, such as a wallet of several people, cannot sign here.',
    });
  const { kind, reading, bytes } = file;
  const { task, stake, until } = mandate;
  const named = { ...mandate, task: `${task}`, stake: `${stake}`, until: `${until}` };
  const header = canonicalBytes({
    format: 'murmuration-hosting/1',
    mandate: named,
    signature,
    kind,
    reading,
  });
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length);
  const plain = concatBytes(length, header, bytes);
  const sealed = sealTo(hexToBytes(mandate.key), plain);
  plain.fill(0);
  return sealed;
}

/**
 * Opens a package, and checks what can be checked without the chain.
 * @throws NodeError `input` for what is for another host, altered, or not signed by the owner that it names.
 */
export function unpack(
  box: Uint8Array,
  host: {
    readonly secret: Uint8Array;
    readonly key: string;
    readonly account: Address;
    readonly domain: SigningDomain;
  },
): Opened {
  const plain = openBox(host.secret, box);
  try {
    const { mandate, signature, kind, reading, bytes } = split(plain);
    if (mandate.operator !== host.account || mandate.key !== host.key)
      throw refused(`its mandate is for the host ${mandate.operator}, but this one is ${host.account}`);
    if (mandate.owner === mandate.operator)
      throw refused('its mandate names one account as owner and as host');
    const message: HostingMessage = mandate;
    if (!isSignedBy(mandate.owner, hostingData(host.domain, message), signature))
      throw refused(`its mandate is not signed by ${mandate.owner} for this chain and deployment`);
    const file = { kind, reading, bytes };
    if (contentOf(file) !== mandate.content) throw refused('its file is not the one that the mandate is for');
    return { mandate, file };
  } catch (error) {
    plain.fill(0);
    throw error;
  }
}

/** What the chain and the host's command say beside a package. */
export interface Standing {
  /** Who owns the operator's account. */
  readonly owner: Address;
  readonly terms: string;
  /** Seconds, chain time. */
  readonly now: bigint;
  /** The task that the host expects, where it says one. */
  readonly task?: bigint | undefined;
}

/** @throws NodeError `input` where the mandate does not stand: other task, terms or owner, or it is over. */
export function checkStanding(mandate: Mandate, { owner, terms, now, task }: Standing): void {
  if (task !== undefined && task !== mandate.task)
    throw refused(`its mandate is for task ${mandate.task}, not ${task}`);
  if (mandate.until <= now) throw refused('its mandate is over');
  if (mandate.terms !== terms) throw refused(`its mandate is for other terms than task ${mandate.task} has`);
  if (mandate.owner !== owner)
    throw refused(
      `its mandate is of ${mandate.owner}, but ${mandate.operator} is owned by ${owner}`,
      'The owner adopts the account first: `murmur owner adopt`.',
    );
}

const refused = (what: string, mend = 'Ask the owner for another package: `murmur host pack`.'): NodeError =>
  new NodeError('input', `the package is refused: ${what}`, { mend });

function split(plain: Uint8Array) {
  const length = plain.length < 4 ? 0 : new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (length === 0 || length > maxHeader || 4 + length > plain.length)
    throw refused('it has no header of this version');
  const parsed = headerSchema.safeParse(jsonOf(plain.subarray(4, 4 + length)));
  if (!parsed.success) throw refused(`its header breaks the schema: ${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, bytes: plain.subarray(4 + length) };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NodeError('input', 'the package is refused: its header is no JSON', { cause });
  }
}
