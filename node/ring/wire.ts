// The ring's messages, byte for byte. Every message has one form; bytes that do not parse to the last one are
// refused.
//
//   request: kind 1 | ring 32 | absent 8 | body         kinds: 1 hop, 2 notices, 3 status
//     hop:     segment 2 | count 2 | count x (payload 32 | signature 65) | part
//     notices: count 1 | count x (accused 1 | by 1 | signature 65)
//   reply:   answer 1 | absent 8 | progress 2 | notices
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { NodeError } from '../errors.ts';
import type { Notice } from './absence.ts';
import type { Chain, Link } from './hop.ts';
import type { Places } from './plan.ts';

/** What one member asks of another. */
export type Request = { readonly ring: Hex; readonly absent: Places } & (
  | { readonly kind: 'hop'; readonly chain: Chain; readonly part: Uint8Array }
  | { readonly kind: 'notices'; readonly notices: readonly Notice[] }
  | { readonly kind: 'status' }
);

/**
 * How a request went: `accepted`; `elsewhere`, the other runs another attempt; `unknown`, it has not opened
 * this ring; `gone`, it has closed it; `refused`, the hop broke a rule.
 */
export type Answer = (typeof answers)[number];
const answers = ['accepted', 'elsewhere', 'unknown', 'gone', 'refused'] as const;

/** What the other member answers. */
export interface Reply {
  readonly answer: Answer;
  /** The members that are gone, as far as the other has heard. */
  readonly absent: Places;
  /** 0 while the other prepares, then 1 and the number of hops that it has received without a gap. */
  readonly progress: number;
  /** Notices that this member has not heard. */
  readonly notices: readonly Notice[];
}

const kinds = ['hop', 'notices', 'status'] as const;
const linkBytes = 32 + 65;
const noticeBytes = 2 + 65;

/** The most bytes of a reply, and of a request that carries no part. */
export const maxPlain = 1 + 32 + 8 + 4 + 255 * noticeBytes;

/** The most bytes of a hop with `links` links and a part of `part` bytes. */
export const hopBytes = (links: number, part: number) => 1 + 32 + 8 + 4 + links * linkBytes + part;

/** A request's bytes. */
export function encodeRequest(request: Request): Uint8Array {
  const head = [byte(kinds.indexOf(request.kind) + 1), hexToBytes(request.ring), number(request.absent, 8)];
  if (request.kind === 'hop') return join([...head, encodeLinks(request.chain), request.part]);
  return join(request.kind === 'notices' ? [...head, encodeNotices(request.notices)] : head);
}

/** Reads a request. @throws NodeError `wire` */
export function decodeRequest(bytes: Uint8Array): Request {
  const read = reader(bytes);
  const kind = kinds[read.number(1) - 1];
  const ring = bytesToHex(read.bytes(32));
  const absent = read.big(8);
  if (kind === 'hop') {
    const chain = { ring, absent, ...readLinks(read) };
    return { kind, ring, absent, chain, part: read.rest() };
  }
  if (kind === 'notices') {
    const notices = readNotices(read);
    read.end();
    return { kind, ring, absent, notices };
  }
  if (kind !== 'status') throw new NodeError('wire', `ring message: kind ${bytes[0]}, but 1 to 3 are known`);
  read.end();
  return { kind, ring, absent };
}

/** A reply's bytes. */
export function encodeReply({ answer, absent, progress, notices }: Reply): Uint8Array {
  return join([
    byte(answers.indexOf(answer)),
    number(absent, 8),
    number(progress, 2),
    encodeNotices(notices),
  ]);
}

/** Reads a reply. @throws NodeError `wire` */
export function decodeReply(bytes: Uint8Array): Reply {
  const read = reader(bytes);
  const answer = answers[read.number(1)];
  if (!answer)
    throw new NodeError('wire', `ring reply: answer ${bytes[0]}, but 0 to ${answers.length - 1} are known`);
  const reply = { answer, absent: read.big(8), progress: read.number(2), notices: readNotices(read) };
  read.end();
  return reply;
}

/** A chain as a block of its own: evidence. */
export const encodeChain = (chain: Chain): Uint8Array =>
  join([hexToBytes(chain.ring), number(chain.absent, 8), encodeLinks(chain)]);

/** Reads what `encodeChain` wrote. @throws NodeError `wire` */
export function decodeChain(bytes: Uint8Array): Chain {
  const read = reader(bytes);
  const chain = { ring: bytesToHex(read.bytes(32)), absent: read.big(8), ...readLinks(read) };
  read.end();
  return chain;
}

function encodeLinks({ segment, links }: Chain): Uint8Array {
  const parts = links.flatMap(({ payload, signature }) => [hexToBytes(payload), hexToBytes(signature)]);
  return join([number(segment, 2), number(links.length, 2), ...parts]);
}

function readLinks(read: Reader): { segment: number; links: Link[] } {
  const segment = read.number(2);
  const links = Array.from({ length: read.count(2, linkBytes) }, () => ({
    payload: bytesToHex(read.bytes(32)),
    signature: bytesToHex(read.bytes(65)),
  }));
  return { segment, links };
}

function encodeNotices(notices: readonly Notice[]): Uint8Array {
  const parts = notices.flatMap(({ accused, by, signature }) => [
    byte(accused),
    byte(by),
    hexToBytes(signature),
  ]);
  return join([byte(notices.length), ...parts]);
}

function readNotices(read: Reader): Notice[] {
  return Array.from({ length: read.count(1, noticeBytes) }, () => ({
    accused: read.number(1),
    by: read.number(1),
    signature: bytesToHex(read.bytes(65)),
  }));
}

type Reader = ReturnType<typeof reader>;

function reader(source: Uint8Array) {
  let at = 0;
  const bytes = (count: number) => {
    if (at + count > source.length)
      throw new NodeError('wire', `ring message: ends after ${source.length} bytes, within a field`);
    at += count;
    return source.subarray(at - count, at);
  };
  const big = (size: number) => BigInt(bytesToHex(bytes(size)));
  return {
    bytes,
    big,
    number: (size: number) => Number(big(size)),
    /**
     * A number of items that must still fit into the message, so that nobody makes room for items that are
     * not there.
     */
    count(size: number, itemBytes: number) {
      const count = Number(big(size));
      if (count * itemBytes > source.length - at)
        throw new NodeError('wire', `ring message: ${count} items do not fit into it`);
      return count;
    },
    rest: () => bytes(source.length - at),
    end() {
      if (at !== source.length)
        throw new NodeError('wire', `ring message: ${source.length - at} bytes after its end`);
    },
  };
}

const byte = (value: number) => Uint8Array.of(value);

function number(value: number | bigint, size: number): Uint8Array {
  return hexToBytes(`0x${value.toString(16).padStart(size * 2, '0')}`);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
