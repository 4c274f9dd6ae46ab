// A chain's node that is away at the start: waited for, told with its mend, and given up when the desk stops.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { awaitChain } from '../../../../node/cli/desk/await_chain.ts';

/** A server that answers every call with a chain's id. */
const chain = () =>
  createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: number };
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ jsonrpc: '2.0', id, result: '0x7a69' }));
    });
  });

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('a chain that does not answer', () => {
  it('is told with its mend, and waited for until it does', async () => {
    const port = await freePort();
    const late = chain();
    const said: string[] = [];
    const say = (text: string) => {
      said.push(text);
      if (said.length === 1) late.listen(port, '127.0.0.1');
    };
    await awaitChain(`http://127.0.0.1:${port}`, say, new AbortController().signal, 50);
    late.close();
    expect(said[0]).toMatch(/does not answer.*--rpc.*Tried once/);
  });

  it('is given up when the desk stops', async () => {
    const ending = new AbortController();
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(awaitChain(url, () => ending.abort(), ending.signal, 60_000)).rejects.toThrow('abort');
  });
});
