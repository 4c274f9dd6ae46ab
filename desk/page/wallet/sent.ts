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

export function rememberSent(what: Sent): Sent {
  sessionStorage.setItem(key, JSON.stringify(what));
  sent.value = what;
  return what;
}

export function forgetSent(): void {
  sessionStorage.removeItem(key);
  sent.value = undefined;
}
