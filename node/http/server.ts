// An HTTP server: who asks, how much, in which form; then the routes.
import { createHash } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal, type RefusalKind, refusals } from './refusal.ts';
import type { Caller, Route } from './route.ts';

/** Limits of a server. */
export interface ServerLimits {
  /** Bytes of a body, at most. */
  readonly body: number;
  /** Requests of one caller in a minute, at most; of one address without a token likewise. */
  readonly perMinute: number;
  /** Milliseconds in which a request has to be there whole. */
  readonly request: number;
}

export interface ServerSettings {
  readonly limits: ServerLimits;
  /** Certificate chain and private key, PEM; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whom a bearer token belongs to; undefined where nobody has it. */
  readonly callerOf: (token: string) => Promise<Caller | undefined>;
  /** How to get a token, for a request that has none. */
  readonly mend: string;
  /** Looks at a request before anything else of it counts, sets what every answer bears, and throws what is refused. */
  readonly admit?: (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>;
  /** What of a fault the caller is told; the server's own words for what is undefined. */
  readonly refusalOf?: (error: unknown) => Refusal | undefined;
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
  const { limits, tls, callerOf, admit, refusalOf, onAnswer } = settings;
  const base = {
    bodyLimit: limits.body,
    requestTimeout: limits.request,
    keepAliveTimeout: 30_000,
    // Node swaps the two timeouts where the one of the headers is the longer one.
    http: { connectionsCheckingInterval: checkInterval, headersTimeout: limits.request },
    forceCloseConnections: true,
    trustProxy: false,
    exposeHeadRoutes: false,
    // A transaction's hash is the longest name in a path.
    routerOptions: { maxParamLength: 66 },
  } as const;
  // Loaded when a server is made: roles know refusals, and serve nobody.
  const { default: fastify } = await import('fastify');
  // The types of fastify's server differ with TLS; nothing here depends on which it is.
  const app = (
    tls ? fastify({ ...base, https: { ...tls, ...base.http, minVersion: 'TLSv1.2' } }) : fastify(base)
  ) as FastifyInstance;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const errors = new WeakMap<FastifyRequest, unknown>();

  app.addHook('onRequest', async (request, reply) => {
    await admit?.(request, reply);
    const token = /^Bearer (\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller = token && (await callerOf(token));
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
    const { status, body } = answerOf(refusalOf?.(error) ?? error);
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

  for (const each of routes) add(app, each, { callers, mend: settings.mend });
  return app;
}

/** The route; looks that wait are told apart, since their time says nothing of the server's. */
function routeOf({ routeOptions, query }: FastifyRequest): string {
  const url = routeOptions.url ?? 'unknown';
  return (query as { wait?: unknown }).wait === undefined ? url : `${url}?wait`;
}

/** One address without a token, by a name that no token has. */
const addressKey = (ip: string) => `@${createHash('sha256').update(ip).digest('base64url')}`;

/** Whom requests are of, and how somebody without a token gets one. */
interface Guard {
  readonly callers: WeakMap<FastifyRequest, Caller>;
  readonly mend: string;
}

function add(app: FastifyInstance, each: Route, { callers, mend }: Guard): void {
  const { scopes } = each;
  app.route({
    method: each.method,
    url: each.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // After the count of requests, before a body is read.
    preParsing: async (request) => {
      if (scopes === 'open') return;
      const caller = callers.get(request);
      if (!caller) throw new Refusal('unauthorised', 'the request has no token that is known here', { mend });
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
  return { status: 500, body: errorBody('fault', 'the server failed; its log says why') };
}
