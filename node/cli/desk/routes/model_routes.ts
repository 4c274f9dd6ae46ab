// Routes of a task's model: take it from the chain, try it on rows, keep it.
import {
  doneSchema,
  evaluateSchema,
  evaluationSchema,
  modelFileNames,
  modelSchema,
  predictionsSchema,
  predictSchema,
} from '@murmuration/desk';
import { z } from 'zod';
import { demoSeed } from '../../../demo/index.ts';
import type { Route } from '../../../http/index.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const task = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .describe('the task');
const params = z.strictObject({ task });
const notFound = { what: 'there is none' };
const notNow = { what: 'not now' };

/** Models alone: what they answer from. */
type ModelContext = Pick<DeskContext, 'models' | 'market' | 'files'>;

export function modelRoutes(context: ModelContext): readonly Route[] {
  const { files } = context;
  async function rowsOf(id: string) {
    const file = await files.find(id);
    const data = files.source(file);
    return { data, named: { file: data.file, name: file.name } };
  }
  return [
    route({
      method: 'GET',
      path: '/api/tasks/{task}/model',
      summary: 'How the model of a task stands: what is done, or where it comes from',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'the model', schema: modelSchema } },
      handle: ({ params }) => context.models().look(params.task),
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/model',
      summary: 'Take the model: compute every round again from what is public',
      scopes: ['page'],
      params,
      answers: { 202: { what: 'it has begun', schema: doneSchema }, 404: notFound, 409: notNow },
      async handle({ params, reply }) {
        await context.market().posted(BigInt(params.task));
        context.models().take(params.task);
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/model/evaluation',
      summary: 'How good the model is on rows with a label',
      scopes: ['page'],
      params,
      body: evaluateSchema,
      answers: { 200: { what: 'figures', schema: evaluationSchema }, 404: notFound, 409: notNow },
      async handle({ params, body: { file, reading } }) {
        const digits = { kind: 'mnist', part: 1, of: 1, mirrored: false } as const;
        const { data, named } = file === undefined ? { data: digits, named: undefined } : await rowsOf(file);
        return context.models().use(params.task, 'evaluate', { data, reading, seed: demoSeed }, named);
      },
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/model/predictions',
      summary: 'What the model says of rows; the node keeps none of it',
      scopes: ['page'],
      params,
      body: predictSchema,
      answers: { 200: { what: 'predictions', schema: predictionsSchema }, 404: notFound, 409: notNow },
      async handle({ params, body: { file, reading, ids } }) {
        const { data, named } = await rowsOf(file);
        return context.models().use(params.task, 'predict', { data, reading, ids }, named);
      },
    }),
    route({
      method: 'GET',
      path: '/api/tasks/{task}/model/{file}',
      summary: 'The model as a file, its lineage along with it',
      scopes: ['page'],
      params: z.strictObject({ task, file: z.enum(modelFileNames) }),
      query: z.strictObject({ licence: z.string().min(1).max(200).optional() }),
      answers: { 200: { what: 'the file', type: 'application/octet-stream' }, 404: notFound },
      async handle({ params: { task: number, file }, query: { licence }, reply }) {
        const bytes = await context.models().file(number, file, licence);
        // Of another realm where it comes from a thread: fastify sends buffers alone.
        return reply.type('application/octet-stream').send(Buffer.from(bytes));
      },
    }),
  ];
}
