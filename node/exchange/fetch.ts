// Fetches a content from whoever is connected and has it: piece by piece, each verified as it comes, from one peer after
// the other until the content is whole. What was verified stays when a peer breaks off, also for the next call.
import type { Hex } from 'viem';
import type { Peer } from '../peer/index.ts';
import { checkContent, oversized, StoreError } from '../store/index.ts';
import { pieceBytes, piecesOf, verifyPiece, verifyTail } from './pieces.ts';
import { contentProtocol, decodePiece, decodeTail, encodeRequest, isHere, maxContentReply } from './wire.ts';

/** Milliseconds that a peer may take for one answer: little as long as another one may be faster, then more. */
const patience = [5_000, 20_000] as const;

/** Milliseconds for which a peer that sent false bytes is asked for nothing, unless it is said. */
const defaultShunned = 60_000;

/** Contents that are begun and not whole, at most; the oldest one is forgotten. */
const mostBegun = 16;

/** A content on its way. */
interface Begun {
  readonly bytes: Uint8Array;
  /** Pieces that are missing: those before this one. */
  missing: number;
  /** The state after them. */
  after: Uint8Array;
}

/** How a fetch goes on, for those who watch: bytes that are here, of all. */
export type Progress = (digest: Hex, done: number, of: number) => void;

/** How contents are fetched. */
export interface FetchSettings {
  readonly progress?: Progress;
  /** Milliseconds for which a peer that sent false bytes is asked for nothing. */
  readonly shunned?: number;
}

/** Why one peer did not give a content. */
type Failure = 'absent' | 'silent' | 'false';

/** Fetches contents from the connected peers. */
export class Fetcher {
  readonly #peer: Pick<Peer, 'ask' | 'connected'>;
  readonly #progress: Progress;
  readonly #shunnedFor: number;
  readonly #begun = new Map<Hex, Begun>();
  readonly #shunned = new Map<string, number>();

  constructor(
    peer: Pick<Peer, 'ask' | 'connected'>,
    { progress = () => undefined, shunned = defaultShunned }: FetchSettings = {},
  ) {
    this.#peer = peer;
    this.#progress = progress;
    this.#shunnedFor = shunned;
  }

  /**
   * The content of a digest, verified.
   * @throws StoreError `missing` where nobody who answers has it, `unreachable` where nobody answers, `wrong` where
   * all who have it send something else, `oversized`.
   */
  async fetch(digest: Hex, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const failures: Failure[] = [];
    const slow: string[] = [];
    const [little, more] = patience;
    const tryFrom = async (holder: string, most: number) => {
      const found = await this.#from(holder, digest, { maxBytes, most, signal });
      if (typeof found !== 'string') return found;
      failures.push(found);
      if (found === 'silent' && most === little) slow.push(holder);
      return undefined;
    };
    for await (const holder of this.#holders(digest, { failures, signal })) {
      const found = await tryFrom(holder, little);
      if (found) return found;
    }
    for (const holder of slow) {
      const found = await tryFrom(holder, more);
      if (found) return found;
    }
    throw this.#failure(digest, failures);
  }

  /**
   * Those of the connected peers who say that they have the content, as they answer: the fastest one first. Who says
   * nothing within the shorter patience keeps nobody from learning that it is missing.
   */
  async *#holders(
    digest: Hex,
    { failures, signal }: { failures: Failure[]; signal: AbortSignal },
  ): AsyncGenerator<string> {
    const asked = new Map<string, Promise<{ peer: string; has: boolean | undefined }>>();
    const message = encodeRequest({ want: 'have', digest });
    for (const { peer } of this.#peer.connected()) {
      if ((this.#shunned.get(peer) ?? 0) > performance.now()) continue;
      asked.set(
        peer,
        this.#ask(peer, message, { most: patience[0], signal }).then(
          (reply) => ({ peer, has: isHere(reply) }),
          () => ({ peer, has: undefined }),
        ),
      );
    }
    while (asked.size > 0) {
      const { peer, has } = await Promise.race(asked.values());
      signal.throwIfAborted();
      asked.delete(peer);
      if (has) yield peer;
      else failures.push(has === false ? 'absent' : 'silent');
    }
  }

  /** The content from one peer, or why it did not come. */
  async #from(
    peer: string,
    digest: Hex,
    { maxBytes, most, signal }: { maxBytes: number; most: number; signal: AbortSignal },
  ): Promise<Uint8Array | Failure> {
    const want = (request: Parameters<typeof encodeRequest>[0]) =>
      this.#ask(peer, encodeRequest(request), { most, signal });
    try {
      let begun = this.#begun.get(digest);
      if (!begun) {
        const tail = decodeTail(await want({ want: 'tail', digest }));
        if (!tail) return 'absent';
        if (!verifyTail(digest, tail)) return this.#shun(peer);
        // Before memory is given to it: who asks said how much it is ready to hold.
        checkSize(digest, tail.length, maxBytes);
        begun = { bytes: new Uint8Array(tail.length), missing: piecesOf(tail.length) - 1, after: tail.state };
        begun.bytes.set(tail.bytes, begun.missing * pieceBytes);
        this.#remember(digest, begun);
      }
      const { length } = begun.bytes;
      // Another call may have begun it, ready to hold more.
      checkSize(digest, length, maxBytes);
      for (;;) {
        this.#progress(digest, length - begun.missing * pieceBytes, length);
        if (begun.missing === 0) break;
        const index = begun.missing - 1;
        const piece = decodePiece(await want({ want: 'piece', digest, index }));
        if (!piece) return 'absent';
        if (!verifyPiece(piece, index, begun.after)) return this.#shun(peer);
        begun.bytes.set(piece.bytes, index * pieceBytes);
        begun.missing = index;
        begun.after = piece.state;
      }
      this.#begun.delete(digest);
      return checkContent(digest, begun.bytes, maxBytes);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      signal.throwIfAborted();
      return 'silent';
    }
  }

  #ask(
    peer: string,
    message: Uint8Array,
    { most, signal }: { most: number; signal: AbortSignal },
  ): Promise<Uint8Array> {
    return this.#peer.ask(peer, {
      protocol: contentProtocol,
      message,
      maxReply: maxContentReply,
      signal: AbortSignal.any([signal, AbortSignal.timeout(most)]),
    });
  }

  #shun(peer: string): Failure {
    this.#shunned.set(peer, performance.now() + this.#shunnedFor);
    return 'false';
  }

  #remember(digest: Hex, begun: Begun): void {
    this.#begun.set(digest, begun);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > mostBegun && oldest !== undefined) this.#begun.delete(oldest);
  }

  #failure(digest: Hex, failures: readonly Failure[]): StoreError {
    if (failures.includes('false'))
      return new StoreError('wrong', `block ${digest}: what a member sent for it is something else`, {
        mend: 'Wait for another member that has it.',
      });
    if (failures.includes('absent'))
      return new StoreError('missing', `block ${digest}: no member that is connected has it`, {
        mend: 'Wait until its author, or another member that has it, is there.',
      });
    return new StoreError('unreachable', `block ${digest}: no member answers`, {
      mend: "Name a member that is up with --peer, and look at this machine's network.",
    });
  }
}

/** @throws StoreError `oversized` */
function checkSize(digest: Hex, length: number, maxBytes: number): void {
  if (length > maxBytes) throw oversized(digest, length, maxBytes);
}
