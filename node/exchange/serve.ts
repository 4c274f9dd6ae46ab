// Gives contents to whoever asks, at a pace: an account has its own, all strangers together have one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Hex } from 'viem';
import type { Caller } from '../peer/index.ts';
import type { FolderStore } from '../store/index.ts';
import { chainOf, pieceBytes, piecesOf, tailBytes, verifyPiece, verifyTail } from './pieces.ts';
import { type ContentRequest, decodeRequest, encodePiece, encodeTail, here, notHere } from './wire.ts';

/** Bytes a second that are given away, averaged over ten seconds. */
export interface Pace {
  /** To one account. */
  readonly member: number;
  /** To all strangers together. */
  readonly strangers: number;
}

/** What a member gives unless it is told. */
export const defaultPace: Pace = { member: 32 * 2 ** 20, strangers: 2 * 2 ** 20 };

/** Seconds whose bytes may go at once. */
const burst = 10;

/** Contents whose states are remembered: 32 bytes a piece. */
const mostChains = 256;

/** Answers requests for contents from a folder. */
export function contentServer(
  blocks: Pick<FolderStore, 'sizeOf' | 'part'>,
  pace: Pace = defaultPace,
): (request: Uint8Array, caller: Caller, signal: AbortSignal) => Promise<Uint8Array> {
  const chains = new Map<Hex, Promise<readonly Uint8Array[] | undefined>>();
  const meters = new Map<Address | 'strangers', (bytes: number) => number>();

  /** The states of a content; undefined where the disk has damaged it. */
  function statesOf(digest: Hex, size: number): Promise<readonly Uint8Array[] | undefined> {
    const known = chains.get(digest);
    if (known) return known;
    const made = chainOf(size, (at, length) => blocks.part(digest, at, length)).then((chain) =>
      chain.digest === digest ? chain.states : undefined,
    );
    // What could not be read, or is damaged, may be mended.
    made.then((states) => states ?? chains.delete(digest)).catch(() => chains.delete(digest));
    chains.set(digest, made);
    const [oldest] = chains.keys();
    if (chains.size > mostChains && oldest !== undefined) chains.delete(oldest);
    return made;
  }

  async function answer(request: ContentRequest): Promise<Uint8Array> {
    const { digest } = request;
    const size = await blocks.sizeOf(digest);
    if (size === undefined) return notHere;
    if (request.want === 'have') return here;
    const states = await statesOf(digest, size);
    const last = piecesOf(size) - 1;
    const index = request.want === 'piece' ? request.index : last;
    const state = states?.[index];
    if (states === undefined || state === undefined) return notHere;
    const bytes = await blocks.part(
      digest,
      index * pieceBytes,
      index === last ? tailBytes(size) : pieceBytes,
    );
    // The disk may have damaged it since: a false piece would be taken for a lie.
    const isTrue =
      index === last
        ? verifyTail(digest, { length: size, state, bytes })
        : verifyPiece({ state, bytes }, index, states[index + 1]!);
    if (!isTrue) {
      chains.delete(digest);
      return notHere;
    }
    return request.want === 'tail'
      ? encodeTail({ length: size, state, bytes })
      : encodePiece({ state, bytes });
  }

  function meterOf({ account }: Caller): (bytes: number) => number {
    const of = account ?? 'strangers';
    const known = meters.get(of);
    if (known) return known;
    const made = meter(account === undefined ? pace.strangers : pace.member);
    meters.set(of, made);
    return made;
  }

  return async (request, caller, signal) => {
    const reply = await answer(decodeRequest(request));
    const wait = meterOf(caller)(reply.length);
    if (wait > 0) await sleep(wait, undefined, { signal });
    return reply;
  };
}

/** Takes bytes, and says how many milliseconds to wait before they go. */
function meter(perSecond: number): (bytes: number) => number {
  let free = 0;
  return (bytes) => {
    const now = performance.now();
    free = Math.max(free, now - burst * 1000) + (bytes / perSecond) * 1000;
    return free - now;
  };
}
