// Routes of the account's own roles: take a seat and train, follow, stop, go on, leave.
import { doneSchema, runsSchema, trainSchema } from '@murmuration/desk';
import { z } from 'zod';
import { Refusal, type Route } from '../../../http/index.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const params = z.strictObject({
  task: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .describe('the task'),
});
const begun = { what: 'it has begun: follow it', schema: doneSchema };
const notReady = { what: 'not now; the message says why' };
const notFound = { what: 'no role of this desk is in that task' };

export function runRoutes(context: DeskContext): readonly Route[] {
  const { market } = context;
  const runs = () => {
    const book = context.runs();
    if (book) return book;
    throw new Refusal('not-ready', 'the desk takes part in its example alone, and that is not open', {
      mend: 'On a chain that was named: `murmur trainer join`, `murmur trainer run`.',
    });
  };
  return [
    route({
      method: 'GET',
      path: '/api/runs',
      summary: "The account's roles: what they do, what came of it, and why",
      scopes: ['page'],
      answers: { 200: { what: 'roles', schema: runsSchema } },
      handle: async () => ({ runs: (await context.runs()?.list()) ?? [] }),
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/train',
      summary: 'Take a seat of a task, and train in it',
      scopes: ['page'],
      params,
      body: trainSchema,
      answers: { 202: begun, 409: notReady },
      async handle({ params: { task }, body: { file, ...how }, reply }) {
        const found = (await market().read()).tasks.find((each) => each.task === task);
        if (!found) throw new Refusal('not-found', `there is no task ${task}`);
        if (file === undefined && `${context.place.open?.free?.task}` !== task)
          throw new Refusal('malformed', `the example has no rows for task ${task}`, {
            mend: 'Give a file that fits it.',
          });
        await runs().begin({
          task,
          name: found.name ?? `task ${task}`,
          ...how,
          ...(file !== undefined && { file }),
        });
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/stop',
      summary: 'Stop the role; the seat stays, and its duties are missed meanwhile',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'it is stopped', schema: doneSchema }, 404: notFound },
      async handle({ params: { task } }) {
        await runs().stop(task);
        return { done: ['stopped'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/start',
      summary: 'Go on with a role that was stopped or has failed',
      scopes: ['page'],
      params,
      answers: { 202: begun, 404: notFound, 409: notReady },
      async handle({ params: { task }, reply }) {
        await runs().resume(task);
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/leave',
      summary:
        'Take the application back; or, after the task, get out stake and earnings as far as they are due',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'what was done', schema: doneSchema }, 404: notFound, 409: notReady },
      handle: async ({ params: { task } }) => ({ done: await runs().leave(task) }),
    }),
  ];
}
