// Multibase text with base58btc, as verifiable credentials write keys and signatures: `z`, then digits of
// base 58 (https://www.w3.org/TR/cid-1.0/#multibase-0).
import { base58btc } from 'multiformats/bases/base58';
import { NodeError } from '../../errors.ts';

/** Bytes as `z...`. */
export const encodeMultibase = (bytes: Uint8Array): string => base58btc.encode(bytes);

/** Bytes of `z...`. @throws NodeError `wire` for anything else. */
export function decodeMultibase(text: string): Uint8Array {
  try {
    return base58btc.decode(text);
  } catch (cause) {
    const what = `multibase: ${text.slice(0, 80)} is no text of base58btc, which begins with z`;
    throw new NodeError('wire', what, { cause });
  }
}
