// A whole service in one process: the database, the API, and unless told otherwise an agent.
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import {
  type KeySet,
  loadWitnessCalculator,
  type ProverBackend,
  type WitnessCalculator,
} from '@murmuration/prover';
import { NodeError } from '../errors.ts';
import type { ServerAnswer, ServerLimits } from '../http/index.ts';
import { type Agent, type AgentEvent, openWorkshop, servedOf, startAgent } from './agent/index.ts';
import {
  createApi,
  createMetrics,
  createWatch,
  defaultLimits,
  jobRoutes,
  type OfferedCircuit,
  openTokens,
  serviceRoutes,
} from './api/index.ts';
import type { ServiceKey } from './job/service_key.ts';
import {
  claimDatabase,
  type DatabasePlace,
  defaultPatience,
  openDatabase,
  openQueues,
  type Patience,
  type QueueContext,
  tidy,
  watchDeadLetters,
} from './queue/index.ts';

/** What a service tells: never anything of a job's inputs. */
export type ServiceEvent =
  | AgentEvent
  | ({ readonly type: 'answer' } & ServerAnswer)
  | { readonly type: 'note'; readonly text: string };

/** What a queue is opened with, by servers and agents alike. */
export interface QueueSettings {
  readonly database: DatabasePlace;
  readonly key: ServiceKey;
  readonly patience?: Partial<Patience>;
  readonly onEvent: (event: ServiceEvent) => void;
}

export interface ServiceSettings extends QueueSettings {
  readonly keySets: readonly KeySet[];
  /** Started; an agent of this process proves with it. Without it, others do: `murmur prover agent`. */
  readonly backend?: ProverBackend | undefined;
  /** Proofs at the same time. */
  readonly parallel: number;
  readonly name: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Path of the file of tokens. */
  readonly tokens: string;
  readonly limits?: Partial<ServerLimits>;
  readonly version: string;
}

/** A running service. */
export interface Service {
  readonly url: string;
  readonly queue: QueueContext;
  /** Takes no more jobs, lets proofs under way end for so many milliseconds, and closes. */
  stop(patience: number): Promise<void>;
}

/** Milliseconds between two looks for what is overdue or old. */
const tidying = 5000;
/** Milliseconds between two looks at an empty queue: this process's own jobs ring a bell. */
const agentInterval = 500;

/**
 * Opens a queue.
 * @throws NodeError as {@link openDatabase} does, and `state` for the database of another service's key.
 */
export async function openQueue(
  { database: place, key, patience, onEvent }: QueueSettings,
  keySets: readonly KeySet[],
): Promise<QueueContext> {
  const database = await openDatabase(place, (error) => onEvent({ type: 'fault', error }));
  const context = { database, key, patience: { ...defaultPatience, ...patience } };
  try {
    await claimDatabase(context);
    await openQueues(context, servedOf(keySets));
    await watchDeadLetters(context);
    return context;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Starts a service. */
export async function startService(settings: ServiceSettings): Promise<Service> {
  const { keySets, backend, parallel, name, host, port, tls, version, onEvent } = settings;
  const fault = (error: unknown) => onEvent({ type: 'fault', error });
  const tokens = await openTokens(settings.tokens);
  const queue = await openQueue(settings, keySets);
  const watch = createWatch(queue, fault);
  const metrics = createMetrics(queue, () => watch.waiting);
  const observe = (event: AgentEvent) => {
    if (event.type === 'try') countTry(metrics, event);
    onEvent(event);
  };
  let agent: Agent | undefined;
  let draining = false;
  const context = {
    queue,
    tokens,
    watch,
    offered: keySets.flatMap(offer),
    wake: () => agent?.wake(),
    draining: () => draining,
    count: (event: string, circuit: string) => metrics.jobs.inc({ event, circuit }),
  };
  const app = await createApi([...jobRoutes(context), ...serviceRoutes(context, metrics)], {
    tokens,
    version,
    limits: { ...defaultLimits, ...settings.limits },
    tls: tls && { cert: await readPem(tls.cert), key: await readPem(tls.key) },
    onAnswer(answer) {
      const { method, path, status, seconds } = answer;
      metrics.requests.observe({ method, path, status: String(status) }, seconds);
      onEvent({ type: 'answer', ...answer });
    },
  });
  const timer = setInterval(() => void tidy(queue).catch(fault), tidying);
  const close = async () => {
    clearInterval(timer);
    watch.stop();
    await app.close();
    await queue.database.close();
  };
  try {
    if (backend) {
      const workshop = openWorkshop(keySets, backend);
      agent = await startAgent(queue, {
        ...workshop,
        name,
        parallel,
        interval: agentInterval,
        onEvent: observe,
      });
    }
    await app.listen({ host, port });
  } catch (error) {
    await agent?.stop(0);
    await close();
    throw error;
  }
  const bound = (app.server.address() as AddressInfo).port;
  return {
    queue,
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async stop(patience) {
      draining = true;
      await agent?.stop(patience);
      await close();
    },
  };
}

function countTry(
  { proofs, faults }: ReturnType<typeof createMetrics>,
  event: AgentEvent & { type: 'try' },
): void {
  const { job, outcome } = event;
  const { circuit, preset } = job;
  if (outcome.how === 'proven') proofs.observe({ circuit, preset }, outcome.ms / 1000);
  if (outcome.how === 'failed') faults.inc({ circuit, preset, code: outcome.reason.code });
}

/** The circuits of a key set, each with the calculator that checks its inputs, loaded when it is first needed. */
function offer(keySet: KeySet): OfferedCircuit[] {
  return servedOf([keySet]).map((served) => {
    let calculator: Promise<WitnessCalculator> | undefined;
    const { provingKey, wasm } = keySet.circuit(served.circuit);
    const load = () => {
      calculator ??= loadWitnessCalculator(provingKey.id, wasm.path);
      return calculator;
    };
    return { ...served, keySet, calculator: load };
  });
}

async function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new NodeError('input', `${path} cannot be read (${cause.code})`, { cause });
  });
}
