// The way out through a proxy: requests and websockets of peers go through it, under names that this machine cannot
// resolve; this machine itself and hosts that are excepted do not.
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../node/chain/index.ts';
import { useProxy } from '../../../node/cli/output/proxy.ts';
import { introduce, loner, stopAll } from '../peer/fixture.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server on loopback; resolves to its port. */
async function serve(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that knows each name as this machine; resolves to its address, and whom it was asked for. */
async function startProxy() {
  const asked: string[] = [];
  const names: (string | undefined)[] = [];
  // What is asked without TLS comes whole, or through a tunnel; all else through a tunnel.
  const server = createServer((query, response) => {
    const { host, port } = new URL(query.url!);
    asked.push(host);
    names.push(query.headers['proxy-authorization']);
    const { method, headers } = query;
    const onward = request({ host: '127.0.0.1', port, method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    query.pipe(onward);
  });
  server.on('connect', ({ url, headers }: { url: string; headers: Record<string, string> }, socket) => {
    asked.push(url);
    names.push(headers['proxy-authorization']);
    const there = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
    ends.push(() => socket.destroy());
  });
  return { url: `http://127.0.0.1:${await serve(server)}`, asked, names };
}

/** A chain's node that knows its chain's id. */
const chainNode = () =>
  serve(
    createServer((request, response) => {
      request.resume().on('end', () => response.end('{"jsonrpc":"2.0","id":1,"result":"0x7a69"}'));
    }),
  );

const through = (env: Record<string, string>) => ends.push(useProxy(env));

describe('a proxy that the environment names', () => {
  it("carries what is asked of the chain's node, and nothing to this machine or to excepted hosts", async () => {
    const { url, asked, names } = await startProxy();
    const port = await chainNode();
    const idAt = (host: string) => createClient({ url: `http://${host}:${port}` }).getChainId();
    through({ HTTP_PROXY: url, NO_PROXY: 'chain.invalid' });
    expect(await idAt('node.invalid')).toBe(31337);
    expect(asked).toEqual([`node.invalid:${port}`]);
    expect(await idAt('127.0.0.1')).toBe(31337);
    await expect(idAt('chain.invalid')).rejects.toThrow();
    expect(asked).toHaveLength(1);
    through({ HTTP_PROXY: url.replace('//', '//name:word@') });
    expect(await idAt('node.invalid')).toBe(31337);
    expect(names).toEqual([undefined, `Basic ${btoa('name:word')}`]);
  });

  it('carries peers to websockets: a member behind it takes part through one that has such an address', async () => {
    const { url, asked } = await startProxy();
    const [relay, a, b] = [
      await loner({}, { listen: ['/ip4/127.0.0.1/tcp/0/ws'] }),
      await loner({}, { listen: [] }),
      await loner({}, { listen: [] }),
    ];
    ends.push(() => stopAll([relay, a, b]));
    const port = /\/tcp\/(\d+)\//.exec(relay.peer.addresses()[0]!)![1]!;
    through({ HTTP_PROXY: url });
    for (const each of [a, b]) {
      each.peer.serve('/echo', { maxRequest: 100, handler: async (bytes) => bytes });
      await introduce(each, [a, b, relay]);
    }
    await introduce(relay, [a, b, relay], [`/dns4/relay.invalid/tcp/${port}/ws`]);
    const ask = () =>
      a.peer.request(b.account.address, { protocol: '/echo', message: new Uint8Array(3), maxReply: 100 });
    await expect.poll(() => ask().then(({ length }) => length, String)).toBe(3);
    expect(new Set(asked)).toEqual(new Set([`relay.invalid:${port}`]));
  });

  it('changes nothing where there is none, and is refused where it is no address', async () => {
    through({ HTTPS_PROXY: '' });
    expect(() => useProxy({ HTTPS_PROXY: 'not an address' })).toThrow('HTTPS_PROXY is no address of a proxy');
  });
});
