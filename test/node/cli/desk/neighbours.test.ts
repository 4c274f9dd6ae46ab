// Other users of the same machine: one that reaches the desk's port with the link in hand, and one that listens where a
// desk was before.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deskFolder } from '../../../../node/cli/desk/desk.ts';
import { askForLink, openDoor } from '../../../../node/cli/desk/door.ts';
import { userOf } from '../../../../node/cli/desk/neighbour.ts';
import { sessionRoutes } from '../../../../node/cli/desk/routes/session_routes.ts';
import { type DeskServer, serveDesk } from '../../../../node/cli/desk/serve.ts';
import { makeFolder } from '../../../../node/state/index.ts';
import { cacheFolder } from '../../../cache_folder.ts';

let home: string;
const servers: DeskServer[] = [];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'murmuration-door-'));
  await makeFolder(deskFolder(home));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(home, { recursive: true, force: true });
});

async function serve(userAt?: typeof userOf): Promise<DeskServer> {
  const settings = { port: 0, cacheFolder, onAnswer: () => undefined, ...(userAt && { userAt }) };
  const server = await serveDesk(settings, sessionRoutes);
  servers.push(server);
  return server;
}

const exchange = ({ origin, newLink }: DeskServer) =>
  fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: new URL(newLink()).hash.slice(1) }),
  });

describe.skipIf(process.platform !== 'linux')('another user of the machine', () => {
  it('gets neither page nor session, also with a link that it saw in the list of processes', async () => {
    const own = await serve();
    expect((await exchange(own)).status).toBe(200);
    const others = await serve(async () => process.getuid!() + 1);
    for (const answer of [await exchange(others), await fetch(others.origin)]) {
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('another user of this machine');
    }
    // Nor one of whom the kernel says nothing.
    expect((await exchange(await serve(async () => undefined))).status).toBe(403);
  });

  it('is known by its connection: the kernel names its user', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const other = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [socket] = (await once(server, 'connection')) as [Socket];
    expect(await userOf(socket)).toBe(process.getuid!());
    other.destroy();
    socket.destroy();
    server.close();
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is refused as such (needs an administrator, who can be another)',
    async () => {
      const { origin } = await serve();
      const source = `fetch(${JSON.stringify(origin)}).then(({ status }) => console.log(status))`;
      const answer = async (uid: number) =>
        (await promisify(execFile)(process.execPath, ['-e', source], { uid })).stdout.trim();
      expect([await answer(0), await answer(65_534)]).toEqual(['200', '403']);
    },
  );
});

describe('who listens where a desk was', () => {
  it('has no page opened in its place, whatever it answers to the key that it is sent', async () => {
    const desk = await serve();
    let asked: string | undefined;
    const thief = createHttp((request, reply) => {
      asked = request.headers.authorization;
      const { port } = thief.address() as AddressInfo;
      const link = `http://127.0.0.1:${port}/#${'x'.repeat(43)}`;
      reply.setHeader('content-type', 'application/json');
      reply.end(JSON.stringify({ link, proof: desk.ownerKey }));
    }).listen(0, '127.0.0.1');
    await once(thief, 'listening');
    const { port } = thief.address() as AddressInfo;
    const close = await openDoor(home, { ...desk, origin: `http://127.0.0.1:${port}` } as never);
    expect(await askForLink(home)).toBeUndefined();
    expect(asked).toBe(`Bearer ${desk.ownerKey}`);
    thief.close();
    await close();
    await openDoor(home, desk as never);
    expect(await askForLink(home)).toMatch(new RegExp(`^${desk.origin}/#`));
  });
});
