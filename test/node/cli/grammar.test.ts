// One grammar for all verbs: the same name is the same flag, the same flag has the same name, and every command has the
// flags that a reader of any other expects.
import { describe, expect, it } from 'vitest';
import { type Flag, flagName } from '../../../node/cli/command/flag.ts';
import * as shared from '../../../node/cli/command/flags.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { actions, commands, findAction, wordsOf } from './commands.ts';

/** Every flag of every action. */
const all = actions.flatMap(({ words, verb }) =>
  Object.entries(verb.flags).map(([name, flag]) => ({ command: words.join(' '), name, flag })),
);

/** What stands for a value in help, or `switch`. */
const kindOf = ({ value = 'switch' }: Flag): string => value;

/** Names that two commands use for two things: each is the plain word in both. None is to be added. */
const homonyms: Readonly<Record<string, readonly string[]>> = {
  // An address to listen on; the identity of who trains for others.
  host: ['FILE', 'HOST'],
  // A number; the public text that development keys follow from.
  seed: ['N', 'TEXT'],
  // A model in integers; the statement of that name.
  score: ['FILE', 'switch'],
  // Where it answers; whether it is looked at.
  service: ['URL', 'switch'],
  // A program's setting; a set of issuers.
  set: ['N', 'SETTING'],
  // The job that is sealed; a file of a program, by its name below a folder.
  file: ['FILE', 'NAME'],
  // One file, or a folder with several.
  out: ['FILE', 'FOLDER'],
};

describe('every command', () => {
  it.each(actions.map(({ words, verb }) => [words.join(' '), verb.flags] as const))(
    'murmur %s has --json, and --home where anything lies below it',
    (_, flags) => {
      expect(Object.keys(flags)).toContain('json');
      const below = Object.values(flags).filter(({ shown = '' }) => /\bHOME\b/.test(shown));
      if (below.length > 0) expect(Object.keys(flags)).toContain('home');
    },
  );

  it.each(commands.map(({ words, verb }) => [words.join(' '), verb.examples] as const))(
    'murmur %s has examples, and each is a command line that is taken',
    (_, examples) => {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const line = example
          .split(' > ')[0]!
          .replaceAll('0x…', `0x${'f39fd6e51aad88f6f4ce6ab8827279cfffb92266'}`);
        const found = findAction(wordsOf(line).slice(1));
        expect(found, example).toBeDefined();
        expect(() => readFlags(found!.name, found!.action.flags, found!.rest), example).not.toThrow();
      }
    },
  );
});

describe('flags', () => {
  it('of one name are of one kind', () => {
    const kinds = Object.groupBy(all, ({ name }) => name);
    const several = Object.entries(kinds)
      .map(([name, uses]) => [name, [...new Set(uses!.map(({ flag }) => kindOf(flag)))].sort()] as const)
      .filter(([, each]) => each.length > 1);
    expect(Object.fromEntries(several)).toEqual(homonyms);
  });

  it('that many commands share are theirs, whatever one of them says of it', () => {
    const flags = Object.entries(shared as Readonly<Record<string, unknown>>).filter(
      (entry): entry is [string, Flag] =>
        typeof entry[1] === 'object' && entry[1] !== null && 'rule' in entry[1],
    );
    expect(flags.length).toBeGreaterThan(20);
    for (const [name, flag] of flags)
      for (const use of all.filter((each) => each.name === name && kindOf(each.flag) === kindOf(flag)))
        expect(use.flag.rule.must, `murmur ${use.command} --${flagName(name)}`).toBe(flag.rule.must);
  });

  it('that say the same have one name', () => {
    const said = Object.groupBy(all, ({ flag }) => `${kindOf(flag)}: ${flag.what}`);
    const several = Object.entries(said)
      .map(([what, uses]) => [what, [...new Set(uses!.map(({ name }) => name))]] as const)
      .filter(([, names]) => names.length > 1);
    expect(several).toEqual([]);
  });

  it('that take several words are plural or can be given again, and say so', () => {
    for (const { command, name, flag } of all.filter((each) => each.flag.value === 'NAMES')) {
      expect(name, command).toMatch(/s$/);
      expect(flag.what, `murmur ${command} --${name}`).toContain('with commas');
    }
  });

  it('that are switches do not need to be told yes', () => {
    for (const { command, name, flag } of all.filter((each) => kindOf(each.flag) === 'switch'))
      expect(flag.presence, `murmur ${command} --${name}`).toBe('defaulted');
  });
});
