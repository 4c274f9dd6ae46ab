// Parts of a kernel's memory: one address after the other, and typed views on them.

/** Hands out addresses from `start` on; nothing is ever taken back. */
export interface Allocator {
  /** So many bytes, aligned to 64. */
  allocate(bytes: number): number;
  /** The first address that was not handed out. */
  readonly top: number;
}

const alignment = 64;

/** @param end the first address that may not be used; unlimited unless given, for counting. */
export function createAllocator(start: number, end = Number.POSITIVE_INFINITY): Allocator {
  let top = start;
  return {
    allocate(bytes) {
      const address = Math.ceil(top / alignment) * alignment;
      top = address + bytes;
      if (top > end) throw new Error(`${bytes} bytes at ${address} do not fit below ${end}`);
      return address;
    },
    get top() {
      return top;
    },
  };
}
