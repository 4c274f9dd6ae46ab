// A TCP proxy on loopback that stands for a bad line: it delays what passes, and cuts connections.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface Line {
  /** What the proxy does to each byte that passes, in milliseconds. */
  readonly delay?: number;
  /** Cuts a connection once this many bytes have passed; asked anew for each connection. */
  cutAfter?(): number;
}

export interface BadLine {
  readonly port: number;
  readonly cuts: () => number;
  close(): Promise<void>;
}

/** A proxy to a port of this machine. */
export async function openProxy(
  to: number,
  { delay = 0, cutAfter = () => Number.POSITIVE_INFINITY }: Line,
): Promise<BadLine> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((inner) => {
    const outer = connect(to, '127.0.0.1');
    let left = cutAfter();
    const cut = () => {
      for (const socket of [inner, outer]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const [from, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('data', (data) => {
        left -= data.length;
        if (left < 0) {
          cuts += 1;
          cut();
        } else if (delay === 0) other.write(data);
        else setTimeout(() => other.destroyed || other.write(data), delay);
      });
      from.on('close', () => setTimeout(cut, delay));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
