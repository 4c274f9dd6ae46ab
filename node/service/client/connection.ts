// One connection to a service: requests that are tried again while the service is away, and answers that are
// checked.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@murmuration/core';
import { z } from 'zod';
import { NodeError } from '../../errors.ts';

export interface ServicePlace {
  /** Origin: scheme, host, port. */
  readonly url: string;
  readonly token: string;
}

/** Something that leaves this process for a service. */
export interface Sending {
  /** The circuit that is to be proven. */
  readonly circuit: string;
  /** Origin of the service. */
  readonly to: string;
  /** As it is sent: what is secret of it is sealed. */
  readonly body: Uint8Array;
}

/**
 * Hears of what is about to be sent, which it is once this resolves, and never if it rejects; then what came of it.
 */
export type SendingHearer = (sending: Sending) => Promise<(error?: unknown) => void>;

/** A request. */
export interface Question<T> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
}

/** The service says no, and would say it again. Code `service`. */
export class ServiceRefusal extends NodeError {
  /** The kind of refusal, as the service names it. */
  readonly kind: string;

  constructor(kind: string, message: string, mend?: string) {
    super('service', `the prover service refused: ${message}`, mend === undefined ? {} : { mend });
    this.kind = kind;
  }
}

const refusalSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), mend: z.string().optional() }),
});

/** Seconds for which a service may be away. */
const patience = 120;
/** Milliseconds of a request without an answer: longer than the longest wait that is asked for. */
const timeout = 45_000;
/** Milliseconds between the first two tries; it doubles up to eight times that. */
const pause = 250;

/**
 * Asks until there is an answer.
 *
 * @throws ServiceRefusal; NodeError `service` where the service stays away or answers nonsense. Rejects with the
 * signal's reason when it is aborted.
 */
export async function ask<T>(place: ServicePlace, question: Question<T>): Promise<T> {
  const until = performance.now() + patience * 1000;
  for (let attempt = 0; ; attempt++) {
    const answer = await askOnce(place, question);
    if ('value' in answer) return answer.value;
    if (performance.now() > until)
      throw new NodeError('service', `the prover service at ${place.url} does not answer (${answer.fault})`, {
        mend: 'Start it; jobs that it had are not lost.',
      });
    await sleep(pause * 2 ** Math.min(attempt, 3), undefined, { signal: question.signal }).catch(() => {
      question.signal?.throwIfAborted();
    });
  }
}

/** The answer, or the passing fault for which there is none. */
async function askOnce<T>(
  { url, token }: ServicePlace,
  { method, path, body, schema, signal }: Question<T>,
): Promise<{ readonly value: T } | { readonly fault: string }> {
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(timeout);
  let status: number;
  let json: unknown;
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body ?? null,
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    status = response.status;
    json = JSON.parse(await response.text());
  } catch (error) {
    signal?.throwIfAborted();
    return { fault: reasonOf(error instanceof Error && error.cause ? error.cause : error) };
  }
  if (status < 300) {
    const parsed = schema.safeParse(json);
    if (parsed.success) return { value: parsed.data };
    throw new NodeError('service', `the prover service at ${url} answers in a form that is not known here`, {
      mend: 'Use the same release on both sides.',
    });
  }
  const refusal = refusalSchema.safeParse(json).data?.error;
  if (status >= 500 || status === 429 || !refusal) return { fault: refusal?.message ?? `status ${status}` };
  throw new ServiceRefusal(refusal.code, refusal.message, refusal.mend);
}
