// A round's support: the coordinates that its updates and probes carry, as anyone computes them from the
// round's proposals.
import { Recent, reasonOf } from '@murmuration/core';
import { proposalsInOrder, type RoundEntry, type Stage } from '../../chain/index.ts';
import { isSomethingElse } from '../../cryptography/index.ts';
import { supportShape } from '../../learn/index.ts';
import { decodeProposal, mergeProposals, type SupportShape } from '../../protocol/index.ts';
import { type ContentStore, fetchAndPin } from '../../store/index.ts';
import { isLate, type LearnerContext, type OnlookerContext, step } from '../runtime/context.ts';

/**
 * The round's support, ascending: the merge of its proposals in the order of the seats, validators first.
 * Every reader keeps the proposals in the store for the others. A proposal that cannot be read, or is not
 * exactly as many indices as the round carries, counts as not made. Loaded once, it is known to the reader for some rounds.
 * @throws whatever keeps a proposal from being read now: passed over here and read by others, it would make this
 * reader's support another one than theirs.
 */
export async function loadSupport(context: OnlookerContext, entry: RoundEntry): Promise<Uint32Array> {
  const { description, layout, store, chain } = context;
  const shape = supportShape(description, layout, entry.index);
  const proposals = proposalsInOrder(chain.journal, entry);
  const ofStore = loaded.get(store) ?? new Recent<Uint32Array>(roundsKept);
  loaded.set(store, ofStore);
  const name = [shape.round, shape.size, shape.count, ...proposals.map(({ digest }) => digest)].join();
  const support = ofStore.get(name) ?? mergeProposals(await readProposals(context, proposals, shape), shape);
  ofStore.set(name, support);
  return support;
}

/** Rounds whose support is remembered: the one at hand and the one that is judged. */
const roundsKept = 2;

/** By the reader's store, since each reader keeps the proposals in its own; then by what the support follows from. */
const loaded = new WeakMap<ContentStore, Recent<Uint32Array>>();

async function readProposals(
  context: OnlookerContext,
  proposals: ReturnType<typeof proposalsInOrder>,
  shape: SupportShape,
): Promise<Uint32Array[]> {
  const read: Uint32Array[] = [];
  for (const { proposer, digest } of proposals) {
    try {
      const bytes = await fetchAndPin(context.store, digest, { maxBytes: shape.count * 4 });
      read.push(decodeProposal(bytes, shape));
    } catch (error) {
      if (!isSomethingElse(error)) throw error;
      step(context, `passes over the proposal of ${proposer}: ${reasonOf(error)}`);
    }
  }
  return read;
}

/** What a sender that abstains sends on: all its coordinates are zeros. */
export const noSupport = new Uint32Array();

/**
 * The support to send an update or a probe on. A sender that cannot learn it in the first half of the Submit
 * phase, since a proposal is withheld or its own store fails, abstains: a submission of zeros is right whatever the
 * support is. Otherwise one withheld proposal would make the others miss the phase, which would cost them stake.
 * @returns undefined for a sender that abstains.
 */
export async function supportInTime(
  context: LearnerContext,
  entry: RoundEntry,
  { deadline, signal }: Pick<Stage, 'deadline'> & { readonly signal: AbortSignal },
): Promise<Uint32Array | undefined> {
  try {
    return await loadSupport(context, entry);
  } catch (error) {
    const { submitDuration } = await context.chain.terms();
    if (signal.aborted || !(await isLate(context, { deadline }, submitDuration))) throw error;
    step(context, `abstains, since the support cannot be known: ${reasonOf(error)}`);
    return undefined;
  }
}
