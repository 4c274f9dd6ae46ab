// A round's references, as anyone computes them from the opened sums of this round and of all rounds before
// (docs/encodings.md, "References"): what a validator's vote names, and what a trainer proves its alignment
// against.
import { maxGroups } from '@murmuration/prover';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import type { RoundEntry } from '../../chain/index.ts';
import { computeReferences, type RoundReferences } from '../../cryptography/index.ts';
import { geometryOf } from '../../learn/index.ts';
import {
  decodeBundle,
  encodeBundle,
  type Geometry,
  inRow,
  type OpenedRound,
  PublicHistory,
  probeSum,
  updateSum,
} from '../../protocol/index.ts';
import type { LearnerContext } from '../runtime/context.ts';
import { remembered } from '../runtime/storage.ts';
import { RoundSums } from './sums.ts';
import { loadSupport } from './support.ts';

/** The public history after a round. */
interface Kept {
  /** The last round in it; 0 before any. */
  readonly round: number;
  /** That round's `voteBasis`: after a reorganisation, a round of the same number may have opened other sums. */
  readonly basis: Hex;
  readonly history: PublicHistory;
}

const name = 'history';
const headBytes = 36;

/** Computes references round by round; the history of earlier rounds is kept over restarts. */
export class ReferenceReader {
  readonly #context: LearnerContext;
  readonly #sums: RoundSums;
  /** Reads rounds that are over, and would make `#sums` forget the one that runs. */
  readonly #past: RoundSums;
  readonly #geometry: Geometry;
  #kept: Kept | undefined;
  #last: { readonly basis: Hex; readonly references: RoundReferences } | undefined;

  /** @param sums reads the sums of the round that runs. */
  constructor(context: LearnerContext, sums: RoundSums) {
    this.#context = context;
    this.#sums = sums;
    const { description, layout } = context;
    this.#past = new RoundSums(context, description.compression.chunks);
    this.#geometry = geometryOf(description, layout);
  }

  /**
   * The references of the current round, whose sums are all proven by now.
   * @throws StoreError while something that they rest on is not in the store.
   */
  async of(entry: RoundEntry, signal?: AbortSignal): Promise<RoundReferences> {
    if (this.#last?.basis === entry.voteBasis) return this.#last.references;
    const { he, prover, description } = this.#context;
    const history = await this.#before(entry, signal);
    const support = await loadSupport(this.#context, entry);
    const probes = await this.#probes(entry, rowsOf(this.#sums, { entry, support, signal }));
    const { chunks } = description.compression;
    const sources = { history, geometry: this.#geometry, support };
    const references = await computeReferences({ he, prover, chunks }, probes, sources);
    this.#last = { basis: entry.voteBasis, references };
    return references;
  }

  /** The history of all rounds before. */
  async #before({ number }: RoundEntry, signal?: AbortSignal): Promise<PublicHistory> {
    const { chain, layout, storage } = this.#context;
    const rounds = chain.journal.rounds.filter((past) => past.number < number);
    this.#kept ??= await this.#load();
    const { round, basis } = this.#kept;
    if (round > 0 && rounds.find((past) => past.number === round)?.voteBasis !== basis)
      this.#kept = none(layout.size);
    const { history } = this.#kept;
    for (const past of rounds) {
      if (past.number <= this.#kept.round) continue;
      if (past.outcome === 'accepted' || past.outcome === 'rejected')
        history.add(await this.#opened(past, signal));
      this.#kept = { round: past.number, basis: past.voteBasis, history };
      await storage.write(name, encode(this.#kept));
    }
    return history;
  }

  async #load(): Promise<Kept> {
    const { layout, storage } = this.#context;
    return (await remembered(storage, name, (bytes) => decode(bytes, layout.size))) ?? none(layout.size);
  }

  /** What the sums of a round that is over opened. */
  async #opened(entry: RoundEntry, signal?: AbortSignal): Promise<OpenedRound> {
    const support = await loadSupport(this.#context, entry);
    const row = rowsOf(this.#past, { entry, support, signal });
    const probes = await this.#probes(entry, row);
    return { support, updates: await row(updateSum), probes: probes.filter((probe) => probe !== undefined) };
  }

  /** The groups' sums, in the order of their numbers; undefined for one that does not count. */
  async #probes(
    entry: RoundEntry,
    row: (sum: number) => Promise<Int32Array>,
  ): Promise<(Int32Array | undefined)[]> {
    const probes: (Int32Array | undefined)[] = [];
    for (let group = 0; group < maxGroups; group++)
      probes.push(entry.sums.has(probeSum(group)) ? await row(probeSum(group)) : undefined);
    return probes;
  }
}

/** Reads sums of a round as they lie on its support. */
const rowsOf =
  (
    sums: RoundSums,
    {
      entry,
      support,
      signal,
    }: {
      readonly entry: RoundEntry;
      readonly support: Uint32Array;
      readonly signal: AbortSignal | undefined;
    },
  ) =>
  async (sum: number): Promise<Int32Array> => {
    const chunks = await sums.proven(entry, sum, signal);
    return inRow(chunks.map(({ coordinates }) => coordinates)).subarray(0, support.length);
  };

const none = (size: number): Kept => ({ round: 0, basis: '0x', history: new PublicHistory(size) });

function encode({ round, basis, history }: Kept): Uint8Array {
  const head = new Uint8Array(headBytes);
  new DataView(head.buffer).setUint32(0, round, true);
  head.set(hexToBytes(basis), 4);
  return encodeBundle([head, history.encode()]);
}

function decode(bytes: Uint8Array, size: number): Kept {
  const [head, history] = decodeBundle(bytes, 2) as [Uint8Array, Uint8Array];
  return {
    round: new DataView(head.buffer, head.byteOffset).getUint32(0, true),
    basis: bytesToHex(head.subarray(4, headBytes)),
    history: PublicHistory.decode(history, size),
  };
}
