// What the desk holds every request against before it reads it: pages of other sites run in the same browser, and can
// send requests here.
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../http/index.ts';

/** Nothing but the desk's own files, nothing inline, nothing from elsewhere, in no other page's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types',
].join('; ');

/** What every answer bears. */
const headers = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/** Where a desk is, and for whom. */
export interface DeskDoor {
  /** Of the page, such as `http://127.0.0.1:8430`. */
  readonly origin: string;
  /** Whether a connection is of the desk's own user. */
  isOwn(socket: Socket): Promise<boolean>;
}

/**
 * Refuses what does not come from the desk's own page or its owner's programs.
 * @throws Refusal `misdirected` for a request to another host: a name that somebody lets point to this machine;
 *   `forbidden` for one that another site's page or another user has sent.
 */
export async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { origin, isOwn }: DeskDoor,
): Promise<void> {
  reply.headers(headers);
  const { host, origin: from, 'sec-fetch-site': site } = request.headers;
  if (host !== origin.slice('http://'.length))
    throw new Refusal(
      'misdirected',
      `the request is for ${JSON.stringify(host ?? '')}, but the desk is ${origin}`,
    );
  // A browser says of every request that changes something where it comes from.
  if (from === undefined ? request.method !== 'GET' : from !== origin)
    throw new Refusal('forbidden', 'the request comes from another site');
  if (!(await isOwn(request.raw.socket)))
    throw new Refusal('forbidden', 'the request comes from another user of this machine');
  const isEntry = request.url === '/' && request.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isEntry)
    throw new Refusal('forbidden', 'the request comes from another site');
}
