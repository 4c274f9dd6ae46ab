// How vectors are written: integers beyond 2^32 as 0x and 64 hexadecimal digits, arrays of numbers on one line.

/** A word of 32 bytes, as Solidity's JSON cheats read it. */
export function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** Bytes as 0x and hexadecimal digits. */
export function hexBytes(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** The text of a vector file. */
export function render(value: unknown): string {
  const text = JSON.stringify(value, null, 1);
  return `${text.replace(/\[\s+(-?\d[-\d,\s]*?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, '')}]`)}\n`;
}
