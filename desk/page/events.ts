// Server-sent events by fetch: an EventSource would send no session.

/** The names of the events of a stream, as they come. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  for (let rest = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const [, name] = /^event: (\w+)$/m.exec(event) ?? [];
      if (name !== undefined) yield name;
    }
  }
}
