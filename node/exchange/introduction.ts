// How members come to know each other beyond the chain: whoever connects shows its registration, and is told those that
// the other one knows. Each is signed by its account and its peer, so that nobody can be made up, and counts where its
// account may take part.
import type { Address } from 'viem';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { type AddressBook, bucket, type Caller, type Peer, type Registration } from '../peer/index.ts';

/** The protocol of introductions. */
export const introductionProtocol = '/murmuration/introduction/1';

/** Bytes of a registration, at most. */
const maxRegistration = 8192;
/** Registrations that one answer tells. */
const mostTold = 256;
/** Signatures of strangers that are looked at in a second, and at once: each takes some milliseconds. */
const strangers = { perSecond: 10, atOnce: 50 };

const told = z.array(z.object({ account: z.string(), sequence: z.int() }).loose()).max(mostTold);

/** Serves introductions, until the function that it returns is called. */
export function serveIntroductions(peer: Peer, book: AddressBook): () => void {
  const patience = bucket(strangers.perSecond, strangers.atOnce);
  return peer.serve(introductionProtocol, {
    maxRequest: maxRegistration,
    async open(request, caller) {
      if (request.length > 0) await meet(request, caller);
      return encode(book.all().slice(-mostTold));
    },
  });

  async function meet(request: Uint8Array, { peer: id, account }: Caller): Promise<void> {
    const shown = registrationIn(request);
    if (shown.peer !== id)
      throw new NodeError('peer', `introduction: ${id} shows a registration of ${shown.peer}`);
    if (isKnown(book, shown)) return;
    if (account === undefined && !patience.take(1))
      throw new NodeError('peer', 'introduction: too many strangers show registrations');
    await book.add(shown);
  }
}

/**
 * Introduces an account to a connected peer, and takes the registrations that it tells into the book.
 *
 * @param registration its own; undefined for one that only looks.
 * @returns how many were news.
 * @throws NodeError `wire` for an answer that is no list; what the request throws.
 */
export async function introduce(
  { peer, book }: { readonly peer: Peer; readonly book: AddressBook },
  to: string,
  { registration, signal }: { readonly registration: Registration | undefined; readonly signal: AbortSignal },
): Promise<number> {
  const reply = await peer.ask(to, {
    protocol: introductionProtocol,
    message: registration ? encode(registration) : new Uint8Array(0),
    maxReply: mostTold * maxRegistration,
    signal,
  });
  const parsed = told.safeParse(jsonIn(reply));
  if (!parsed.success) throw new NodeError('wire', `introduction: ${to} answers with no list`);
  let news = 0;
  for (const each of parsed.data) {
    signal.throwIfAborted();
    if (isKnown(book, each)) continue;
    // One that is forged, or of an account that may not take part, says nothing of the others.
    if (await book.add(each).catch(() => false)) news += 1;
  }
  return news;
}

/** Whether the book has the account's registration, or a newer one: no signature needs to be looked at. */
function isKnown(book: AddressBook, { account, sequence }: { account: string; sequence: number }): boolean {
  const known = book.registrationOf(account as Address);
  return known !== undefined && known.sequence >= sequence;
}

const shownForm = z.object({ account: z.string(), peer: z.string(), sequence: z.int() }).loose();

function registrationIn(bytes: Uint8Array) {
  const parsed = shownForm.safeParse(jsonIn(bytes));
  if (!parsed.success) throw new NodeError('wire', 'introduction: what is shown is no registration');
  return parsed.data;
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
