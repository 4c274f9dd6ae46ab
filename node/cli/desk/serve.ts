// The desk's server: its page and its API, on this machine alone.
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { loadPage } from '@murmuration/desk';
import type { FastifyInstance } from 'fastify';
import { createServer, type Route, type ServerAnswer, type ServerLimits } from '../../http/index.ts';
import { admit } from './guard.ts';
import { createOwnUser, type userOf } from './neighbour.ts';
import { createSessions, type Sessions } from './sessions.ts';

const host = '127.0.0.1';

/** A file of rows comes in one request, as a stream: `mostBytes` is its own limit. Node takes no longer time than this. */
const limits: ServerLimits = { body: 2 ** 20, perMinute: 6000, request: 300_000 };

export interface DeskServerSettings {
  /** 0: any that is free. */
  readonly port: number;
  /** Where the page is kept once it is built, in a checkout. */
  readonly cacheFolder: string;
  readonly onAnswer: (answer: ServerAnswer) => void;
  /** Who is at the other end of a connection; the kernel's word unless given. */
  readonly userAt?: typeof userOf;
}

/** A desk that is served. */
export interface DeskServer {
  readonly origin: string;
  readonly ownerKey: string;
  /** What signs the answers of this start. */
  readonly doorKey: string;
  /** A link that opens the page, once; the one before is void. */
  newLink(): string;
  stop(): Promise<void>;
}

/**
 * Serves the page and routes.
 * @param routesOf gets the sessions that its routes make, and how links look.
 */
export async function serveDesk(
  { port, cacheFolder, onAnswer, userAt }: DeskServerSettings,
  routesOf: (sessions: Sessions, newLink: () => string) => readonly Route[],
): Promise<DeskServer> {
  const page = await loadPage({ cacheFolder });
  const sessions = createSessions();
  const isOwn = createOwnUser(userAt);
  let origin = '';
  const newLink = () => `${origin}/#${sessions.newLink()}`;
  const app: FastifyInstance = await createServer(routesOf(sessions, newLink), {
    limits,
    admit: (request, reply) => admit(request, reply, { origin, isOwn }),
    callerOf: async (secret) => sessions.callerOf(secret),
    mend: 'Open the page with a new link: `murmur open`.',
    onAnswer,
  });
  // The handler reads it, and counts its bytes.
  app.addContentTypeParser('application/octet-stream', (_, payload: Readable, done) => done(null, payload));
  for (const [path, { bytes, type }] of page)
    app.get(path === '/index.html' ? '/' : path, async (_, reply) => reply.type(type).send(bytes));
  await app.listen({ host, port });
  origin = `http://${host}:${(app.server.address() as AddressInfo).port}`;
  return {
    origin,
    ownerKey: sessions.ownerKey,
    doorKey: sessions.doorKey,
    newLink,
    stop: async () => app.close(),
  };
}
