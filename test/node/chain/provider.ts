// A provider in front of the development chain, with the faults that a test gives it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request of JSON-RPC. */
export interface Asked {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a method takes is its own.
  readonly params: any[];
}

/** What a provider does with a request instead of passing it on. */
export type Fault =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly text?: string | Buffer;
    }
  /** Nothing comes, or half of an answer. */
  | 'stalls'
  | 'breaks off';

/** What becomes of a request; what `next` resolves to is the chain's own answer. */
export type Manner = (
  asked: Asked,
  next: () => Promise<unknown>,
  request: IncomingMessage,
) => Promise<Fault | undefined> | Fault | undefined;

export interface Provider {
  /** Where the chain answers that it passes requests on to. */
  chain: string;
  readonly url: string;
  readonly port: number;
  /** Requests by method, so far. */
  readonly counts: Map<string, number>;
  manner: Manner;
  stop(): void;
}

/** Opens a provider that passes everything on until it is told another manner. */
export async function openProvider(chain: string, manner: Manner = () => undefined): Promise<Provider> {
  const counts = new Map<string, number>();
  const server = createServer(
    (request, response) => void serve(request, response).catch(() => response.destroy()),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = {
    chain,
    port,
    url: `http://127.0.0.1:${port}`,
    counts,
    manner,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };

  async function passOn(body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(proxy.chain, { method: 'POST', headers, body: JSON.stringify(body) });
    return answer.json();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const answers: unknown[] = [];
    for (const each of Array.isArray(body) ? body : [body]) {
      counts.set(each.method, (counts.get(each.method) ?? 0) + 1);
      const next = async () => ((await passOn(each)) as { result: unknown }).result;
      const fault = await proxy.manner(each, next, request);
      if (fault === 'stalls') return;
      if (fault === 'breaks off') {
        response.writeHead(200, { 'content-length': '1000' }).write('{"jsonrpc":"2.0","id":1,"resu');
        setTimeout(() => response.destroy(), 20);
        return;
      }
      if (fault && 'status' in fault) {
        response.writeHead(fault.status, fault.headers).end(fault.text ?? 'no');
        return;
      }
      answers.push(fault ? { jsonrpc: '2.0', id: each.id, ...fault } : await passOn(each));
    }
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  }

  return proxy;
}

/** A fault for the first requests of a method, and none after them. */
export function first(times: number, method: string, fault: Fault): Manner {
  let left = times;
  return (asked) => {
    if (asked.method !== method || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}
