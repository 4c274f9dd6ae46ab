// A role's memory without a disk.
import type { Memory } from '../../../../node/roles/runtime/context.ts';

export function plainMemory(): Memory {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (name) => kept.get(name),
    write: async (name, bytes) => void kept.set(name, bytes),
    remove: async (name) => void kept.delete(name),
  };
}
