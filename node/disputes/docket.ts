// The docket: the accusations that members have announced, and the signatures that validators have put to them, as
// chain and store have them. What strangers post is not even in the journal; of a member a few accusations a round
// are read, so nobody can make the others judge without end.
import type { Address, Hex } from 'viem';
import type { Announcement, FiledDispute, Journal, SignerOf } from '../chain/index.ts';
import { isSomethingElse } from '../cryptography/index.ts';
import { type Accusation, type SigningDomain, topicOf } from '../protocol/index.ts';
import type { ContentStore } from '../store/index.ts';
import { decodeEvidence, type Evidence, faultNumbers, maxEvidence } from './evidence.ts';
import { decodeSigned, maxSigned, type SignedAccusation, signerOfAccusation } from './signed.ts';

/** Accusations of a member that are read in a round: its first ones. */
export const mostAccusations = 4;

/** Milliseconds until content that was not there is asked for again. */
const again = 15_000;

/** An accusation that a member announced. */
export interface Case {
  readonly accusation: Accusation;
  readonly evidence: Evidence;
  /** Validators whose signatures on it are right, each once, whatever their standing. */
  readonly signed: readonly SignerOf[];
}

/** Where a docket is read. */
export interface DocketContext {
  readonly task: bigint;
  /** Of `Disputes`. */
  readonly domain: SigningDomain;
  readonly store: Pick<ContentStore, 'get'>;
}

/** Reads each announced content once. */
export class Docket {
  readonly #context: DocketContext;
  /** By digest and topic's kind; undefined for content that is something else. */
  readonly #evidence = new Map<Hex, Evidence | undefined>();
  readonly #signed = new Map<Hex, SignedAccusation | undefined>();
  /** By digest and accusation, who signed. */
  readonly #signers = new Map<string, Address | undefined>();
  /** By digest, when it is asked for again. */
  readonly #missing = new Map<Hex, number>();

  constructor(context: DocketContext) {
    this.#context = context;
  }

  /** The cases of all rounds, those that were announced first before the others. */
  async read({ rounds, announcements }: Journal, signal: AbortSignal): Promise<Case[]> {
    const posts = Map.groupBy(announcements, ({ topic }) => topic);
    const cases: Case[] = [];
    for (const { number } of rounds) {
      const signatures = posts.get(topicOf('accusation-signature', number)) ?? [];
      const counts = new Map<Address, number>();
      for (const { sender, digest } of posts.get(topicOf('accusation', number)) ?? []) {
        const count = counts.get(sender) ?? 0;
        counts.set(sender, count + 1);
        if (count >= mostAccusations) continue;
        const evidence = await this.#look(
          digest,
          { known: this.#evidence, most: maxEvidence, signal },
          decodeEvidence,
        );
        if (evidence?.round !== number || evidence.task !== this.#context.task) continue;
        // Who reports itself would get a part of its slash back.
        if (evidence.culprit === sender) continue;
        const accusation = accusationOf(evidence, { digest, reporter: sender });
        cases.push({ accusation, evidence, signed: await this.#signatures(accusation, signatures, signal) });
      }
    }
    return cases;
  }

  async #signatures(
    accusation: Accusation,
    posts: readonly Announcement[],
    signal: AbortSignal,
  ): Promise<SignerOf[]> {
    const signed = new Map<Address, Hex>();
    for (const { sender, digest } of posts) {
      const found = await this.#look(digest, { known: this.#signed, most: maxSigned, signal }, decodeSigned);
      if (found?.evidence !== accusation.evidence || found.reporter !== accusation.reporter) continue;
      const name = `${digest}/${sender}`;
      if (!this.#signers.has(name))
        this.#signers.set(name, signerOfAccusation(this.#context.domain, accusation, found.signature));
      if (this.#signers.get(name) === sender) signed.set(sender, found.signature);
    }
    return [...signed].map(([signer, signature]) => ({ signer, signature }));
  }

  /** What a content says; undefined where it says something else, or is not there. */
  async #look<Said>(
    digest: Hex,
    {
      known,
      most,
      signal,
    }: { readonly known: Map<Hex, Said | undefined>; readonly most: number; readonly signal: AbortSignal },
    read: (content: Uint8Array) => Said,
  ): Promise<Said | undefined> {
    if (known.has(digest)) return known.get(digest);
    if ((this.#missing.get(digest) ?? 0) > performance.now()) return undefined;
    let said: Said | undefined;
    try {
      said = read(await this.#context.store.get(digest, { maxBytes: most, signal }));
    } catch (error) {
      if (!isSomethingElse(error)) {
        this.#missing.set(digest, performance.now() + again);
        return undefined;
      }
    }
    known.set(digest, said);
    return said;
  }
}

/** What validators sign on evidence. */
export const accusationOf = (
  { task, round, culprit, kind }: Evidence,
  { digest, reporter }: { readonly digest: Hex; readonly reporter: Address },
): Accusation => ({
  task,
  round: BigInt(round),
  culprit,
  fault: faultNumbers[kind],
  evidence: digest,
  reporter,
});

/** The dispute that was filed against a member of a round: there is at most one. */
export const disputeOf = (
  { disputes }: Journal,
  { round, culprit }: Pick<Evidence, 'round' | 'culprit'>,
): FiledDispute | undefined =>
  [...disputes.values()].find((each) => each.round === round && each.culprit === culprit);
