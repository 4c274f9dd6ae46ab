// The desk's door: who gets in, and what of other sites' pages, other names and older links does not.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { route } from '../../../../node/cli/desk/routes/route.ts';
import { sessionRoutes } from '../../../../node/cli/desk/routes/session_routes.ts';
import { type DeskServer, serveDesk } from '../../../../node/cli/desk/serve.ts';
import { createSessions } from '../../../../node/cli/desk/sessions.ts';
import { cacheFolder } from '../../../cache_folder.ts';

let server: DeskServer;
let changed = 0;
beforeAll(async () => {
  const settings = { port: 0, cacheFolder, onAnswer: () => undefined };
  server = await serveDesk(settings, (sessions, newLink) => [
    ...sessionRoutes(sessions, newLink),
    route({
      method: 'GET',
      path: '/api/secret',
      summary: 'Something of the page alone',
      scopes: ['page'],
      answers: { 200: { what: 'it' } },
      handle: async () => ({ secret: 'rows' }),
    }),
    route({
      method: 'POST',
      path: '/api/change',
      summary: 'Something that changes what is here',
      scopes: ['page'],
      answers: { 200: { what: 'done' } },
      async handle() {
        changed++;
        return {};
      },
    }),
  ]);
});
afterAll(() => server?.stop());

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A request with headers that fetch would not send. */
async function send(path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    headers: Record<string, unknown>;
    text: string;
  }>();
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const outgoing = httpRequest(
    new URL(path, server.origin),
    { method, headers: { ...(sent && { 'content-type': 'application/json' }), ...headers } },
    (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(sent);
  return promise;
}

const own = () => ({ origin: server.origin });
const exchange = (link: string) =>
  send('/api/session', { method: 'POST', headers: own(), body: { token: new URL(link).hash.slice(1) } });
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
async function session(): Promise<string> {
  const { status, text } = await exchange(server.newLink());
  expect(status).toBe(200);
  return (JSON.parse(text) as { session: string }).session;
}

describe('a link', () => {
  it('is exchanged for a session, once', async () => {
    const link = server.newLink();
    const first = await exchange(link);
    expect(first.status).toBe(200);
    const { session } = JSON.parse(first.text) as { session: string };
    expect(session).not.toBe(new URL(link).hash.slice(1));
    expect((await send('/api/secret', { headers: bearer(session) })).text).toBe('{"secret":"rows"}');
    expect((await exchange(link)).status).toBe(401);
  });

  it('of before is void once there is a newer one', async () => {
    const old = server.newLink();
    const link = server.newLink();
    expect((await exchange(old)).status).toBe(401);
    expect((await exchange(link)).status).toBe(200);
  });

  it('is made for who started the desk, not for its page', async () => {
    const asked = (secret: string) =>
      send('/api/links', { method: 'POST', headers: { ...own(), ...bearer(secret) } });
    const made = await asked(server.ownerKey);
    expect(made.status).toBe(200);
    expect((await exchange((JSON.parse(made.text) as { link: string }).link)).status).toBe(200);
    expect((await asked(await session())).status).toBe(403);
  });
});

describe('what is refused', () => {
  it('a request without a session, with one of another start, or with the key of its owner', async () => {
    const of = async (headers: Record<string, string>) => (await send('/api/secret', { headers })).status;
    expect(await of({})).toBe(401);
    const other = createSessions();
    expect(await of(bearer(other.exchange(other.newLink())!))).toBe(401);
    expect(await of(bearer(server.ownerKey))).toBe(403);
    // A page that another site has in a frame, or an image that it loads, sends cookies, and never a bearer.
    expect(await of({ cookie: `murmuration-session=${await session()}` })).toBe(401);
  });

  it('another name that points to this machine, also for the page itself', async () => {
    const headers = bearer(await session());
    for (const host of ['desk.example', 'localhost', new URL(server.origin).host.replace('127', '128')])
      for (const path of ['/', '/api/secret'])
        expect((await send(path, { headers: { ...headers, host } })).status, host).toBe(421);
  });

  it("another site's page, whatever it sends, and nothing is changed", async () => {
    const headers = bearer(await session());
    const from = (more: Record<string, string>) =>
      send('/api/change', { method: 'POST', headers: { ...headers, ...more }, body: {} });
    expect((await from({ origin: 'https://site.example' })).status).toBe(403);
    expect((await from({ origin: 'null' })).status).toBe(403);
    // A form, or a program, that says nothing of where it is.
    expect((await from({})).status).toBe(403);
    expect((await from({ ...own(), 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await from({ ...own(), 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect(changed).toBe(0);
    expect((await from({ ...own(), 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(changed).toBe(1);
    const read = (more: Record<string, string>) => send('/api/secret', { headers: { ...headers, ...more } });
    expect((await read({ origin: 'https://site.example' })).status).toBe(403);
    expect((await read({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
  });

  it('a body that is none of the route', async () => {
    for (const body of [{}, { token: 'short' }, { token: 'x'.repeat(43), more: 1 }])
      expect((await send('/api/session', { method: 'POST', headers: own(), body })).status).toBe(400);
  });
});

describe('the page', () => {
  it('is served with a policy that lets nothing in from elsewhere and nothing inline', async () => {
    const { status, headers, text } = await send('/');
    expect(status).toBe(200);
    expect(text).toContain('<div id="desk">');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:|blob:/);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('may be entered by a link elsewhere; its files are for itself', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await send('/', { headers: { ...elsewhere, 'sec-fetch-mode': 'navigate' } })).status).toBe(200);
    expect((await send('/', { headers: { ...elsewhere, 'sec-fetch-mode': 'no-cors' } })).status).toBe(403);
    const [, script] = /src="([^"]+)"/.exec((await send('/')).text)!;
    expect((await send(script!)).status).toBe(200);
    expect((await send(script!, { headers: elsewhere })).status).toBe(403);
  });

  it('bears its policy on refusals and on what is not there', async () => {
    for (const path of ['/api/secret', '/nothing', '/../package.json'])
      expect((await send(path)).headers['content-security-policy'], path).toContain("default-src 'none'");
  });
});
