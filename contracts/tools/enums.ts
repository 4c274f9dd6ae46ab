// The enumerations of `contracts/src/interfaces/` as TypeScript, which ABIs do not carry: there an
// enumeration is a uint8.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../src/interfaces/', import.meta.url));

/** An enumeration of the interfaces, with the words that TypeScript uses for its members. */
interface Enumeration {
  readonly name: string;
  /** In the order of their numbers. */
  readonly words: readonly string[];
  readonly file: string;
}

/**
 * Writes `abi/enums.ts`: each enumeration as the list of its members' words, whose indices are their numbers,
 * and as their union.
 */
export function renderEnums(): string {
  const enumerations = globSync('*.sol', { cwd: folder })
    .sort()
    .flatMap((file) => enumerationsOf(file, readFileSync(`${folder}${file}`, 'utf8')));
  const names = enumerations.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Error(`contracts: two enumerations of the interfaces are named ${twice}`);
  return `${[
    '// biome-ignore-all format: written by contracts/tools/render_abi.ts, one member a line',
    '// The enumerations of contracts/src/interfaces/, whose comments say what each member means. The',
    '// number of a member is its index.',
    ...enumerations.map(render),
  ].join('\n')}\n`;
}

function enumerationsOf(file: string, source: string): Enumeration[] {
  return [...source.matchAll(/^[ \t]*enum (\w+) \{([^}]*)\}/gm)].map(([, name, body]) => ({
    name: name!,
    words: body!
      .replaceAll(/\/\/.*/g, '')
      .split(',')
      .map((member) => wordOf(member.trim())),
    file,
  }));
}

/** A member's word: `no-show` for `NoShow`. */
const wordOf = (member: string): string => member.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

/** The list's name: `taskStatuses` for `TaskStatus`. */
const listOf = (name: string): string =>
  `${name[0]!.toLowerCase()}${name.slice(1)}${name.endsWith('s') ? 'es' : 's'}`;

const render = ({ name, words, file }: Enumeration): string =>
  [
    '',
    `/** \`enum ${name}\` of ${file}. */`,
    `export const ${listOf(name)} = [`,
    ...words.map((word) => `  '${word}',`),
    '] as const;',
    `export type ${name} = (typeof ${listOf(name)})[number];`,
  ].join('\n');
