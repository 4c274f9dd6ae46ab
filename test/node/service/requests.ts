// Requests to a prover service, and what is read of its answers.
import type { Job } from '../../../node/service/job/job.ts';
import type { SnarkjsProof } from '../../../node/service/job/proof.ts';
import type { Service } from '../../../node/service/serve.ts';

/** What the tests read of answers: a job, a list, a proof, an error. */
export interface Answer extends Job {
  readonly jobs: readonly Job[];
  readonly circuits: readonly Readonly<Record<string, unknown>>[];
  readonly proof: SnarkjsProof;
  readonly publicSignals: readonly string[];
  readonly error: { readonly code: string; readonly message: string; readonly mend?: string };
}

/** One request to a service. */
export async function request(
  { url }: Pick<Service, 'url'>,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: Answer; readonly headers: Headers }> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

/** Waits for a job to be over. */
export async function over(service: Pick<Service, 'url'>, token: string, id: string) {
  for (;;) {
    const { status, body } = await request(service, token, 'GET', `/jobs/${id}?wait=20`);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    if (!['waiting', 'proving'].includes(body.state)) return body;
  }
}
