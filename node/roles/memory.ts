// A role's memory: a state folder (node/state) whose every content is sealed under the role's account.
import type { SecretBox } from '../keystore/index.ts';
import type { State } from '../state/index.ts';
import type { Memory } from './context.ts';

/** Memory in an open state folder; whoever opened it closes it. */
export function createMemory(state: State, box: SecretBox): Memory {
  return {
    async read(name) {
      const sealed = await state.readBytes(name);
      return sealed && box.open(`memory/${name}`, sealed);
    },
    write: (name, bytes) => state.writeBytes(name, box.seal(`memory/${name}`, bytes)),
    remove: (name) => state.removeBytes(name),
  };
}
