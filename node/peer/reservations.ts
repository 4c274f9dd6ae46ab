// Places at relays, kept: who has no inbound port is reached through them. A relay that is gone is asked again after
// longer and longer pauses; meanwhile the others serve.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Relay } from './address.ts';
import { lineReason } from './failure.ts';
import { dialDirectly, type Host } from './host.ts';

/** What keeps places. */
export interface ReservationSettings {
  readonly host: Host;
  /** The relays at which this peer should have a place now, first ones first. */
  wanted(): readonly Relay[];
  /** Places at the same time, at most. */
  readonly atMost: number;
  /** Milliseconds for one try. */
  readonly patience: number;
  /** Hears of a relay that has no place for this peer, once, and when it has one. */
  tell(relay: string, failure: string | undefined): void;
}

/** Milliseconds between two looks. */
const pause = 1000;

/** Milliseconds between two tries at a relay, at most. */
const longestPause = 30_000;

/** Keeps places until the signal fires; resolves then. */
export async function keepPlaces(settings: ReservationSettings, signal: AbortSignal): Promise<void> {
  const { host, wanted, atMost, patience, tell } = settings;
  const tries = new Map<string, { readonly times: number; readonly next: number }>();
  const told = new Map<string, boolean>();

  function say(relay: string, failure: string | undefined) {
    const isThere = failure === undefined;
    if (told.get(relay) === isThere) return;
    told.set(relay, isThere);
    tell(relay, failure);
  }

  async function take(relay: Relay): Promise<void> {
    const { peer } = relay;
    try {
      await dialDirectly(host.libp2p, relay, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
      await host.places.take(peer);
      tries.delete(peer);
      say(peer, undefined);
    } catch (error) {
      if (signal.aborted) return;
      const times = (tries.get(peer)?.times ?? 0) + 1;
      tries.set(peer, { times, next: performance.now() + Math.min(pause * 2 ** times, longestPause) });
      say(peer, lineReason(error));
    }
  }

  while (!signal.aborted) {
    const held: string[] = [];
    const due: Relay[] = [];
    for (const relay of wanted())
      if (host.places.has(relay.peer)) held.push(relay.peer);
      else if ((tries.get(relay.peer)?.next ?? 0) <= performance.now()) due.push(relay);
    await Promise.all(due.slice(0, Math.max(0, atMost - held.length)).map(take));
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
