// The wallets of this browser, which announce themselves (EIP-6963). Their icons are not shown: the page's policy loads
// nothing but its own files.
import { signal } from '@preact/signals';
import type { EIP1193Provider } from 'viem';

/** A wallet that has announced itself. */
export interface Announced {
  readonly uuid: string;
  /** As it calls itself, for people. */
  readonly name: string;
  /** The same at every load of the page, such as `io.metamask`. */
  readonly rdns: string;
  readonly provider: EIP1193Provider;
}

/** Wallets that are shown, at most: a page's other scripts may announce as many as they like. */
const most = 20;
const longest = 60;

export const announced = signal<readonly Announced[]>([]);

addEventListener('eip6963:announceProvider', (event) => {
  const wallet = read((event as CustomEvent<unknown>).detail);
  if (!wallet) return;
  const others = announced.value.filter(({ uuid }) => uuid !== wallet.uuid);
  if (others.length < most) announced.value = [...others, wallet];
});

/** Asks wallets that were there before the page to announce themselves again. */
export const seek = (): unknown => dispatchEvent(new Event('eip6963:requestProvider'));

/** An announcement; undefined where it is none. */
function read(detail: unknown): Announced | undefined {
  const { info, provider } = recordOf(detail);
  const { uuid, name, rdns } = recordOf(info);
  if (typeof uuid !== 'string' || typeof name !== 'string' || typeof rdns !== 'string') return undefined;
  const { request, on } = recordOf(provider);
  if (typeof request !== 'function' || typeof on !== 'function') return undefined;
  return { uuid, name: plain(name), rdns: plain(rdns), provider: provider as EIP1193Provider };
}

const recordOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? value : {});

/** What is looked for in what somebody else has made. */
type Fields = Partial<Record<'info' | 'provider' | 'uuid' | 'name' | 'rdns' | 'request' | 'on', unknown>>;

/** Without what hides or turns text around. */
const plain = (text: string): string =>
  text.replaceAll(/\p{C}/gu, '').slice(0, longest) || 'a wallet without a name';

// Last: a wallet answers at once, and all above is there then.
seek();
