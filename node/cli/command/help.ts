// The text of `--help`, from the data of verbs and actions.
import { type Flag, type Flags, flagName } from './flag.ts';
import { sharedFlags } from './flags.ts';
import { type Action, type Group, isGroup, type Verb } from './verb.ts';

/** Columns of a terminal that everybody has. */
const width = 80;

/**
 * Help of a verb or of one of its actions.
 * @param command how its command line begins: `murmur trainer run`.
 */
export function helpOf(command: string, of: Verb): string {
  return isGroup(of) ? groupHelp(command, of) : actionHelp(command, of);
}

/** Help of a verb with actions: what they are, and the flags of the verb itself where it does something alone. */
function groupHelp(verb: string, { summary, details, itself, actions, examples }: Group): string {
  const rows = Object.entries(actions).map(([name, each]): Row => [name, each.summary]);
  return blocks(
    [...(itself ? [usage(verb, itself.flags)] : []), `${verb} <action> [flags]`].join('\n'),
    sentence(summary),
    table(rows),
    `\`${verb} <action> --help\` shows the flags of an action.`,
    details && paragraphs(details),
    ...(itself ? flagTables(itself.flags) : []),
    exampleLines(examples),
  );
}

/** Help of an action: its flags with their defaults, and the words that they take. */
function actionHelp(command: string, { summary, details, flags, lists = {}, examples }: Action): string {
  return blocks(
    usage(command, flags),
    sentence(summary),
    details && paragraphs(details),
    ...flagTables(flags),
    ...Object.entries(lists).map(([heading, words]) => `${heading}\n${table(Object.entries(words))}`),
    exampleLines(examples),
  );
}

/** An action's own flags, then those that many share. */
function flagTables(flags: Flags): string[] {
  const rows = Object.entries(flags).map(([name, flag]) => ({ name, flag, row: flagRow(name, flag) }));
  const isShared = (name: string) => name in sharedFlags;
  const own = rows.filter(({ name }) => !isShared(name)).map(({ row }) => row);
  const shared = rows.filter(({ name }) => isShared(name)).map(({ row }) => row);
  const column = widest([...own, ...shared]);
  return [table(own, column), table([...shared, ['--help', 'this text']], column)];
}

/** `murmur trainer run --task N --data DATA [flags]`: what cannot be left out. */
function usage(command: string, flags: Flags): string {
  const must = Object.entries(flags).filter(([, { presence }]) => presence === 'needed');
  const words = must.map(([name, flag]) => label(name, flag));
  const free = Object.values(flags).some(({ presence }) => presence !== 'needed');
  return [command, ...words, ...(free ? ['[flags]'] : [])].join(' ');
}

function label(name: string, { value, operand }: Flag): string {
  if (operand) return value!;
  return value === undefined ? `--${flagName(name)}` : `--${flagName(name)} ${value}`;
}

function flagRow(name: string, flag: Flag): Row {
  const ending =
    flag.presence === 'needed' ? ' (needed)' : flag.shown === undefined ? '' : ` (${flag.shown})`;
  return [label(name, flag), `${flag.what}${flag.many ? '; can be given several times' : ''}${ending}`];
}

type Row = readonly [left: string, right: string];

const widest = (rows: readonly Row[]): number => Math.max(0, ...rows.map(([left]) => left.length));

/** Two columns; the right one is wrapped. */
export function table(rows: readonly Row[], column: number = widest(rows)): string {
  return rows
    .flatMap(([left, right]) =>
      wrap(right, width - column - 4).map(
        (line, at) => `  ${(at === 0 ? left : '').padEnd(column)}  ${line}`,
      ),
    )
    .join('\n');
}

function wrap(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

const paragraphs = (text: string): string =>
  text
    .split('\n\n')
    .map((paragraph) => wrap(paragraph.replaceAll(/\s+/g, ' ').trim(), width).join('\n'))
    .join('\n\n');

const sentence = (text: string): string =>
  wrap(`${text[0]!.toUpperCase()}${text.slice(1)}.`, width).join('\n');

const exampleLines = (examples: readonly string[]): string =>
  `Examples\n${examples.map((line) => `  ${line}`).join('\n')}`;

/** Blocks with an empty line between; empty ones are left out. */
const blocks = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join('\n\n');
