// An agent: claims jobs of the circuits whose keys it holds, proves them, and holds nothing between two jobs. Any
// number of agents work on one queue; each can be killed at any point.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prover } from '@murmuration/prover';
import { queueOf, type ServedCircuit } from '../job/circuits.ts';
import { announce, type Claim, claimJob, openQueues, type QueueContext, takeLeave } from '../queue/index.ts';
import { attempt, type Outcome } from './attempt.ts';

/** What an agent serves, and how. */
export interface AgentSettings {
  /** How jobs name it: by machine and process unless given. */
  readonly name: string;
  readonly served: readonly ServedCircuit[];
  /** The prover of a served circuit's preset. */
  readonly proverOf: (preset: ServedCircuit['preset']) => Prover;
  /** Proofs at the same time, at least 1. */
  readonly parallel: number;
  /** Milliseconds between two looks at an empty queue. */
  readonly interval: number;
  /** Milliseconds in which a prover that is told to end must do so; 10 s unless given. */
  readonly grace?: number;
  readonly onEvent: (event: AgentEvent) => void;
}

/** What an agent tells; never anything of a job's inputs. */
export type AgentEvent =
  | { readonly type: 'try'; readonly job: Claim['row']; readonly outcome: Outcome }
  | { readonly type: 'fault'; readonly error: unknown };

/** A running agent. */
export interface Agent {
  /** Looks at the queue now. */
  wake(): void;
  /** Takes nothing more, and gives back what it has not proven after `patience` milliseconds. */
  stop(patience: number): Promise<void>;
}

/** Milliseconds between two announcements. */
const announcing = 4000;
/** Milliseconds in which a prover has to obey unless that is given. */
const patienceWithProver = 10_000;
/** Milliseconds after a fault of the database until the next look. */
const recovery = 1000;

/** Starts an agent. */
export async function startAgent(context: QueueContext, settings: AgentSettings): Promise<Agent> {
  const { name, served, proverOf, parallel, interval, grace = patienceWithProver, onEvent } = settings;
  const queues = served.map(queueOf);
  const counts = { proofs: 0, faults: 0 };
  const id = randomUUID();
  const fault = (error: unknown) => onEvent({ type: 'fault', error });
  const present = () => announce(context, { id, name, queues, parallel, ...counts });
  await openQueues(context, served);
  await present();
  const timer = setInterval(() => void present().catch(fault), announcing);

  const stopping = new AbortController();
  const ending = new AbortController();
  let bell = new AbortController();
  const wake = () => {
    bell.abort();
    bell = new AbortController();
  };
  const rest = (ms: number) =>
    sleep(ms, undefined, { signal: AbortSignal.any([bell.signal, stopping.signal]) }).catch(() => undefined);

  /** One place of the agent: one job after the other. */
  const work = async () => {
    while (!stopping.signal.aborted) {
      try {
        const claim = await claimJob(context, { name, queues });
        if (!claim) {
          await rest(interval);
          continue;
        }
        const prover = proverOf(claim.row.preset as ServedCircuit['preset']);
        const tools = { queue: context, prover, ending: ending.signal, grace, fault };
        const outcome = await attempt(tools, claim);
        if (outcome.how === 'proven') counts.proofs++;
        if (outcome.how === 'failed' || outcome.how === 'hung') counts.faults++;
        onEvent({ type: 'try', job: claim.row, outcome });
        // Every further job would hang, too.
        if (outcome.how === 'hung') return;
      } catch (error) {
        fault(error);
        await rest(recovery);
      }
    }
  };
  const places = Array.from({ length: parallel }, work);

  return {
    wake,
    async stop(patience) {
      stopping.abort();
      clearInterval(timer);
      const late = setTimeout(() => ending.abort(new Error('the agent stops')), patience);
      await Promise.all(places);
      clearTimeout(late);
      await takeLeave(context, id).catch(fault);
    },
  };
}
