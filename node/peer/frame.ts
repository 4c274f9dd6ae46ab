// One message on a stream: four bytes of length, big end first, then the bytes. Nothing is kept beyond the
// limit.
import type { Stream } from '@libp2p/interface';
import { NodeError } from '../errors.ts';

/** Bytes that a message has room for at first, if it is as long. */
const leastRoom = 16 * 1024;

/**
 * The next whole message of a stream.
 * @param limit bytes of the message, at most.
 * @throws NodeError `wire` when the message is longer, `peer` when it is cut short, which passes; the signal's reason
 * when it fires.
 */
export function readFrame(stream: Stream, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const head = new Uint8Array(4);
  let body = new Uint8Array(0);
  let filled = 0;
  let length: number | undefined;

  // Memory grows with the bytes that have arrived: not with the length that the head claims, nor with the number of
  // parts that they come in. A sender chooses the parts; kept as they are, a million of one byte take a hundred million.
  function room(needed: number, most: number): Uint8Array {
    if (body.length >= needed) return body;
    const grown = new Uint8Array(Math.min(most, Math.max(needed, 2 * body.length, leastRoom)));
    grown.set(body);
    body = grown;
    return grown;
  }

  function accept(chunk: Uint8Array) {
    let rest = chunk;
    if (length === undefined) {
      const part = rest.subarray(0, 4 - filled);
      head.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled < 4) return;
      length = new DataView(head.buffer).getUint32(0);
      if (length > limit)
        return fail(
          new NodeError(
            'wire',
            `message of ${length} bytes on ${stream.protocol}, but at most ${limit} are accepted`,
          ),
        );
      filled = 0;
    }
    if (filled + rest.length > length)
      return fail(
        new NodeError(
          'wire',
          `bytes after the message on ${stream.protocol}, but a stream carries one message each way`,
        ),
      );
    room(filled + rest.length, length).set(rest, filled);
    filled += rest.length;
    if (filled === length) resolve(body);
  }
  const isWhole = () => filled === length;

  const fail = (error: Error) => reject(error);
  const onMessage = (event: { data: Uint8Array | { subarray(): Uint8Array } }) =>
    accept(event.data.subarray());
  // A line that breaks off says nothing of what was on its way.
  const cut = (how: string, cause?: Error) =>
    new NodeError('peer', `stream ${stream.protocol} ${how} within a message`, {
      cause,
      prospect: 'passing',
    });
  // A stream ends with its message, mostly, before this reader has let go of it.
  const onEnd = () => isWhole() || fail(cut('ended'));
  const onClose = (event: { error?: Error }) => isWhole() || fail(cut('closed', event.error));
  const onAbort = () => fail(asError(signal.reason));

  stream.addEventListener('end', onEnd);
  stream.addEventListener('close', onClose);
  signal.addEventListener('abort', onAbort);
  stream.addEventListener('message', onMessage);
  if (signal.aborted) onAbort();
  else if ((stream.readableEnded || stream.status !== 'open') && stream.readBufferLength === 0) onEnd();
  return promise.finally(() => {
    stream.removeEventListener('message', onMessage);
    stream.removeEventListener('end', onEnd);
    stream.removeEventListener('close', onClose);
    signal.removeEventListener('abort', onAbort);
  });
}

/** Writes one message at the pace that the other side reads at, and closes the writing side. */
export async function writeFrame(stream: Stream, message: Uint8Array, signal: AbortSignal): Promise<void> {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, message.length);
  const step = 64 * 1024;
  stream.send(join([head, message.subarray(0, step)], 4 + Math.min(step, message.length)));
  for (let at = step; at < message.length; at += step) {
    await stream.onDrain({ signal });
    stream.send(message.subarray(at, at + step));
  }
  await stream.close({ signal });
}

/** A caught value as an error: an error as it is, any other value as the message of one. */
export const asError = (caught: unknown): Error =>
  caught instanceof Error ? caught : new Error(String(caught));

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
