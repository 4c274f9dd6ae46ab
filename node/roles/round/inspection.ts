// A validator's duty before anything of a round is opened: it looks at the content behind all that was accepted, keeps
// it for the others, and votes to exclude what is missing or false.
import { reasonOf } from '@murmuration/core';
import type { AcceptedSubmission, RoundEntry, Stage } from '../../chain/index.ts';
import { type ContentFault, contentFault, loadCiphertexts } from '../../cryptography/index.ts';
import { encryptionBinding, type Subject, subjects } from '../../protocol/index.ts';
import { fetchAndPin } from '../../store/index.ts';
import { bindingOf, oneLook, passedOf, type RoleContext, same, step } from '../runtime/context.ts';
import { OfHistory } from '../runtime/of_history.ts';
import type { RoundSums } from './sums.ts';

/** The part of the Inspect phase in which missing content may still come. */
const grace = 1 / 2;

/** The part of the phase after which a validator says that it has looked, whatever it could not look at. */
const lastCall = 3 / 4;

/** What a submission is found to be, and why: `sound` are ciphertexts whose proof holds. */
interface Look {
  readonly verdict: 'sound' | ContentFault;
  readonly reason: string;
}

/** Looks at a round's submissions. */
export class Inspector {
  readonly #context: RoleContext;
  readonly #sums: RoundSums;
  /** What stays as it was found in the round that was looked at last. */
  #round = 0;
  #known = new Map<string, Look>();
  /** What this validator has voted on in that round. */
  readonly #voted: OfHistory<Set<string>>;

  constructor(context: RoleContext, sums: RoundSums) {
    this.#context = context;
    this.#sums = sums;
    this.#voted = new OfHistory(context.chain, () => new Set());
  }

  /**
   * Looks, and votes on what it has seen: at once on content that is false, on content that is missing when half of the
   * phase is over. When nothing is left to wait for it says that it has looked; late in the phase in any case, since a
   * validator that says nothing counts as absent, and its store's fault is nobody's.
   */
  async round(entry: RoundEntry, stage: Stage, signal: AbortSignal): Promise<void> {
    const { chain } = this.#context;
    if (this.#round !== entry.number) [this.#known, this.#voted.value] = [new Map(), new Set()];
    this.#round = entry.number;
    const looked = await this.#lookAll(entry, signal);
    // What was not found because this role ends is not missing.
    signal.throwIfAborted();
    // Who can read nothing at all has no store, and says nothing of others.
    const reads = looked.some(([, { verdict }]) => verdict === 'sound');
    const { inspectDuration } = await chain.terms();
    const passed = await passedOf(this.#context, stage, inspectDuration);
    const late = reads && passed >= grace;
    const open = looked.filter(
      ([submission, { verdict }]) => verdict !== 'sound' && !this.#voted.value.has(nameOf(submission)),
    );
    const due = open.filter(([, { verdict }]) => verdict === 'false' || (verdict === 'missing' && late));
    for (const [submission, { reason }] of due) {
      step(this.#context, `votes to exclude what ${submission.sender} sent: ${reason}`);
      await chain.voteToExclude(entry.number, submission);
      this.#voted.value.add(nameOf(submission));
    }
    if (due.length < open.length && passed < lastCall) return;
    if (due.length < open.length)
      step(this.#context, `could not look at what ${open.length - due.length} sent, and votes on none of it`);
    await chain.inspect(entry.number);
  }

  /**
   * Has drawn whom the round leaves out of its sum, where it leaves anybody out, and leaves them out once all have
   * looked. Whoever comes first does either; the others find it done. At once: who can wait with the draw chooses the
   * block that it is of.
   */
  async sift(entry: RoundEntry): Promise<void> {
    const { chain } = this.#context;
    if (await chain.isSifted()) return;
    if (await chain.draw(entry.number))
      step(this.#context, 'has drawn which updates are left out of the sum');
    for (const account of await chain.surplus()) {
      const submission = entry.submitted.update.find(({ sender }) => same(sender, account));
      if (!submission || !(await chain.leaveOut(entry.number, submission))) return;
      step(this.#context, `leaves what ${account} sent out of the sum, as drawn`);
    }
  }

  /** Looks at what others have submitted. */
  #lookAll(entry: RoundEntry, signal: AbortSignal): Promise<[AcceptedSubmission, Look][]> {
    const look = oneLook(signal);
    const { account } = this.#context.chain;
    return Promise.all(
      subjects.flatMap((subject) =>
        entry.submitted[subject]
          .filter(({ sender }) => !same(sender, account))
          .map(
            async (submission): Promise<[AcceptedSubmission, Look]> => [
              submission,
              await this.#look(entry, { subject, submission }, look),
            ],
          ),
      ),
    );
  }

  async #look(
    entry: RoundEntry,
    { subject, submission }: { readonly subject: Subject; readonly submission: AcceptedSubmission },
    signal: AbortSignal,
  ): Promise<Look> {
    const { he, store } = this.#context;
    const { sender, digests } = submission;
    const name = nameOf(submission);
    const known = this.#known.get(name);
    if (known) return known;
    const group = await this.#sums.group();
    // What this validator has seen, all others are to see: content that is shown to some only would divide them.
    const kept: Pick<typeof store, 'get'> = { get: (digest, options) => fetchAndPin(store, digest, options) };
    const binding = encryptionBinding({ ...bindingOf(this.#context, subject, entry.number), sender });
    let found: Look;
    try {
      await loadCiphertexts({ he, group, store: kept, signal }, { digests, binding });
      found = { verdict: 'sound', reason: '' };
    } catch (error) {
      found = { verdict: contentFault(error), reason: reasonOf(error) };
      if (found.verdict !== 'false') return found;
    }
    this.#known.set(name, found);
    return found;
  }
}

/** A submission by all that is checked of it. */
const nameOf = ({ sender, digests }: AcceptedSubmission): string => [sender, ...digests].join('/');
