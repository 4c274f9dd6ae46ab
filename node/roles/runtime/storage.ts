// A role's memory of one task: a state folder (node/state) whose every content is sealed under the role's account.
import type { SecretBox } from '../../keystore/index.ts';
import type { State } from '../../state/index.ts';
import { digestOf } from '../../store/index.ts';
import type { Memory } from './context.ts';

/**
 * Memory in an open state folder; whoever opened it closes it. `place` names the task and its deployment: what is remembered for
 * one is never found for another, or an update that was sealed for a round of this one would be sent in a round of that one, and
 * a commitment that is opened at two challenges hides no more.
 */
export function createMemory(state: State, box: SecretBox, place: string): Memory {
  const scope = digestOf(new TextEncoder().encode(place)).slice(2, 14);
  const file = (name: string) => `${scope}-${name}`;
  const purpose = (name: string) => `memory/${place}/${name}`;
  return {
    async read(name) {
      const sealed = await state.readBytes(file(name));
      return sealed && box.open(purpose(name), sealed);
    },
    write: (name, bytes) => state.writeBytes(file(name), box.seal(purpose(name), bytes)),
    remove: (name) => state.removeBytes(file(name)),
  };
}
