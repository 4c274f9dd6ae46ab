// JSON with one encoding: bytes that are not exactly what the encoder makes are refused, so that nothing can be
// announced again under another digest.
import type { Hex } from 'viem';
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { isDigest } from '../protocol/index.ts';

/** What names another content. */
export const digestSchema = z.custom<Hex>(
  (value) => typeof value === 'string' && isDigest(value),
  'a digest',
);

/** What a content must be. */
export interface Canonical<Value> {
  /** For messages. */
  readonly what: string;
  /** Most bytes of it. */
  readonly most: number;
  readonly schema: z.ZodType<Value>;
}

/** JSON in UTF-8, in the order of the value's members; whole numbers beyond doubles are decimal strings. */
export const encodeCanonical = (value: object): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item)),
  );

/** Reads what {@link encodeCanonical} wrote. @throws NodeError `wire` for any other bytes. */
export function decodeCanonical<Value extends object>(
  { what, most, schema }: Canonical<Value>,
  content: Uint8Array,
): Value {
  if (content.length > most)
    throw new NodeError('wire', `${what} has ${content.length} bytes, but at most ${most} are read`);
  const parsed = schema.safeParse(jsonOf(what, content));
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    throw new NodeError('wire', `${what}: ${path.join('.') || 'the whole'}: ${message}`);
  }
  if (Buffer.compare(encodeCanonical(parsed.data), content) !== 0)
    throw new NodeError('wire', `${what} is not in its one encoding`);
  return parsed.data;
}

function jsonOf(what: string, content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (cause) {
    throw new NodeError('wire', `${what} is no JSON`, { cause });
  }
}
