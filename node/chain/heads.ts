// The latest block of a chain, looked at once for all who work on it in one process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hash, PublicClient } from 'viem';

/** What is used of a block's header. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hash;
  readonly parentHash: Hash;
  /** Seconds, chain time. */
  readonly timestamp: bigint;
  /** Wei; `null` on a chain without EIP-1559. */
  readonly baseFeePerGas: bigint | null;
}

/** How often a chain is looked at. */
export interface HeadSettings {
  /** Milliseconds for which a look serves those who come after it, at least 0: one of 0 serves nobody. */
  readonly freshFor: number;
}

/** Milliseconds between two looks of those who wait, at least. */
const leastPause = 50;

/** Milliseconds that a wait takes, at least. */
const breath = 10;

/** A time that may end early. */
interface Pause {
  readonly over: Promise<void>;
  end(): void;
}

/** The latest block, as this process last saw it. */
export class Heads {
  readonly #client: Pick<PublicClient, 'getBlock'>;
  readonly #freshFor: number;
  #known: { readonly head: Head; readonly at: number } | undefined;
  #asking: Promise<Head> | undefined;
  #tick: Pause | undefined;
  #outdated = 0;

  constructor(client: Pick<PublicClient, 'getBlock'>, { freshFor }: HeadSettings) {
    this.#client = client;
    this.#freshFor = freshFor;
  }

  /** How often what was known has been outdated: what was begun at another count does not serve any more. */
  get outdated(): number {
    return this.#outdated;
  }

  /** The latest block; of those who ask at the same time, or soon after one another, one is the asker. */
  async look(): Promise<Head> {
    if (this.#known && performance.now() - this.#known.at < this.#freshFor) return this.#known.head;
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** What is known does not count any more: this process has changed the chain. Those who wait look at once. */
  outdate(): void {
    this.#outdated += 1;
    this.#known = undefined;
    this.#asking = undefined;
    this.#tick?.end();
  }

  /**
   * Resolves when the chain has come to a block, when the time is over, or when the signal aborts. All who wait share
   * one look at a time. A look that fails ends the wait: who waited meets the failure by itself.
   */
  async reaching(number: bigint, { signal, atMost }: Waiting): Promise<void> {
    const until = performance.now() + atMost;
    const { promise: aborted, resolve: end } = Promise.withResolvers<void>();
    const onAbort = () => end();
    if (signal.aborted) end();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // Also where the block is there by now: who cannot read it yet must not ask for it without a pause.
      await Promise.race([sleep(breath), aborted]);
      while (
        !signal.aborted &&
        performance.now() < until &&
        !(this.#known && this.#known.head.number >= number)
      ) {
        this.#tick ??= this.#pause();
        await Promise.race([this.#tick.over, aborted]);
        const head = signal.aborted ? undefined : await this.look().catch(() => undefined);
        if (!head || head.number >= number) return;
      }
    } finally {
      // A role waits again and again under one signal, for as long as it lives.
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The time between two looks of those who wait. */
  #pause(): Pause {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const end = () => {
      clearTimeout(timer);
      this.#tick = undefined;
      resolve();
    };
    const timer = setTimeout(end, Math.max(this.#freshFor, leastPause));
    return { over, end };
  }

  #ask(): Promise<Head> {
    const at = performance.now();
    const asked: Promise<Head> = this.#client.getBlock().then((head) => {
      if (this.#asking === asked) this.#known = { head, at };
      return head;
    });
    const forget = () => {
      if (this.#asking === asked) this.#asking = undefined;
    };
    asked.then(forget, forget);
    return asked;
  }
}

/** How long somebody waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly atMost: number;
}
