// Parts of a kernel's memory: one address after the other, and how they are overwritten.
import type { SharedMemory } from './module.ts';

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

/**
 * Overwrites bytes with zeros. V8 fills shared memory element by element, so the widest elements take a seventh of the
 * time that bytes take.
 * @param address and `length` are multiples of 8.
 */
export function wipeMemory({ buffer }: SharedMemory, address: number, length: number): void {
  new Float64Array(buffer, address, length / 8).fill(0);
}
