// Routes of jobs: submit, look, wait, fetch the proof, cancel, try again.
import { Readable } from 'node:stream';
import { MurmurationError } from '@murmuration/core';
import { z } from 'zod';
import { alive, asEvents, type Caller, eventText, pulse, Refusal, type Route } from '../../http/index.ts';
import { isSecret } from '../job/circuits.ts';
import { readContent } from '../job/content.ts';
import { isOver, jobSchema, jobStates, resultSchema } from '../job/job.ts';
import { type PlainJob, type Submission, submissionSchema } from '../job/submission.ts';
import { cancelJob, findJob, listJobs, type Owner, resultOf, retryJob, submitJob } from '../queue/index.ts';
import type { ApiContext, OfferedCircuit } from './context.ts';
import { route } from './route.ts';

const params = z.strictObject({ id: z.uuid().describe('the job') });
const notFound = { what: 'no such job of this caller' };
const anyJob = ['public', 'secret', 'operate'] as const;
/** Longest wait for a change, seconds. */
const longestWait = 30;
/** Streams of one caller at the same time. */
const maxStreams = 100;

/** Operators see everybody's jobs, others their own. */
const ownerOf = ({ name, scopes }: Caller): Owner => (scopes.has('operate') ? undefined : name);

export function jobRoutes(context: ApiContext): readonly Route[] {
  const { queue, watch } = context;
  const streams = new Map<string, number>();
  return [
    route({
      method: 'POST',
      path: '/jobs',
      summary: 'Submit a job; the same content again is the same job',
      scopes: ['public', 'secret'],
      body: submissionSchema,
      answers: {
        201: { what: 'the job, taken in', schema: jobSchema },
        200: { what: 'the job, which was there', schema: jobSchema },
        403: { what: 'the witness of this circuit is a secret, and the token is for public ones' },
        422: { what: 'it would miss its deadline; the message says why' },
      },
      async handle({ body, caller, reply }) {
        try {
          const served = await admit(context, caller, body);
          const { job, made } = await submitJob(queue, { owner: caller.name, served, submission: body });
          context.count(made ? 'submitted' : 'repeated', served.circuit);
          if (made) context.wake();
          reply.code(made ? 201 : 200).header('location', `/jobs/${job.id}`);
          return job;
        } catch (error) {
          if (error instanceof Refusal) context.count('refused', 'any');
          throw error;
        }
      },
    }),
    route({
      method: 'GET',
      path: '/jobs',
      summary: 'List jobs, the youngest first; those that failed are the dead letters',
      scopes: anyJob,
      query: z.strictObject({
        state: z.enum(jobStates).optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
      answers: { 200: { what: 'jobs', schema: z.strictObject({ jobs: z.array(jobSchema) }) } },
      handle: async ({ query, caller }) => ({
        jobs: await listJobs(queue, { owner: ownerOf(caller), ...query }),
      }),
    }),
    route({
      method: 'GET',
      path: '/jobs/{id}',
      summary: 'Look at a job, or wait until it changes',
      scopes: anyJob,
      params,
      query: z.strictObject({
        wait: z.coerce
          .number()
          .min(0)
          .max(longestWait)
          .default(0)
          .describe('seconds to wait at most until the job has another state, stage or try'),
      }),
      answers: { 200: { what: 'the job', schema: jobSchema }, 404: notFound },
      async handle({ params: { id }, query: { wait }, caller }) {
        const owner = ownerOf(caller);
        const job = await findJob(queue, id, owner);
        if (wait === 0 || isOver(job.state)) return job;
        const changed = await watch.next(id, job, wait * 1000);
        return changed ? findJob(queue, id, owner) : job;
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/{id}/events',
      summary: 'Follow a job as server-sent events, one `job` event a change, until it is over',
      scopes: anyJob,
      params,
      answers: { 200: { what: 'events', type: 'text/event-stream' }, 404: notFound },
      async handle({ params: { id }, caller, reply }) {
        const owner = ownerOf(caller);
        await findJob(queue, id, owner);
        const open = streams.get(caller.name) ?? 0;
        if (open >= maxStreams)
          throw new Refusal(
            'too-many',
            `${open} streams of ${caller.name} are open, but ${maxStreams} may be`,
          );
        streams.set(caller.name, open + 1);
        const events = async function* () {
          try {
            for (let seen = undefined as Awaited<ReturnType<typeof watch.next>>; ; ) {
              const glance = await watch.next(id, seen, pulse);
              if (context.draining()) return;
              if (!glance) yield alive;
              else {
                seen = glance;
                const job = await findJob(queue, id, owner);
                yield eventText('job', job);
                if (isOver(job.state)) return;
              }
            }
          } finally {
            streams.set(caller.name, streams.get(caller.name)! - 1);
          }
        };
        return asEvents(reply, Readable.from(events(), { objectMode: false }));
      },
    }),
    route({
      method: 'GET',
      path: '/jobs/{id}/proof',
      summary: "Fetch the proof, in snarkjs's form",
      scopes: anyJob,
      params,
      query: z.strictObject({
        part: z
          .enum(['all', 'proof', 'public'])
          .default('all')
          .describe('`proof` and `public`: files of snarkjs'),
      }),
      answers: {
        200: { what: 'the proof and what it took', schema: resultSchema },
        404: notFound,
        409: { what: 'there is no proof; the message says why' },
      },
      async handle({ params: { id }, query: { part }, caller }) {
        const result = await resultOf(queue, id, ownerOf(caller));
        return part === 'all' ? result : part === 'proof' ? result.proof : result.publicSignals;
      },
    }),
    route({
      method: 'DELETE',
      path: '/jobs/{id}',
      summary: 'Cancel a job: its proving ends, its inputs are erased; one that is done stays done',
      scopes: anyJob,
      params,
      answers: { 200: { what: 'the job', schema: jobSchema }, 404: notFound },
      async handle({ params: { id }, caller }) {
        const { job, now } = await cancelJob(queue, id, ownerOf(caller));
        if (now) context.count('cancelled', job.circuit);
        return job;
      },
    }),
    route({
      method: 'POST',
      path: '/jobs/{id}/retry',
      summary: 'Try a dead letter again',
      scopes: ['operate'],
      params,
      answers: {
        200: { what: 'the job, waiting again', schema: jobSchema },
        404: notFound,
        409: { what: 'it has not failed' },
        410: { what: 'its inputs were a secret and are erased' },
      },
      async handle({ params: { id } }) {
        const job = await retryJob(queue, id);
        context.wake();
        return job;
      },
    }),
  ];
}

/** The circuit of a submission that this caller may make and whose inputs have the circuit's form. */
async function admit(context: ApiContext, caller: Caller, submission: Submission): Promise<OfferedCircuit> {
  if (context.draining()) throw new Refusal('unavailable', 'the service is about to end');
  const { circuit, preset, keys } = submission;
  const offered = context.offered.filter((each) => each.circuit === circuit && each.preset === preset);
  const found = offered.find((each) => keys === undefined || each.keys === keys);
  if (!found) {
    const has = offered[0]
      ? `its keys of ${circuit}/${preset} are ${offered[0].keys}, not ${keys}`
      : `it has ${context.offered.map((each) => `${each.circuit}/${each.preset}`).join(', ')}`;
    throw new Refusal('malformed', `the service does not prove ${circuit}/${preset}: ${has}`, {
      mend: 'See GET /circuits.',
    });
  }
  if (isSecret(found.circuit) && !caller.scopes.has('secret'))
    throw new Refusal(
      'forbidden',
      `the witness of ${circuit} is a secret, but ${caller.name} may send public ones`,
      {
        mend: "Only the institution's own service gets secrets: there, make a token with the scope `secret`.",
      },
    );
  if (!('sealed' in submission)) await checkPlain(found, submission);
  return found;
}

/** A content that everybody may read is checked at once, one that only agents read is checked by them. */
async function checkPlain(offered: OfferedCircuit, submission: PlainJob): Promise<void> {
  if (isSecret(offered.circuit))
    throw new Refusal('malformed', `the inputs of ${offered.circuit} are a secret, but they came unsealed`, {
      mend: 'Seal the job: `murmur prover seal`. The service may have copies of what it read now.',
    });
  checkSignals(offered, submission);
  const { signals, inputs } = readContent(submission);
  const open = Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, [value]]));
  try {
    await (await offered.calculator()).check({ ...inputs, ...open });
  } catch (error) {
    if (!(error instanceof MurmurationError)) throw error;
    throw new Refusal('malformed', error.message, error.mend === undefined ? {} : { mend: error.mend });
  }
}

/** The public signals must be the circuit's, no input may pass for one. */
function checkSignals(
  { circuit, preset, keySet }: OfferedCircuit,
  { signals, inputs, point }: PlainJob,
): void {
  const { ic, bases } = keySet.circuit(circuit).verifyingKey;
  const { length } = ic;
  const given = Object.keys(signals);
  const twice = given.find((name) => Object.hasOwn(inputs, name));
  if (twice !== undefined) throw new Refusal('malformed', `${twice} is given as a signal and as an input`);
  if (given.length !== length - 1)
    throw new Refusal(
      'malformed',
      `there are ${given.length} signals, but ${circuit}/${preset} has ${length - 1}`,
    );
  if ((point === undefined) !== (bases === undefined))
    throw new Refusal('malformed', `${circuit}/${preset} ${bases ? 'asks for a point' : 'has no point'}`);
}
