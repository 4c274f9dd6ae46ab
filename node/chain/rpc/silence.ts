// Who hears, while a question is still under way, that no node answers it. The error that ends the question comes after
// all tries, and for nodes that take connections and say nothing that is more than a minute later.
import type { PublicClient } from 'viem';
import type { ChainAway } from './error.ts';

/** Hears what a question would have ended with by now. It must not throw. */
export type SilenceListener = (error: ChainAway) => void;

/** Tells those who listen. */
export class Silence {
  readonly #listeners = new Set<SilenceListener>();

  /** @returns what ends the listening. */
  hear(listener: SilenceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(error: ChainAway): void {
    for (const listener of this.#listeners) listener(error);
  }
}

const silences = new WeakMap<PublicClient, Silence>();

/** The client, whose silence may be heard from now on. */
export function withSilence(client: PublicClient, silence: Silence): PublicClient {
  silences.set(client, silence);
  return client;
}

/** Hears of a client's silence, until the function that it returns is called. */
export const onSilence = (client: PublicClient, listener: SilenceListener): (() => void) =>
  silences.get(client)?.hear(listener) ?? (() => undefined);
