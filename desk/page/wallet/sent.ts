// What a wallet has sent and the chain does not have yet: kept with the tab, so that a reload does not ask for it again.
import { signal } from '@preact/signals';

export interface Sent {
  /** What it was signed for. */
  readonly subject: string;
  readonly kind: 'calls' | 'transaction';
  /** Of the calls by their wallet's name, or a transaction's hash. */
  readonly id: string;
  readonly owner: string;
}

const key = 'murmuration-sent';

function read(): Sent | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Sent);
}

export const sent = signal<Sent | undefined>(read());

const askedKey = 'murmuration-asked-wallet';

/** What a wallet was being asked for when the page was reloaded: its window may be open still. */
export const askedBefore = signal<string | undefined>(sessionStorage.getItem(askedKey) ?? undefined);

/** Remembers a subject as long as the wallet is asked for it. */
export async function whileAsked<T>(subject: string, act: () => Promise<T>): Promise<T> {
  sessionStorage.setItem(askedKey, subject);
  try {
    return await act();
  } finally {
    sessionStorage.removeItem(askedKey);
  }
}

/** Says that no window of the wallet is open. */
export function forgetAsked(): void {
  sessionStorage.removeItem(askedKey);
  askedBefore.value = undefined;
}

export function rememberSent(what: Sent): Sent {
  sessionStorage.setItem(key, JSON.stringify(what));
  sent.value = what;
  return what;
}

export function forgetSent(): void {
  sessionStorage.removeItem(key);
  sent.value = undefined;
}
