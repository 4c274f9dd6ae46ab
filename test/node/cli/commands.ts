// Every command of `murmur`, from the verbs' data.
import { type Action, isGroup, type Verb } from '../../../node/cli/command/verb.ts';
import { allVerbs } from '../../../node/cli/verbs/index.ts';

/** A command by its words: `['trainer', 'run']`. */
export interface Command {
  readonly words: readonly string[];
  readonly verb: Verb;
}

/** Every verb, and every action of a verb. */
export const commands: readonly Command[] = Object.entries(allVerbs).flatMap(([name, verb]): Command[] => [
  { words: [name], verb },
  ...(isGroup(verb)
    ? Object.entries(verb.actions).map(([action, each]) => ({ words: [name, action], verb: each }))
    : []),
]);

/** Every action, every verb without actions, and what verbs with actions do alone. */
export const actions: readonly (Command & { readonly verb: Action })[] = commands.flatMap(
  ({ words, verb }) => {
    const own = isGroup(verb) ? verb.itself : verb;
    return own ? [{ words, verb: own }] : [];
  },
);
