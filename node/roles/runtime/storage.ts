// What a role remembers of one task: a state folder (node/state) in which every content is sealed under the
// role's account.
import { join } from 'node:path';
import { reasonOf } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import type { SecretBox } from '../../keystore/index.ts';
import { digestOf } from '../../protocol/index.ts';
import type { State } from '../../state/index.ts';

/** Named byte strings, encrypted at rest, each written whole or not at all. */
export interface RoleStorage {
  /** The bytes last written under the name; undefined if there are none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Durable once it resolves. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/**
 * What is remembered under a name, as `decode` reads it.
 * @throws NodeError `state`, which is final, where it cannot be read: what is sealed is whole, so another release wrote it.
 */
export async function remembered<T>(
  storage: RoleStorage,
  name: string,
  decode: (bytes: Uint8Array) => T,
): Promise<T | undefined> {
  const bytes = await storage.read(name);
  if (!bytes) return undefined;
  try {
    return decode(bytes);
  } catch (cause) {
    throw new NodeError('state', `what is remembered as ${name} is in no form that this release reads`, {
      mend: 'Go on with the release that wrote it until the task is over.',
      prospect: 'final',
      cause,
    });
  }
}

/** The storage of a role that remembers nothing: all that a prover does follows from chain and content. */
export const nothingKept: RoleStorage = {
  read: async () => undefined,
  write: async (name) => {
    throw new Error(`${name} is to be remembered by a role that keeps nothing`);
  },
  remove: async () => undefined,
};

/**
 * Storage in an open state folder, which its opener closes. `scope` names the task, its deployment and its chain's
 * history, so that nothing that was remembered for one task is found for another. Otherwise an update that was sealed for
 * a round of one task would be sent in a round of the other; and a commitment that is opened at two
 * challenges hides nothing any more.
 */
export function createRoleStorage(state: State, secretBox: SecretBox, scope: string): RoleStorage {
  const prefix = digestOf(new TextEncoder().encode(scope)).slice(2, 14);
  const file = (name: string) => `${prefix}-${name}`;
  // A part of the sealed form: another purpose would not open what is on disk.
  const purpose = (name: string) => `memory/${scope}/${name}`;
  return {
    async read(name) {
      const sealed = await state.readBytes(file(name));
      if (!sealed) return undefined;
      try {
        return secretBox.open(purpose(name), sealed);
      } catch (cause) {
        throw new NodeError('state', `${join(state.folder, file(name))}.bin: ${reasonOf(cause)}`, {
          mend: 'Give the account that the folder is of, or restore the file from a copy.',
          prospect: 'final',
          cause,
        });
      }
    },
    write: (name, bytes) => state.writeBytes(file(name), secretBox.seal(purpose(name), bytes)),
    remove: (name) => state.removeBytes(file(name)),
  };
}
