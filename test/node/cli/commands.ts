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

/** The words of a command line as a shell splits them, without `murmur`: quotes hold words together. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, one, two, three]) => one ?? two ?? three!);

/** The action that the first words name, and the words after these; undefined where there is none. */
export function findAction([name = '', ...rest]: readonly string[]):
  | { readonly name: string; readonly action: Action; readonly rest: readonly string[] }
  | undefined {
  const verb = Object.hasOwn(allVerbs, name) ? allVerbs[name]! : undefined;
  if (verb === undefined) return undefined;
  if (!isGroup(verb)) return { name, action: verb, rest };
  const [word = '', ...flags] = rest;
  if (Object.hasOwn(verb.actions, word))
    return { name: `${name} ${word}`, action: verb.actions[word]!, rest: flags };
  return verb.itself && (word === '' || word.startsWith('-'))
    ? { name, action: verb.itself, rest }
    : undefined;
}
