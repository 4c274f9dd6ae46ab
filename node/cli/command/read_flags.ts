// From the words of a command line to settings.
import { parseArgs } from 'node:util';
import { NodeError } from '../../errors.ts';
import { type Flag, type Flags, flagName, type Settings } from './flag.ts';

/**
 * Reads the words after a command.
 * @param command how its command line begins, for errors: `murmur trainer run`.
 * @throws NodeError `usage`, naming the flag, what was given and the rule.
 */
export function readFlags<const F extends Flags>(
  command: string,
  flags: F,
  args: readonly string[],
): Settings<F> {
  const refuse = (message: string): never => {
    throw new NodeError('usage', message, { mend: `See \`${command} --help\`.` });
  };
  const given = collect(flags, args, refuse, command);
  const read = (name: string, flag: Flag) => {
    const texts = given.get(name);
    if (!texts) return undefined;
    const shown = flag.operand ? flag.value : `--${flagName(name)}`;
    if (flag.many && texts.length > most)
      refuse(`${shown} is given ${texts.length} times, but it can be given ${most} times`);
    const values = texts.map(
      (text) =>
        flag.rule.read(text) ??
        refuse(`${shown} is ${JSON.stringify(text)}, but it must be: ${flag.rule.must}`),
    );
    return flag.many ? values : values.at(-1);
  };
  const home = flags.home ? ((read('home', flags.home) ?? flags.home.fallback?.('')) as string) : '';
  const settings: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    const value = name === 'home' ? home : (read(name, flag) ?? flag.fallback?.(home));
    if (value !== undefined) settings[name] = value;
    else if (flag.presence === 'needed')
      refuse(`\`${command}\` needs ${flag.operand ? flag.value : `--${flagName(name)}`}`);
  }
  return settings as Settings<F>;
}

/** The texts that were given, by flag. A list takes several; of others the last one counts. */
function collect(
  flags: Flags,
  args: readonly string[],
  refuse: (message: string) => never,
  command: string,
): Map<string, string[]> {
  const byName = new Map(
    Object.entries(flags)
      .filter(([, flag]) => !flag.operand)
      .map(([name, flag]) => [flagName(name), { name, flag }]),
  );
  const operands = Object.keys(flags).filter((name) => flags[name]!.operand);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      [...byName].map(([name, { flag }]) => [
        name,
        { type: flag.value === undefined ? 'boolean' : 'string' },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const add = (name: string, text: string) => given.set(name, [...(given.get(name) ?? []), text]);
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const name = operands.shift();
      if (name === undefined)
        return refuse(`\`${command}\` does not take the word ${JSON.stringify(token.value)}`);
      add(name, token.value);
    } else if (token.kind === 'option') {
      const known = byName.get(token.name);
      if (!known || !token.rawName.startsWith('--'))
        return refuse(`\`${command}\` does not take ${token.rawName}`);
      if (known.flag.value === undefined) {
        if (token.value !== undefined) return refuse(`${token.rawName} takes no value`);
        add(known.name, '');
      } else {
        // A flag in the place of a value was forgotten; a negative number was not.
        const swallowed = !token.inlineValue && /^-(?![\d.])./.test(token.value ?? '');
        if (token.value === undefined || swallowed)
          return refuse(`${token.rawName} needs a value: ${known.flag.rule.must}`);
        add(known.name, token.value);
      }
    }
  }
  return given;
}

/** How often a flag can be given that takes several values. */
const most = 8;
