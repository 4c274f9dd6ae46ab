// One try of one job: proves it, and tells the queue every two seconds that the agent lives.
import type { ProvenStatement, Prover } from '@murmuration/prover';
import type { CircuitName, ServedCircuit } from '../job/circuits.ts';
import { decodeContent } from '../job/content.ts';
import { deadlinePassed, type Reason, writeResult } from '../job/job.ts';
import {
  beat,
  type Claim,
  failJob,
  failTry,
  finishJob,
  handBack,
  type QueueContext,
} from '../queue/index.ts';
import { faultOf } from './fault.ts';
import { statementOf } from './statement.ts';

/** Milliseconds between two signs of life. */
const pulse = 2000;

/** How a try ended. */
export type Outcome =
  | { readonly how: 'proven'; readonly ms: number; readonly engine: string; readonly first: boolean }
  | { readonly how: 'failed'; readonly reason: Reason; readonly lasting: boolean }
  /** Cancelled, or done by another agent. */
  | { readonly how: 'unwanted' }
  /** The agent stops. */
  | { readonly how: 'handed back' }
  /** The prover does not end when it is told to: nothing more can be made with it. */
  | { readonly how: 'hung' };

/** What a try is made with. */
export interface AttemptContext {
  readonly queue: QueueContext;
  readonly prover: Prover;
  /** Aborts when the agent must end now. */
  readonly ending: AbortSignal;
  /** Milliseconds in which a prover that is told to end must do so. */
  readonly grace: number;
  /** Hears of faults of the database, which do not end a try. */
  readonly fault: (error: unknown) => void;
}

const unwanted = new Error('the proof is not wanted any more');
const hung = new Error('the prover does not end when it is told to');

/** Tries a job to its end; what it throws is the database's fault, and the job comes back by itself. */
export async function attempt(context: AttemptContext, claim: Claim): Promise<Outcome> {
  const { queue, ending } = context;
  const { deadline } = claim.row;
  const left = deadline === null ? Number.POSITIVE_INFINITY : deadline.getTime() - Date.now();
  if (left <= 0) return bury(queue, claim, deadlinePassed);
  const limit = Math.min(queue.patience.proof * 1000, left);
  const late = AbortSignal.timeout(Math.min(limit, 2 ** 31 - 1));
  const lost = new AbortController();
  try {
    const proven = await prove(context, claim, {
      signal: AbortSignal.any([ending, late, lost.signal]),
      lost,
    });
    const first = await finishJob(queue, claim, writeResult(proven));
    const { witnessMs, proveMs, engine } = proven;
    return { how: 'proven', ms: witnessMs + proveMs, engine, first };
  } catch (error) {
    if (error === unwanted) return { how: 'unwanted' };
    if (error === hung) {
      await tryAgain(queue, claim, { code: 'hung', message: hung.message });
      return { how: 'hung' };
    }
    if (error === ending.reason && ending.aborted) {
      await handBack(queue, claim);
      return { how: 'handed back' };
    }
    if (late.aborted && error === late.reason) {
      if (limit === left) return bury(queue, claim, deadlinePassed);
      return tryAgain(queue, claim, { code: 'limit', message: `a try took longer than ${limit / 1000} s` });
    }
    const { reason, lasting } = faultOf(error, claim.row);
    return lasting ? bury(queue, claim, reason) : tryAgain(queue, claim, reason);
  }
}

async function bury(queue: QueueContext, claim: Claim, reason: Reason): Promise<Outcome> {
  await failJob(queue, claim, reason);
  return { how: 'failed', reason, lasting: true };
}

async function tryAgain(queue: QueueContext, claim: Claim, reason: Reason): Promise<Outcome> {
  await failTry(queue, claim, reason);
  return { how: 'failed', reason, lasting: false };
}

/** The proof, with signs of life while it is made. What was opened for it is overwritten, however it ends. */
async function prove(
  { queue, prover, grace, fault }: AttemptContext,
  claim: Claim,
  { signal, lost }: { readonly signal: AbortSignal; readonly lost: AbortController },
): Promise<ProvenStatement> {
  const { owner, preset, keys } = claim.row;
  const circuit = claim.row.circuit as CircuitName;
  const served = { circuit, preset: preset as ServedCircuit['preset'], keys };
  const opened = queue.key.open({ owner, served }, claim.sealed);
  let stage = 'witness';
  let beating: Promise<void> | undefined;
  const live = () => {
    beating ??= beat(queue, claim, stage)
      .then((wanted) => {
        if (!wanted) lost.abort(unwanted);
      })
      .catch(fault)
      .finally(() => {
        beating = undefined;
      });
  };
  const timer = setInterval(live, pulse);
  try {
    const content = decodeContent(opened);
    const proving = prover.prove(statementOf(circuit, content), {
      claim: content.signals,
      secret: content.inputs,
      signal,
      onProgress(now) {
        stage = now;
        live();
      },
    });
    return await Promise.race([proving, deaf(signal, grace)]);
  } finally {
    opened.fill(0);
    clearInterval(timer);
    await beating;
  }
}

/** Rejects where the signal has been aborted for so long. Never resolves. */
function deaf(signal: AbortSignal, grace: number): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const watch = () => setTimeout(() => reject(hung), grace).unref();
  if (signal.aborted) watch();
  else signal.addEventListener('abort', watch, { once: true });
  // A proof that ends in time leaves nobody who waits for this.
  promise.catch(() => undefined);
  return promise;
}
