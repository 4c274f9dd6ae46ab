// The logs of a site, joined: which entry is which transaction's, which content left, and where the heads stand.
import type { Hex } from 'viem';
import type { EntryOf, LoggedEntry, ReadLog } from '../../site/index.ts';

/** Something that left, with its place in a log. */
export interface Left {
  /** Which of the logs. */
  readonly log: number;
  readonly entry: EntryOf<'leaves'>;
  /** The log's head after it. */
  readonly head: Hex;
  readonly fate: 'left' | 'unsure';
  /** Hash of the transaction, where the log has it. */
  readonly as: Hex | null;
}

/** Where a head stands. */
export interface HeadPlace {
  readonly log: number;
  readonly n: number;
}

/** What the logs hold together. */
export interface JoinedLogs {
  /** What left; what was kept after all is not among it. */
  readonly left: readonly Left[];
  readonly refused: readonly EntryOf<'refused'>[];
  readonly byNonce: ReadonlyMap<number, readonly Left[]>;
  readonly byDigest: ReadonlyMap<Hex, readonly Left[]>;
  readonly heads: ReadonlyMap<Hex, HeadPlace>;
  /** The first transaction that they cover, and the first that is sent after the last of them. */
  readonly from: number;
}

/** Joins logs. */
export function joinLogs(logs: readonly ReadLog[]): JoinedLogs {
  const left = logs.flatMap(leftOf);
  const heads = new Map<Hex, HeadPlace>();
  for (const [log, { entries }] of logs.entries())
    for (const { head, entry } of entries) heads.set(head, { log, n: entry.n });
  const ofChain = left.filter(({ entry }) => entry.nonce !== null);
  const contents = left.filter(({ entry }) => entry.place === 'store');
  return {
    left,
    refused: logs.flatMap(({ entries }) =>
      entries.flatMap(({ entry }) => (entry.kind === 'refused' ? [entry] : [])),
    ),
    byNonce: Map.groupBy(ofChain, ({ entry }) => entry.nonce!),
    byDigest: Map.groupBy(contents, ({ entry }) => entry.digest),
    heads,
    from: Math.min(...logs.map(({ entries }) => firstNonce(entries))),
  };
}

function leftOf({ entries }: ReadLog, log: number): Left[] {
  const fates = new Map<number, EntryOf<'became'>['of'][number]>();
  for (const { entry } of entries)
    if (entry.kind === 'became') for (const of of entry.of) fates.set(of.n, of);
  return entries.flatMap(({ entry, head }) => {
    if (entry.kind !== 'leaves') return [];
    const { fate = 'unsure', as = null } = fates.get(entry.n) ?? {};
    return fate === 'kept' ? [] : [{ log, entry, head, fate, as }];
  });
}

/** The account's transactions before a log. */
function firstNonce(entries: readonly LoggedEntry[]): number {
  for (const { entry } of entries) {
    if (entry.kind === 'opened') return entry.sent;
    if (entry.kind === 'leaves' && entry.nonce !== null) return entry.nonce;
  }
  return Number.POSITIVE_INFINITY;
}
