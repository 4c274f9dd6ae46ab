// Routes of somebody's own files: given to the desk, held against the tasks, taken back.
import { Readable } from 'node:stream';
import { fileSchema, filesSchema, longestName, matchesSchema, readingSchema } from '@murmuration/desk';
import { z } from 'zod';
import type { Route } from '../../../http/index.ts';
import { mostBytes } from '../files/kept_files.ts';
import { matchAll } from '../files/match_all.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const params = z.strictObject({ id: z.uuid().describe('the file') });
const notFound = { what: 'no such file' };
const bytes = z.custom<Readable>((value) => value instanceof Readable, 'application/octet-stream');

export function fileRoutes(context: DeskContext): readonly Route[] {
  const { files } = context;
  const list = async () => ({ files: await files.list(), mostBytes });
  return [
    route({
      method: 'GET',
      path: '/api/files',
      summary: 'The files that are kept',
      scopes: ['page'],
      answers: { 200: { what: 'files', schema: filesSchema } },
      handle: list,
    }),
    route({
      method: 'POST',
      path: '/api/files',
      summary: 'Give a file of rows to the desk: a copy on this machine, which nobody else gets',
      scopes: ['page'],
      query: z.strictObject({
        name: z.string().min(1).max(longestName),
        id: z.uuid().optional().describe('by which it is to be known'),
      }),
      body: bytes,
      answers: {
        201: { what: 'the file', schema: fileSchema },
        409: { what: 'the id is taken' },
        413: { what: 'it is too large' },
      },
      async handle({ query: { name, id }, body, reply }) {
        const file = await files.keep(name, body, id);
        reply.code(201);
        return file;
      },
    }),
    route({
      method: 'POST',
      path: '/api/files/{id}/matches',
      summary: 'What every task that asks for a table would make of a file, column by column',
      scopes: ['page'],
      params,
      body: readingSchema,
      answers: { 200: { what: 'matches', schema: matchesSchema }, 404: notFound },
      async handle({ params: { id }, body: reading }) {
        const file = await files.find(id);
        const market = context.market();
        const tasks = [];
        for (const { task } of (await market.read()).tasks) {
          const description = await market.description(BigInt(task));
          if (description?.data.kind === 'csv') tasks.push({ task, spec: description.data });
        }
        return { file, matches: await matchAll({ source: files.source(file), reading, tasks }) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/files/{id}',
      summary: 'Remove a file: the copy of the desk, not the original',
      scopes: ['page'],
      params,
      answers: { 200: { what: 'what is left', schema: filesSchema } },
      async handle({ params: { id } }) {
        await files.remove(id);
        return list();
      },
    }),
  ];
}
