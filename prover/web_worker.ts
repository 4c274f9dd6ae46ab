// The part of the web's Worker that ffjavascript needs, over Node's threads; ends with the thread that
// started it.
import { Worker as Thread, type Transferable } from 'node:worker_threads';

const prelude = `
  const { parentPort } = require('node:worker_threads');
  const self = {
    postMessage: (data, transfer) => parentPort.postMessage(data, transfer),
    close: () => parentPort.close(),
  };
  parentPort.on('message', (data) => self.onmessage({ data }));
`;

export default class Worker {
  readonly #thread: Thread;

  /** @param source a script as `data:application/javascript;base64,...`. */
  constructor(source: string) {
    const script = Buffer.from(source.slice(source.indexOf(',') + 1), 'base64').toString();
    this.#thread = new Thread(prelude + script, { eval: true, execArgv: [] });
  }

  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void {
    this.#thread.on(type, (data: unknown) => listener({ data }));
  }

  postMessage(data: unknown, transfer?: Transferable[]): void {
    this.#thread.postMessage(data, transfer);
  }
}
