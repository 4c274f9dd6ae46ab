// Multibase text with base58btc, as verifiable credentials write keys and signatures: `z`, then digits of
// base 58 (https://www.w3.org/TR/cid-1.0/#multibase-0).
import { NodeError } from '../../errors.ts';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes as `z...`. */
export function encodeMultibase(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1;
  let rest = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let digits = '';
  for (; rest > 0n; rest /= 58n) digits = alphabet[Number(rest % 58n)]! + digits;
  return `z${'1'.repeat(zeros)}${digits}`;
}

/** Bytes of `z...`. @throws NodeError `wire` for anything else. */
export function decodeMultibase(text: string): Uint8Array {
  if (!text.startsWith('z')) throw none(text);
  let value = 0n;
  for (const digit of text.slice(1)) {
    const at = alphabet.indexOf(digit);
    if (at < 0) throw none(text);
    value = value * 58n + BigInt(at);
  }
  const zeros = /^1*/.exec(text.slice(1))![0].length;
  const hex = value === 0n ? '' : value.toString(16);
  return Buffer.concat([
    Buffer.alloc(zeros),
    Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'),
  ]);
}

const none = (text: string): NodeError =>
  new NodeError('wire', `multibase: ${text.slice(0, 80)} is no text of base58btc, which begins with z`);
