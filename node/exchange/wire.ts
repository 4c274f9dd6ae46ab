// What members say about contents: a request names a digest and what of it is wanted; the answer begins with whether it
// is there. Numbers are four bytes, big end first.
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { NodeError } from '../errors.ts';
import { type Piece, pieceBytes, stateBytes, type Tail } from './pieces.ts';

/** The protocol of contents. */
export const contentProtocol = '/murmuration/content/1';

/** Whether a content is there; its last piece; or one before that. */
export type ContentRequest =
  | { readonly want: 'have' | 'tail'; readonly digest: Hex }
  | { readonly want: 'piece'; readonly digest: Hex; readonly index: number };

const wants = ['have', 'tail', 'piece'] as const;

/** Bytes of a request, at most. */
export const maxContentRequest = 37;
/** Bytes of an answer, at most. */
export const maxContentReply = 1 + 4 + stateBytes + pieceBytes;

/** The answer to a request for what is not there. */
export const notHere: Uint8Array = Uint8Array.of(0);
/** The answer to `have` for what is there. */
export const here: Uint8Array = Uint8Array.of(1);

/** A request as it travels. */
export function encodeRequest(request: ContentRequest): Uint8Array {
  const head = [Uint8Array.of(wants.indexOf(request.want)), hexToBytes(request.digest)];
  return Buffer.concat(request.want === 'piece' ? [...head, fourBytes(request.index)] : head);
}

/** @throws NodeError `wire` for anything but one request. */
export function decodeRequest(bytes: Uint8Array): ContentRequest {
  const want = wants[bytes[0] ?? wants.length];
  if (want === undefined || bytes.length !== (want === 'piece' ? 37 : 33))
    throw new NodeError('wire', `a request of ${bytes.length} bytes is none for a content`);
  const digest = bytesToHex(bytes.subarray(1, 33));
  return want === 'piece' ? { want, digest, index: numberAt(bytes, 33) } : { want, digest };
}

/** A tail as it travels. */
export const encodeTail = ({ length, state, bytes }: Tail): Uint8Array =>
  Buffer.concat([here, fourBytes(length), state, bytes]);

/** @throws NodeError `wire`. @returns undefined where the content is not there. */
export function decodeTail(reply: Uint8Array): Tail | undefined {
  if (!isHere(reply)) return undefined;
  const from = checkLength(reply, 5 + stateBytes);
  return { length: numberAt(reply, 1), state: reply.subarray(5, from), bytes: reply.subarray(from) };
}

/** A piece as it travels. */
export const encodePiece = ({ state, bytes }: Piece): Uint8Array => Buffer.concat([here, state, bytes]);

/** @throws NodeError `wire`. @returns undefined where the content is not there. */
export function decodePiece(reply: Uint8Array): Piece | undefined {
  if (!isHere(reply)) return undefined;
  const from = checkLength(reply, 1 + stateBytes);
  return { state: reply.subarray(1, from), bytes: reply.subarray(from) };
}

/** Whether an answer says that the content is there. @throws NodeError `wire` for an answer that says neither. */
export function isHere(reply: Uint8Array): boolean {
  if (reply[0] === 1) return true;
  if (reply[0] === 0 && reply.length === 1) return false;
  throw new NodeError('wire', `an answer of ${reply.length} bytes is none about a content`);
}

function checkLength(reply: Uint8Array, least: number): number {
  if (reply.length < least)
    throw new NodeError(
      'wire',
      `an answer has ${reply.length} bytes, but ${least} come before the content's`,
    );
  return least;
}

function fourBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

const numberAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
