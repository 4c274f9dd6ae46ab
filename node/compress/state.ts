// The bytes of a compressor's state: `MURC`, version, number of parameters, whether a round is open, how much of it
// was sent, how many coordinates are barred, and how many updates were released (uint32 little-endian each), then the
// arrays, float32 or uint32 little-endian.
import { bytesOfWords, wordsOfBytes } from '@murmuration/core';
import { NodeError } from '../errors.ts';

/**
 * A compressor's state. `open` holds residual and velocity as they were before the round, and the part of
 * them that was sent.
 */
export interface CompressorState {
  residual: Float32Array;
  velocity: Float32Array;
  /** Coordinates that are not sent again for now, ascending. */
  barred: Uint32Array;
  /** Updates made with noise of privacy; nothing that becomes of one takes it back. */
  releases: number;
  open:
    | {
        residual: Float32Array;
        velocity: Float32Array;
        sent: { support: Uint32Array; residual: Float32Array; velocity: Float32Array } | undefined;
      }
    | undefined;
}

const magic = 0x4352554d;
const version = 3;
const header = 28;
/** `sent` is missing: the round was opened, nothing sent. */
const unsent = 0xffffffff;

/** The state's bytes. */
export function encodeState({ residual, velocity, barred, releases, open }: CompressorState): Uint8Array {
  const parts: (Float32Array | Uint32Array)[] = [residual, velocity, barred];
  if (open) parts.push(open.residual, open.velocity);
  if (open?.sent) parts.push(open.sent.support, open.sent.residual, open.sent.velocity);
  const words = parts.reduce((n, part) => n + part.length, 0);
  const bytes = new Uint8Array(header + words * 4);
  const view = new DataView(bytes.buffer);
  const sent = open?.sent?.support.length ?? unsent;
  const head = [magic, version, residual.length, open ? 1 : 0, sent, barred.length, releases];
  head.forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  let at = header;
  for (const part of parts) {
    bytes.set(bytesOfWords(part), at);
    at += part.byteLength;
  }
  return bytes;
}

/**
 * Reads what `encodeState` wrote.
 * @throws NodeError `state` where the bytes are no state of `size` parameters.
 */
export function decodeState(bytes: Uint8Array, size: number): CompressorState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (i: number): number => (bytes.length >= header ? view.getUint32(i * 4, true) : -1);
  if (word(0) !== magic || word(1) !== version)
    throw new NodeError('state', `compressor state: it is no state of version ${version}`);
  if (word(2) !== size)
    throw new NodeError('state', `compressor state: ${word(2)} parameters, but the model has ${size}`);
  const open = word(3) === 1;
  const sent = word(4) === unsent ? undefined : word(4);
  const barred = word(5);
  const words = size * (open ? 4 : 2) + barred + (sent === undefined ? 0 : sent * 3);
  const isOdd = word(3) > 1 || barred > size || (sent !== undefined && (!open || sent > size));
  if (isOdd || bytes.length !== header + words * 4)
    throw new NodeError(
      'state',
      `compressor state: ${bytes.length} bytes do not fit its header: the file is damaged`,
      { mend: 'Restore the state folder.' },
    );
  let at = header;
  const next = (n: number): Uint8Array => {
    const part = bytes.subarray(at, at + n * 4);
    at += n * 4;
    return part;
  };
  const floats = (n: number): Float32Array => wordsOfBytes(Float32Array, next(n));
  const indices = (n: number): Uint32Array => wordsOfBytes(Uint32Array, next(n));
  const state: CompressorState = {
    residual: floats(size),
    velocity: floats(size),
    barred: indices(barred),
    releases: word(6),
    open: undefined,
  };
  if (open) {
    state.open = { residual: floats(size), velocity: floats(size), sent: undefined };
    if (sent !== undefined)
      state.open.sent = { support: indices(sent), residual: floats(sent), velocity: floats(sent) };
  }
  return state;
}
