// A line of a site's log: the hash of all lines so far, and an entry in JSON. The hash covers every byte of the
// line and of all before it, so no line can be another, elsewhere, or missing, and be followed by the same hashes.
import { createHash } from 'node:crypto';
import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { type Entry, entrySchema } from './entry.ts';

/** What the first line of a log follows. */
export const origin: Hex = `0x${'00'.repeat(32)}`;

/** Bytes of a line, at most: an entry has a few short texts, and names a bounded number of others. */
export const longestLine = 64 * 1024;

/** The head after an entry: SHA-256 of the head before it and the entry's bytes. */
export const headAfter = (previous: Hex, json: Uint8Array): Hex =>
  bytesToHex(createHash('sha256').update(hexToBytes(previous)).update(json).digest());

/** An entry as a line, with the head after it. */
export function encodeLine(previous: Hex, entry: Entry): { readonly bytes: Uint8Array; readonly head: Hex } {
  const json = JSON.stringify(entrySchema.parse(entry));
  const head = headAfter(previous, new TextEncoder().encode(json));
  return { bytes: new TextEncoder().encode(`${head.slice(2)} ${json}\n`), head };
}

/** A line as it was found. */
export interface FoundLine {
  readonly entry: Entry;
  /** As the line has it. */
  readonly head: Hex;
  /** Whether it is the hash of this line after the one before. */
  readonly follows: boolean;
}

/** Reads a line, without its end. @returns the reason where it is none. */
export function decodeLine(previous: Hex, line: Uint8Array): FoundLine | string {
  if (line.length > longestLine) return `it has ${line.length} bytes, more than a line has`;
  const head = new TextDecoder('latin1').decode(line.subarray(0, 64));
  if (!/^[0-9a-f]{64}$/.test(head) || line[64] !== 0x20) return 'it does not begin with a hash';
  const json = line.subarray(65);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json));
  } catch {
    return 'behind its hash is no JSON';
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) return 'behind its hash is no entry';
  return { entry: parsed.data, head: `0x${head}`, follows: headAfter(previous, json) === `0x${head}` };
}
