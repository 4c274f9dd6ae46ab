// Routes of planning: the form, what a plan comes to, its posting, and what the account has posted.
import {
  doneSchema,
  planAskedSchema,
  planCheckedSchema,
  planFormSchema,
  planPostSchema,
  plansSchema,
  postingSchema,
} from '@murmuration/desk';
import { z } from 'zod';
import type { Route } from '../../../http/index.ts';
import { planFields } from '../plans/fields.ts';
import { refusing } from '../refuse.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const params = z.strictObject({
  task: z.string().regex(/^[1-9]\d{0,17}$/),
  what: z.enum(['start', 'cancel']),
});
const notReady = { what: 'not now; the message says why' };

export function planRoutes(context: DeskContext): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/plan',
      summary: 'The fields of a plan, with their bounds and defaults',
      scopes: ['page'],
      answers: { 200: { what: 'fields', schema: planFormSchema } },
      handle: async () => ({ fields: [...planFields] }),
    }),
    route({
      method: 'POST',
      path: '/api/plan/check',
      summary: 'What a plan comes to: faults by field, what a review of its terms finds, what it costs',
      scopes: ['page'],
      body: planAskedSchema,
      answers: { 200: { what: 'what was found', schema: planCheckedSchema } },
      handle: ({ body }) => context.planner().check(body),
    }),
    route({
      method: 'POST',
      path: '/api/plan/post',
      summary: 'Lock the bounty and post the task',
      scopes: ['page'],
      body: planPostSchema,
      answers: {
        202: { what: 'it is begun; /api/plans tells the rest', schema: postingSchema },
        409: notReady,
      },
      async handle({ body, reply }) {
        const begun = context.planner().post(body);
        reply.code(202);
        return begun;
      },
    }),
    route({
      method: 'GET',
      path: '/api/plans',
      summary: 'What the account has posted, and how it stands',
      scopes: ['page'],
      answers: { 200: { what: 'plans', schema: plansSchema } },
      async handle() {
        const planner = context.planner();
        const plans = await planner.list();
        const { posting } = planner;
        return { plans, ...(posting && { posting }) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/plans/{task}/{what}',
      summary: 'Close joining now, or give the task up while members join: the bounty comes back',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'what was done', schema: doneSchema }, 409: notReady },
      async handle({ params: { task, what } }) {
        return { done: [await refusing('not-ready', () => context.planner().order(BigInt(task), what))] };
      },
    }),
  ];
}
