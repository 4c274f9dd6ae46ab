// What evidence is judged by: the task's journal, the key that it runs under, and content by digest. Whoever has
// these comes to the same ruling.
import type { He, KeyGroup } from '@murmuration/he';
import type { Prover } from '@murmuration/prover';
import type { Address } from 'viem';
import type { Journal } from '../chain/index.ts';
import type { SigningDomain } from '../protocol/index.ts';
import type { ContentStore } from '../store/index.ts';

/** The key that a task runs under, and whose it is. */
export interface RunningKey {
  readonly group: KeyGroup;
  /** The accounts of the group's members, in their order. */
  readonly trainers: readonly Address[];
}

/** What evidence is judged by. */
export interface Court {
  /** Of `Rounds`: what hops, ciphertexts and evidence are bound to. */
  readonly domain: SigningDomain;
  readonly task: bigint;
  readonly journal: Journal;
  readonly he: He;
  readonly prover: Prover;
  readonly store: Pick<ContentStore, 'get'>;
  /** Of every submission and sum. */
  readonly chunks: number;
  /** The key that the task runs under. @throws where it cannot be read. */
  key(): Promise<RunningKey>;
  /** Ends the fetching. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What evidence comes to. `convicts`: whoever judges it finds the culprit guilty. `clears`: it does not, and never
 * will. `open`: something that it rests on cannot be had now; that is no ruling, and nobody signs anything on it.
 */
export type Ruling =
  | { readonly ruling: 'convicts' }
  | { readonly ruling: 'clears' | 'open'; readonly reason: string };

/** It convicts. */
export const convicts: Ruling = { ruling: 'convicts' };
/** It never will. */
export const clears = (reason: string): Ruling => ({ ruling: 'clears', reason });
/** It cannot be judged now. */
export const open = (reason: string): Ruling => ({ ruling: 'open', reason });
