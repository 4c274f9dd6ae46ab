// Numbers as bytes: 32 bytes each, little end first for WebAssembly and zkeys, big end first for the
// project's own files.

const mask = (1n << 64n) - 1n;

/** Writes `value` (below 2^256) at `offset` as 32 bytes, little end first. */
export function writeLittle(view: DataView, offset: number, value: bigint): void {
  view.setBigUint64(offset, value & mask, true);
  view.setBigUint64(offset + 8, (value >> 64n) & mask, true);
  view.setBigUint64(offset + 16, (value >> 128n) & mask, true);
  view.setBigUint64(offset + 24, value >> 192n, true);
}

/** Reads 32 bytes at `offset`, little end first. */
export function readLittle(view: DataView, offset: number): bigint {
  return (
    view.getBigUint64(offset, true) |
    (view.getBigUint64(offset + 8, true) << 64n) |
    (view.getBigUint64(offset + 16, true) << 128n) |
    (view.getBigUint64(offset + 24, true) << 192n)
  );
}

/** Writes `value` (below 2^256) at `offset` as 32 bytes, big end first. */
export function writeBig(view: DataView, offset: number, value: bigint): void {
  view.setBigUint64(offset, value >> 192n);
  view.setBigUint64(offset + 8, (value >> 128n) & mask);
  view.setBigUint64(offset + 16, (value >> 64n) & mask);
  view.setBigUint64(offset + 24, value & mask);
}

/** Reads 32 bytes at `offset`, big end first. */
export function readBig(view: DataView, offset: number): bigint {
  return (
    (view.getBigUint64(offset) << 192n) |
    (view.getBigUint64(offset + 8) << 128n) |
    (view.getBigUint64(offset + 16) << 64n) |
    view.getBigUint64(offset + 24)
  );
}

/** Scalars as one buffer of 32 bytes each, little end first. */
export function packLittle(values: readonly bigint[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 32);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    writeLittle(view, i * 32, value);
  });
  return bytes;
}

/** A view on the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
