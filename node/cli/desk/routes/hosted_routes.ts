// Routes of what is given to hosts: who a host is, what it gets, how that stands, what its owner takes back.
import {
  doneSchema,
  giveSchema,
  hostedListSchema,
  hostSeenSchema,
  lookAtHostSchema,
  receiptTextSchema,
  signatureSchema,
  toSignSchema,
} from '@murmuration/desk';
import type { Hex } from 'viem';
import { z } from 'zod';
import { Refusal, type Route } from '../../../http/index.ts';
import { refusing } from '../refuse.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const task = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .describe('the task');
const params = z.strictObject({ task });
const orders = z.enum(['take-back', 'free', 'claim', 'queue', 'withdraw']);
const begun = { what: 'it has begun: follow it', schema: doneSchema };
const done = { what: 'what was done', schema: doneSchema };
const notReady = { what: 'not now; the message says why' };
const notFound = { what: 'nothing is given to a host in that task' };

export function hostedRoutes(context: DeskContext): readonly Route[] {
  const book = () => context.hosted();
  return [
    route({
      method: 'POST',
      path: '/api/hosts',
      summary: 'Who a host is, by the identity that it printed',
      scopes: ['page'],
      body: lookAtHostSchema,
      answers: { 200: { what: 'the host', schema: hostSeenSchema }, 400: { what: 'it is none, or altered' } },
      handle: ({ body }) => refusing('malformed', async () => (await book()).see(body.identity)),
    }),
    route({
      method: 'GET',
      path: '/api/hosted',
      summary: 'What is given to hosts, and how it stands',
      scopes: ['page'],
      answers: { 200: { what: 'what is given', schema: hostedListSchema } },
      handle: async () => ({ hosted: await (await book()).list() }),
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/host',
      summary:
        'Give a file and a mandate to a host; every reason against it is said before anything is given',
      scopes: ['page'],
      params,
      body: giveSchema,
      answers: { 202: begun, 409: notReady },
      async handle({ params, body, reply }) {
        const found = (await context.market().read()).tasks.find((each) => each.task === params.task);
        if (!found) throw new Refusal('not-found', `there is no task ${params.task}`);
        const named = { task: params.task, name: found.name ?? `task ${params.task}` };
        await refusing('not-ready', async () => (await book()).give(named, body));
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/hosted/{task}/start',
      summary: 'Go on with what has failed, or waited for its account to be unlocked',
      scopes: ['page'],
      params,
      answers: { 202: begun, 404: notFound, 409: notReady },
      async handle({ params, reply }) {
        await (await book()).resume(params.task);
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'GET',
      path: '/api/hosted/{task}/mandate',
      summary: 'The mandate of the package, for the wallet that owns the stake to sign',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'the mandate', schema: toSignSchema }, 404: notFound, 409: notReady },
      handle: ({ params }) => refusing('not-ready', async () => (await book()).toSign(params.task)),
    }),
    route({
      method: 'POST',
      path: '/api/hosted/{task}/mandate',
      summary: 'Seal the file with the signed mandate to the host, and hand it over',
      scopes: ['page'],
      params,
      body: signatureSchema,
      answers: { 200: done, 404: notFound, 409: notReady },
      async handle({ params, body }) {
        await refusing('not-ready', async () => (await book()).signed(params.task, body.signature as Hex));
        return { done: ['sealed'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/hosted/{task}/orders/{what}',
      summary: 'What an account of the node, as the owner, takes back from the host or gets out',
      scopes: ['page'],
      params: z.strictObject({ task, what: orders }),
      answers: { 200: done, 404: notFound, 409: notReady },
      async handle({ params }) {
        const said = await refusing('not-ready', async () => (await book()).order(params.task, params.what));
        return { done: [said] };
      },
    }),
    route({
      method: 'GET',
      path: '/api/hosted/{task}/package',
      summary: 'The sealed package as a file, which its host alone opens',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'the file', type: 'application/octet-stream' }, 404: notFound },
      handle: async ({ params, reply }) =>
        reply.type('application/octet-stream').send(await (await book()).package(params.task)),
    }),
    route({
      method: 'POST',
      path: '/api/hosted/{task}/receipt',
      summary: 'Take the receipt that the host has signed',
      scopes: ['page'],
      params,
      body: receiptTextSchema,
      answers: { 200: done, 400: { what: 'it is none of this host for this package' }, 404: notFound },
      async handle({ params, body }) {
        await refusing('malformed', async () => (await book()).receipt(params.task, body.receipt));
        return { done: ['the receipt holds'] };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/hosted/{task}',
      summary: 'Forget what no host works with',
      scopes: ['page'],
      params,
      answers: { 200: done, 404: notFound, 409: notReady },
      async handle({ params }) {
        await (await book()).forget(params.task);
        return { done: ['forgotten'] };
      },
    }),
  ];
}
