// Server-sent events: what happens, as it happens, to somebody who listens.
import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Milliseconds between two signs that a stream lives. */
export const pulse = 15_000;
/** Bytes that may wait for a listener; one that does not read loses its stream, and asks again. */
const mostWaiting = 2 ** 20;

/** A sign that a stream lives, which is no event. */
export const alive = ': alive\n\n';

/** An event, its data as JSON. */
export const eventText = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** Answers with a stream of such texts. */
export function asEvents(reply: FastifyReply, stream: Readable): Readable {
  reply.header('content-type', 'text/event-stream').header('cache-control', 'no-store');
  return stream;
}

/** Tells an event. */
export type Tell = (name: string, data: unknown) => void;

/**
 * Answers with a stream of events, until its listener leaves.
 * @param listen begins to tell; what it returns ends that.
 */
export function eventStream(reply: FastifyReply, listen: (tell: Tell) => () => void): Readable {
  const stream = new PassThrough();
  const write = (text: string) => {
    if (stream.writableLength > mostWaiting) stream.destroy();
    else if (!stream.destroyed) stream.write(text);
  };
  const takeBack = listen((name, data) => write(eventText(name, data)));
  const timer = setInterval(() => write(alive), pulse);
  stream.once('close', () => {
    clearInterval(timer);
    takeBack();
  });
  return asEvents(reply, stream);
}
