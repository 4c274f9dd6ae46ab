// Routes of the service itself: what it proves, whether it is well, its figures, its documents.
import { z } from 'zod';
import { Refusal, type Route } from '../../http/index.ts';
import { isSecret, queueOf } from '../job/circuits.ts';
import { writeVerifyingKey } from '../job/proof.ts';
import { sealingSchema } from '../job/submission.ts';
import { listAgents } from '../queue/index.ts';
import type { ApiContext } from './context.ts';
import { metricsType, type ServiceMetrics } from './metrics.ts';
import { route } from './route.ts';

const circuitSchema = z.strictObject({
  circuit: z.string(),
  preset: z.string(),
  keys: z.string().describe('SHA-256 of the proving key'),
  kind: z.string().describe('`insecure-development`: anyone can forge; or `ceremony`'),
  mode: z
    .enum(['public', 'in-house'])
    .describe('in-house: the witness is a secret, for your own service only'),
  signals: z.int().describe('how many public signals there are'),
  agents: z.int().describe('agents that serve it now'),
});

export function serviceRoutes(context: ApiContext, metrics: ServiceMetrics): readonly Route[] {
  const { queue, offered } = context;
  return [
    route({
      method: 'GET',
      path: '/circuits',
      summary: 'What is proven here, under which keys, and by how many agents',
      scopes: ['public', 'secret', 'operate'],
      answers: { 200: { what: 'circuits', schema: z.strictObject({ circuits: z.array(circuitSchema) }) } },
      async handle() {
        const agents = await listAgents(queue);
        const circuits = offered.map((each) => ({
          circuit: each.circuit,
          preset: each.preset,
          keys: each.keys,
          kind: each.keySet.kind,
          mode: isSecret(each.circuit) ? 'in-house' : 'public',
          signals: each.keySet.circuit(each.circuit).verifyingKey.ic.length - 1,
          agents: agents.filter(({ queues }) => queues.includes(queueOf(each))).length,
        }));
        return { circuits };
      },
    }),
    route({
      method: 'GET',
      path: '/sealing',
      summary: 'What contents are sealed with; that of a secret circuit must be',
      scopes: ['public', 'secret'],
      answers: { 200: { what: 'the sealing key, and for whom', schema: sealingSchema } },
      handle: async ({ caller }) => ({
        owner: caller.name,
        key: Buffer.from(queue.key.sealingKey).toString('hex'),
      }),
    }),
    route({
      method: 'GET',
      path: '/circuits/{preset}/{circuit}/verifying-key',
      summary: "The verifying key, in snarkjs's form",
      scopes: ['public', 'secret', 'operate'],
      params: z.strictObject({ preset: z.string().max(32), circuit: z.string().max(32) }),
      answers: {
        200: { what: 'the key', schema: z.record(z.string(), z.unknown()) },
        404: { what: 'no such circuit' },
      },
      async handle({ params: { preset, circuit } }) {
        const found = offered.find((each) => each.circuit === circuit && each.preset === preset);
        if (!found) throw new Refusal('not-found', `the service does not prove ${circuit}/${preset}`);
        return writeVerifyingKey(found.keySet.circuit(found.circuit).verifyingKey);
      },
    }),
    route({
      method: 'GET',
      path: '/healthz',
      summary: 'Whether the process lives',
      scopes: 'open',
      answers: { 200: { what: 'it lives', schema: z.strictObject({ ok: z.literal(true) }) } },
      handle: async () => ({ ok: true }),
    }),
    route({
      method: 'GET',
      path: '/readyz',
      summary: 'Whether it takes jobs: its database answers, and some agent is there',
      scopes: 'open',
      answers: {
        200: { what: 'it does', schema: z.strictObject({ ok: z.literal(true), agents: z.int() }) },
        503: { what: 'it does not; the message says why' },
      },
      async handle() {
        if (context.draining()) throw new Refusal('unavailable', 'the service is about to end');
        const { length } = await listAgents(queue);
        if (length === 0)
          throw new Refusal('unavailable', 'no agent is there', { mend: 'Start `murmur prover agent`.' });
        return { ok: true, agents: length };
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Figures for Prometheus',
      scopes: ['metrics', 'operate'],
      answers: { 200: { what: 'OpenMetrics', type: metricsType } },
      async handle({ reply }) {
        reply.header('content-type', metricsType);
        return metrics.render();
      },
    }),
  ];
}
