// What the files of this room have in common: how numbers stand in them, and how they are read.
import { z } from 'zod';
import { canonicalJson } from '../protocol/canonical_json.ts';
import { CreditError } from './errors.ts';

/** An unsigned number of up to 32 bytes, as 0x and hexadecimal digits without leading zeros. */
export const hexNumber = z
  .string()
  .regex(/^0x(0|[1-9a-f][0-9a-f]{0,63})$/, 'is not 0x and up to 64 hexadecimal digits without leading zeros')
  .transform(BigInt);

/** A signed integer as decimal digits. */
export const decimal = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,77})$/, 'is no decimal number')
  .transform(BigInt);

/** A point of Baby Jubjub. */
export const point = z.strictObject({ x: hexNumber, y: hexNumber });

/** How a number stands in a file. */
export const hexOf = (value: bigint): string => `0x${value.toString(16)}`;

/**
 * A file's value in its form.
 *
 * @param what names the file: `the record`.
 * @throws {CreditError} `file`, naming the first member that is wrong.
 */
export function parseAs<T>(what: string, schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new CreditError('file', `${what}: ${path.join('.') || 'the whole'}: ${message}`);
}

/** The bytes of a file: canonical JSON (RFC 8785) and a line's end, the same wherever it is written. */
export const fileText = (value: unknown): string => `${canonicalJson(value)}\n`;
