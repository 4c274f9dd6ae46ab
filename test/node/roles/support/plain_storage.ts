// A role's storage without a disk.
import type { RoleStorage } from '../../../../node/roles/runtime/storage.ts';

/** An empty storage. */
export function plainStorage(): RoleStorage {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (name) => kept.get(name),
    write: async (name, bytes) => void kept.set(name, bytes),
    remove: async (name) => void kept.delete(name),
  };
}
