// The service's server: its tokens, its routes, the OpenAPI document and the page made of it.
import { reasonOf } from '@murmuration/core';
import type { FastifyInstance } from 'fastify';
import {
  createServer,
  openApi,
  Refusal,
  type Route,
  type ServerLimits,
  type ServerSettings,
} from '../../http/index.ts';
import { page } from './page.ts';
import type { Tokens } from './tokens.ts';

/** Limits unless they are told: a job of the largest preset has half a megabyte. */
export const defaultLimits: ServerLimits = { body: 2 ** 20, perMinute: 6000, request: 10_000 };

export interface ApiSettings extends Pick<ServerSettings, 'limits' | 'tls' | 'onAnswer'> {
  readonly tokens: Tokens;
  readonly version: string;
}

/** The service's server, which does not listen yet. */
export async function createApi(
  routes: readonly Route[],
  { tokens, version, ...settings }: ApiSettings,
): Promise<FastifyInstance> {
  const app = await createServer(routes, {
    ...settings,
    callerOf: (token) => tokens.callerOf(token),
    mend: 'Send `Authorization: Bearer TOKEN`; `murmur prover token` makes one.',
    refusalOf: (error) => (isOfDatabase(error) ? databaseAway() : undefined),
  });
  const document = openApi(routes, {
    title: 'Murmuration prover service',
    version,
    description: 'Groth16 proofs as jobs. See node/service/README.md.',
  });
  const shown = page(routes, document);
  app.get('/openapi.json', async () => document);
  app.get('/', async (_, reply) =>
    reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('x-content-type-options', 'nosniff')
      .send(shown),
  );
  return app;
}

const databaseAway = () => new Refusal('unavailable', 'the database does not answer', { mend: 'Try again.' });

/** Faults of connections to PostgreSQL: classes 08, 53 and 57 of SQLSTATE, and the socket's own. */
function isOfDatabase(error: unknown): boolean {
  if (error instanceof Refusal) return false;
  const { code } = error as { code?: unknown };
  return (
    (typeof code === 'string' && /^(08|53|57)...$|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code)) ||
    /connection terminated|timeout exceeded when trying to connect|not opened/i.test(reasonOf(error))
  );
}
