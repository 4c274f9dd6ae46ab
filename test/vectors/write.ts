// How vectors are written: integers beyond 2^32 as 0x and 64 hexadecimal digits, arrays of numbers on one line.
import { type VerifyingKey, verifyingKeyToJson } from '@murmuration/prover';

/** A word of 32 bytes, as Solidity's JSON cheats read it. */
export function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** Bytes as 0x and hexadecimal digits. */
export function hexBytes(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** A verifying key in words, its points as docs/encodings.md has them. */
export function keyWords(key: VerifyingKey) {
  const { alpha, beta, gamma, delta, ic, bases } = verifyingKeyToJson(key);
  const words = (values: readonly string[]) => values.map((value) => hex(BigInt(value)));
  return {
    alpha: words(alpha),
    beta: words(beta),
    gamma: words(gamma),
    delta: words(delta),
    ic: ic.map(words),
    ...(bases && { bases }),
  };
}

/** The text of a vector file. */
export function render(value: unknown): string {
  const text = JSON.stringify(value, null, 1);
  return `${text.replace(/\[\s+(-?\d[-\d,\s]*?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, '')}]`)}\n`;
}
