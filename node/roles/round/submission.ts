// The last steps of an update or a probe: its ciphertexts go to the store, its proofs to the contract.
import type { RoundEntry } from '../../chain/index.ts';
import { proveSubmission, type SealedChunk } from '../../cryptography/index.ts';
import type { Subject } from '../../protocol/index.ts';
import { bindingOf, endOfPhase, proofTimer, type RoleContext, step } from '../runtime/context.ts';
import type { Turn } from '../runtime/turn.ts';

/** What is sent in a round. */
export interface Submission {
  readonly subject: Subject;
  /** The round as it was when the chunks were sealed. */
  readonly entry: RoundEntry;
  /** Remembered already: once shown, they can only be sent again, never made anew. */
  readonly sealed: readonly SealedChunk[];
  /** Its author's turn, which ends with what this thread has to do for the proofs. */
  readonly turn: Turn;
}

/** Shows the chunks, proves them and sends them. Repeated after a crash it sends the same. */
export async function submit(
  context: RoleContext,
  { subject, entry, sealed, turn }: Submission,
  signal: AbortSignal,
): Promise<void> {
  const { chain, prover } = context;
  const { normBounds } = await chain.terms();
  await showContents(context, { subject, entry, sealed });
  step(context, `proves its ${subject}`);
  const binding = bindingOf(context, subject, entry.number);
  const onProof = proofTimer(context, entry.number, subject);
  const deadline = await endOfPhase(context, entry);
  const proving = { prover, onProof, onHandedOver: turn.pass, signal, deadline };
  const proven = await proveSubmission(proving, { binding, normBound: normBounds[subject], chunks: sealed });
  await chain.submit(subject, { round: entry.number, basis: entry.basis, chunks: proven });
}

/** Puts a round's own ciphertexts with their proofs into the store. */
async function showContents(
  { chain, store, observe }: RoleContext,
  { subject, entry, sealed }: Omit<Submission, 'turn'>,
): Promise<void> {
  for (const { content } of sealed) await store.put(content, subject);
  const bytes = sealed.reduce((total, { content }) => total + content.length, 0);
  observe({ type: 'content', account: chain.account, round: entry.number, bytes });
}
