// Routes of audits: of any task, with its certificate, and of what left this machine.
import { auditFileNames, auditSchema, doneSchema, siteFileNames, siteSchema } from '@murmuration/desk';
import { z } from 'zod';
import { renderSiteAudit } from '../../../audit/index.ts';
import type { Route } from '../../../http/index.ts';
import { siteView } from '../audits/audit_view.ts';
import type { DeskContext } from './context.ts';
import { route } from './route.ts';

const task = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .describe('the task');
const types = { json: 'application/json', html: 'text/html; charset=utf-8' } as const;
const typeOf = (name: string) => types[name.split('.')[1] as keyof typeof types];
const notFound = { what: 'there is none' };

/** Audits alone: what they answer from. */
type AuditContext = Pick<DeskContext, 'audits' | 'auditSite' | 'market'>;

export function auditRoutes(context: AuditContext): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/tasks/{task}/audit',
      summary: 'How the audit of a task stands: what it does, or what came of it',
      scopes: ['page'],
      params: z.strictObject({ task }),
      answers: { 200: { what: 'the audit', schema: auditSchema } },
      handle: ({ params }) => context.audits().look(params.task),
    }),
    route({
      method: 'POST',
      path: '/api/tasks/{task}/audit',
      summary: 'Compute the task again, from chain and contents alone, and certify what comes of it',
      scopes: ['page'],
      params: z.strictObject({ task }),
      answers: { 202: { what: 'it has begun', schema: doneSchema }, 404: notFound, 409: { what: 'not now' } },
      async handle({ params, reply }) {
        await context.market().posted(BigInt(params.task));
        context.audits().begin(params.task);
        reply.code(202);
        return { done: ['begins'] };
      },
    }),
    route({
      method: 'GET',
      path: '/api/tasks/{task}/audit/{file}',
      summary: 'A file of an audit: its certificate, or one of those that it vouches for',
      scopes: ['page'],
      params: z.strictObject({ task, file: z.enum(auditFileNames) }),
      answers: { 200: { what: 'the file', type: 'application/octet-stream' }, 404: notFound },
      async handle({ params: { task: number, file }, reply }) {
        const bytes = await context.audits().file(number, file);
        return reply.type(typeOf(file)).send(bytes);
      },
    }),
    route({
      method: 'GET',
      path: '/api/site',
      summary: "What left this machine in the account's name, held against the chain",
      scopes: ['page'],
      answers: { 200: { what: 'the audit of the site', schema: siteSchema }, 404: notFound },
      handle: async () => siteView(await context.auditSite()),
    }),
    route({
      method: 'GET',
      path: '/api/site/{file}',
      summary: 'The audit of the site as a file, with all entries',
      scopes: ['page'],
      params: z.strictObject({ file: z.enum(siteFileNames) }),
      answers: { 200: { what: 'the file', type: 'application/octet-stream' }, 404: notFound },
      async handle({ params: { file }, reply }) {
        const report = await context.auditSite();
        const text = file === 'site.json' ? `${JSON.stringify(report, null, 1)}\n` : renderSiteAudit(report);
        return reply.type(typeOf(file)).send(text);
      },
    }),
  ];
}
