// JSON in its one canonical form (JCS, RFC 8785): members sorted by their UTF-16 code units, no spaces,
// numbers and strings as ECMAScript writes them, UTF-8.
import { NodeError } from '../errors.ts';

/**
 * A value as canonical text. @throws NodeError `wire` for what JSON cannot say: lone surrogates, infinite
 * numbers.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw cannot('a string with half of a surrogate pair');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw cannot(`the number ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw cannot(`a ${typeof value}`);
  const members = value as Readonly<Record<string, unknown>>;
  // The order of `sort` without a function is that of UTF-16 code units, which RFC 8785 asks for.
  const named = Object.keys(members).filter((name) => members[name] !== undefined);
  return `{${named
    .sort()
    .map((name) => `${canonicalJson(name)}:${canonicalJson(members[name])}`)
    .join(',')}}`;
}

/** A value as canonical bytes. */
export const canonicalBytes = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value));

const cannot = (what: string): NodeError =>
  new NodeError('wire', `canonical JSON: ${what} has no form in it`);
