// A prover whose proofs are made by a service. The statement's own checks run here first, the proof is verified here
// before it is handed out: the service is trusted with secrets if it is in-house, and with nothing else.
import {
  type PackableInput,
  type ProvenStatement,
  type Prover,
  ProverError,
  type ProvingRequest,
  publicSignals,
  type Statement,
} from '@murmuration/prover';
import { isSecret } from '../job/circuits.ts';
import { encodeContent } from '../job/content.ts';
import { isOver, type Job, jobSchema, resultSchema } from '../job/job.ts';
import { readProof } from '../job/proof.ts';
import type { SealedJob } from '../job/submission.ts';
import { ask, type SendingHearer, type ServicePlace, ServiceRefusal } from './connection.ts';
import { createSealer, type Sealer } from './sealer.ts';

/** A service, and whether it may see secrets. */
export interface ServiceSettings extends ServicePlace {
  readonly secrets: boolean;
  /** Hears of what is proven here because the service would be late. */
  readonly say?: ((text: string) => void) | undefined;
  /** Hears of every job before it is sent. */
  readonly sending?: SendingHearer | undefined;
}

/** The provers of this process. */
export interface OwnProvers {
  /** Makes commitments and openings, verifies, and proves what the service must not see. */
  readonly local: Prover;
  /** Gives the one that proves what the service would not have in time. */
  home(): Promise<Prover>;
}

/** Seconds that a look at a job waits for a change. */
const wait = 25;
/** Milliseconds that an aborted request gets to cancel its job. */
const cancelling = 2000;

/** What a proof is asked for with. */
interface ServiceTools {
  readonly local: Prover;
  readonly service: ServiceSettings;
  readonly seal: Sealer;
}

/** A prover whose proofs the service makes, but for those that it must not see and those that it would bring late. */
export function remoteProver({ local, home }: OwnProvers, service: ServiceSettings): Prover {
  const seal = createSealer(service);
  return {
    ...local,
    async prove(statement, request) {
      const { circuit } = statement;
      if (isSecret(circuit) && !service.secrets) return local.prove(statement, request);
      try {
        return await proveThere({ local, service, seal }, statement, request);
      } catch (error) {
        const late = error instanceof ServiceRefusal && error.kind === 'too-late';
        if (!late || Number(request.deadline) <= Date.now()) throw error;
        service.say?.(`proves ${circuit} itself: ${error.message}`);
        return (await home()).prove(statement, request);
      }
    },
  };
}

async function proveThere<Claim, Secret>(
  { local, service, seal }: ServiceTools,
  statement: Statement<Claim, Secret, PackableInput>,
  request: ProvingRequest<Claim, Secret>,
): Promise<ProvenStatement> {
  const { claim, secret, signal, deadline } = request;
  const { preset, keys } = local;
  const { circuit } = statement;
  const expected = publicSignals(statement, preset, claim);
  const content = {
    signals: statement.signals(preset, claim),
    inputs: statement.secretInputs(preset, claim, secret),
    point: statement.point?.(claim),
  };
  const served = { circuit, preset: preset.name, keys: keys.circuit(circuit).provingKey.sha256 };
  const submission: Partial<SealedJob> = {
    ...served,
    sealed: await seal(served, encodeContent(content), signal),
    ...(deadline && { deadline: deadline.toISOString() }),
  };
  const result = await sentOff(service, circuit, JSON.stringify(submission), (body) =>
    resultOf(service, body, request),
  );
  const proof = readProof(result.proof);
  signal?.throwIfAborted();
  if (!local.verify(statement, claim, proof))
    throw new ProverError('backend', `the proof of ${circuit} that came from ${service.url} does not hold`, {
      mend: 'Do not use that service: it fails, or it lies.',
    });
  const { witnessMs, proveMs, engine } = result;
  return { proof, publicSignals: expected, witnessMs, proveMs, engine };
}

/** Sends a job, of which is told before. */
async function sentOff<T>(
  { url: to, sending }: ServiceSettings,
  circuit: string,
  body: string,
  send: (body: string) => Promise<T>,
): Promise<T> {
  const ended = await sending?.({ circuit, to, body: new TextEncoder().encode(body) });
  try {
    const result = await send(body);
    ended?.();
    return result;
  } catch (error) {
    ended?.(error);
    throw error;
  }
}

/**
 * Submits, waits, and fetches. A service that lost the job gets it again; so does one where it was cancelled, once:
 * somebody else who waited for the same may have given up.
 */
async function resultOf(
  service: ServicePlace,
  body: string,
  { signal, onProgress }: Pick<ProvingRequest<unknown, unknown>, 'signal' | 'onProgress'>,
) {
  const submit = () => ask(service, { method: 'POST', path: '/jobs', body, schema: jobSchema, signal });
  let job = await submit();
  const { id } = job;
  const path = `/jobs/${id}`;
  let told = '';
  let cancelled = false;
  const tell = ({ stage }: Job) => {
    if (stage === told || !isStage(stage)) return;
    told = stage;
    onProgress?.(stage);
  };
  try {
    while (!isOver(job.state)) {
      tell(job);
      const next = { method: 'GET', path: `${path}?wait=${wait}`, schema: jobSchema, signal } as const;
      job = await ask(service, next).catch((error) => {
        if (error instanceof ServiceRefusal && error.kind === 'not-found') return submit();
        throw error;
      });
      if (job.state === 'cancelled' && !cancelled) {
        cancelled = true;
        job = await submit();
      }
    }
  } catch (error) {
    if (signal?.aborted) {
      // Whether the service hears of it does not matter to who aborted.
      const soon = AbortSignal.timeout(cancelling);
      await ask(service, { method: 'DELETE', path, schema: jobSchema, signal: soon }).catch(() => undefined);
    }
    throw error;
  }
  if (job.state !== 'done') throw failure(service, job);
  const result = await ask(service, { method: 'GET', path: `${path}/proof`, schema: resultSchema, signal });
  onProgress?.('done');
  return result;
}

const stages = ['witness', 'queued', 'loading-key', 'proving'] as const;
const isStage = (stage: string): stage is (typeof stages)[number] => stages.some((one) => one === stage);

/** The error that the job's end amounts to, under the code that a prover of this process would give it. */
function failure({ url }: ServicePlace, { id, state, reason }: Job): ProverError {
  const why = reason ? `${reason.code}: ${reason.message}` : 'it gives no reason';
  const code = reason?.code === 'witness' || reason?.code === 'statement' ? reason.code : 'backend';
  return new ProverError(code, `job ${id} at ${url} is ${state} (${why})`);
}
