// The HTTP server: who asks, how much, in which form; then the routes.
import { createHash } from 'node:crypto';
import { reasonOf } from '@murmuration/core';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { z } from 'zod';
import { Refusal, type RefusalKind, refusals } from '../job/refusal.ts';
import { openApi } from './openapi.ts';
import { page } from './page.ts';
import type { Route } from './route.ts';
import type { Caller, Tokens } from './tokens.ts';

/** Limits of the server. */
export interface ServerLimits {
  /** Bytes of a body, at most. */
  readonly body: number;
  /** Requests of one caller in a minute, at most; of one address without a token likewise. */
  readonly perMinute: number;
  /** Milliseconds in which a request has to be there whole. */
  readonly request: number;
}

/** Limits unless they are told: a job of the largest preset has half a megabyte. */
export const defaultLimits: ServerLimits = { body: 2 ** 20, perMinute: 6000, request: 10_000 };

export interface ServerSettings {
  readonly limits: ServerLimits;
  /** Certificate chain and private key, PEM; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly tokens: Tokens;
  readonly version: string;
  /** Hears of each answer; never of a body, a query or a token. */
  readonly onAnswer: (answer: ServerAnswer) => void;
}

export interface ServerAnswer {
  readonly method: string;
  /** The route's path, without what was put in for its parameters. */
  readonly path: string;
  readonly status: number;
  readonly caller: string | undefined;
  readonly seconds: number;
  /** Of answers from 500. */
  readonly error?: unknown;
}

/** Milliseconds between two looks for requests that take too long. */
const checkInterval = 1000;

const unknownCaller: Caller = { name: 'anybody', scopes: new Set() };

/** A server that does not listen yet. */
export async function createServer(
  routes: readonly Route[],
  settings: ServerSettings,
): Promise<FastifyInstance> {
  const { limits, tls, tokens, version, onAnswer } = settings;
  const base = {
    bodyLimit: limits.body,
    requestTimeout: limits.request,
    keepAliveTimeout: 30_000,
    // Node swaps the two timeouts where the one of the headers is the longer one.
    http: { connectionsCheckingInterval: checkInterval, headersTimeout: limits.request },
    forceCloseConnections: true,
    trustProxy: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 64 },
  } as const;
  // The types of fastify's server differ with TLS; nothing here depends on which it is.
  const app = (
    tls ? fastify({ ...base, https: { ...tls, ...base.http, minVersion: 'TLSv1.2' } }) : fastify(base)
  ) as FastifyInstance;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const errors = new WeakMap<FastifyRequest, unknown>();

  app.addHook('onRequest', async (request) => {
    const token = /^Bearer (\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller = token && (await tokens.callerOf(token));
    if (caller) callers.set(request, caller);
  });
  app.addHook('onResponse', async (request, reply) => {
    onAnswer({
      method: request.method,
      path: routeOf(request),
      status: reply.statusCode,
      caller: callers.get(request)?.name,
      seconds: reply.elapsedTime / 1000,
      error: errors.get(request),
    });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, body } = answerOf(error);
    if (status >= 500) errors.set(request, error);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 503) reply.header('retry-after', '2');
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send(errorBody('not-found', 'there is no such route')),
  );

  const { default: rateLimit } = await import('@fastify/rate-limit');
  await app.register(rateLimit, {
    max: limits.perMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => callers.get(request)?.name ?? addressKey(request.ip),
    errorResponseBuilder: (_, { max, after }) =>
      new Refusal('too-many', `there were more than ${max} requests in a minute`, { mend: `Wait ${after}.` }),
  });

  for (const each of routes) add(app, each, callers);
  const document = openApi(routes, version);
  const shown = page(routes, document);
  app.get('/openapi.json', async () => document);
  app.get('/', async (_, reply) => pageHeaders(reply).send(shown));
  return app;
}

/** The route; looks that wait are told apart, since their time says nothing of the server's. */
function routeOf({ routeOptions, query }: FastifyRequest): string {
  const url = routeOptions.url ?? 'unknown';
  return (query as { wait?: unknown }).wait === undefined ? url : `${url}?wait`;
}

/** One address without a token, by a name that no token has. */
const addressKey = (ip: string) => `@${createHash('sha256').update(ip).digest('base64url')}`;

function pageHeaders(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .header('x-content-type-options', 'nosniff');
}

function add(app: FastifyInstance, each: Route, callers: WeakMap<FastifyRequest, Caller>): void {
  const { scopes } = each;
  app.route({
    method: each.method,
    url: each.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // After the count of requests, before a body is read.
    preParsing: async (request) => {
      if (scopes === 'open') return;
      const caller = callers.get(request);
      if (!caller)
        throw new Refusal('unauthorised', 'the request has no token that is known here', {
          mend: 'Send `Authorization: Bearer TOKEN`; `murmur prover token` makes one.',
        });
      if (!scopes.some((scope) => caller.scopes.has(scope)))
        throw new Refusal('forbidden', `${caller.name}'s token has none of the scopes ${scopes.join(', ')}`);
    },
    handler: async (request, reply) =>
      each.handle({
        params: read(each.params, 'path', request.params),
        query: read(each.query, 'query', request.query),
        body: read(each.body, 'body', request.body),
        caller: callers.get(request) ?? unknownCaller,
        reply,
      }),
  });
}

/** What a part of the request says; of what is wrong, the place and the rule are told, never the value. */
function read<T>(schema: z.ZodType<T> | undefined, part: string, value: unknown): T {
  const parsed = (schema ?? z.unknown()).safeParse(value);
  if (parsed.success) return parsed.data as T;
  const issue = closest(parsed.error.issues);
  throw new Refusal('malformed', `${[part, ...issue.path].join('.')}: ${issue.message}`);
}

/** Of several forms, what is wrong with the one that is missed by least. */
function closest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [issue] = issues as readonly [z.core.$ZodIssue];
  if (issue.code !== 'invalid_union') return issue;
  return closest(issue.errors.toSorted((a, b) => a.length - b.length)[0]!);
}

const errorBody = (code: RefusalKind | 'fault', message: string, mend?: string) => ({
  error: { code, message, ...(mend !== undefined && { mend }) },
});

/** Fastify's own refusals, by status. */
const ofServer: Readonly<Record<number, readonly [RefusalKind, string]>> = {
  400: ['malformed', 'the request is malformed'],
  413: ['too-large', 'the body is too large'],
  415: ['malformed', 'the body is not application/json'],
};

function answerOf(error: unknown): { status: number; body: ReturnType<typeof errorBody> } {
  if (error instanceof Refusal) {
    const { kind, message, mend } = error;
    return { status: refusals[kind], body: errorBody(kind, message, mend) };
  }
  const known = ofServer[(error as { statusCode?: number }).statusCode ?? 500];
  if (known) return { status: refusals[known[0]], body: errorBody(...known) };
  if (isOfDatabase(error))
    return { status: 503, body: errorBody('unavailable', 'the database does not answer', 'Try again.') };
  return { status: 500, body: errorBody('fault', 'the service failed; its log says why') };
}

/** Faults of connections to PostgreSQL: classes 08, 53 and 57 of SQLSTATE, and the socket's own. */
function isOfDatabase(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return (
    (typeof code === 'string' && /^(08|53|57)...$|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code)) ||
    /connection terminated|timeout exceeded when trying to connect|not opened/i.test(reasonOf(error))
  );
}
