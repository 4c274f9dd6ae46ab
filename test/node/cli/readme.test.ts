// What pages show works: the README's description is a task's, and every command line of every page is one that is
// taken.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagName } from '../../../node/cli/command/flag.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { modelLayout, taskDescription } from '../../../node/learn/index.ts';
import { root } from '../../suites/suite.ts';
import { findAction, wordsOf } from './commands.ts';

const text = readFileSync(join(root, 'node/cli/README.md'), 'utf8');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;

describe("the command line's README", () => {
  it('shows a description that can be posted', () => {
    const { size } = modelLayout(taskDescription.parse(JSON.parse(block('json'))).model);
    expect(size).toBe(8 * 16 + 16 + 16 * 2 + 2);
  });
});

/** Blocks and spans of code, each with whether it is a whole command line. */
function linesOf(page: string): { readonly line: string; readonly whole: boolean }[] {
  const blocks = [...page.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap(([, code]) =>
    code!.replaceAll(/ *\\\n\s*/g, ' ').split('\n'),
  );
  const spans = page.replace(/^( *)```[\s\S]*?^\1```/gm, '').matchAll(/`([^`]+)`/g);
  return [
    ...blocks.map((line) => ({ line, whole: true })),
    ...[...spans].map(([, code]) => ({ line: code!.replaceAll(/\s+/g, ' '), whole: false })),
  ];
}

/** What pages write in the place of a value, and variables of a shell's. */
const stands: readonly (readonly [string | RegExp, string])[] = [
  ['$shared', '--deployment d --store s'],
  ['$chain', '--rpc http://127.0.0.1:1 --deployment d'],
  [/http:\/\/127\.0\.0\.1:\$port|\$at\b/g, 'http://127.0.0.1:1'],
  [/0x(YOURS|…)/g, '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
];

/** Command lines of `murmur` in a page: the words after it, up to where the shell takes over. */
function commandsOf(page: string) {
  return linesOf(page).flatMap(({ line, whole }) =>
    [...line.matchAll(/(?<![\w/@-])(murmur|npm start --|npm run murmur --) ([a-z-][^;#|&>)]*)/g)].flatMap(
      ([text, program, rest]) => {
        const given = stands.reduce(
          (each, [from, to]) => each.replaceAll(from, to),
          rest!.split(/ {2,}/)[0]!,
        );
        const words = [...(program === 'npm start --' ? ['start'] : []), ...wordsOf(given)];
        return /^[a-z]+$/.test(words[0]!) && !words.includes('--help') ? [{ text, words, whole }] : [];
      },
    ),
  );
}

describe('every page', () => {
  const pages = globSync('**/*.md', {
    cwd: root,
    exclude: (name) => ['node_modules', 'build', 'dist', 'coverage'].includes(basename(name)),
    // The changelog tells of what was, too.
  }).filter((name) => name !== 'CHANGELOG.md');
  const found = pages.flatMap((file) =>
    commandsOf(readFileSync(join(root, file), 'utf8')).map((command) => ({ file, ...command })),
  );

  it('is looked at', () => {
    expect(new Set(found.map(({ file }) => file)).size).toBeGreaterThan(10);
    expect(found.filter(({ whole }) => whole).length).toBeGreaterThan(80);
  });

  it('shows command lines that are taken', () => {
    for (const { file, text, words } of found.filter(({ whole }) => whole)) {
      const command = findAction(words);
      expect(command, `${file}: ${text}`).toBeDefined();
      const { name, action, rest } = command!;
      expect(() => readFlags(name, action.flags, rest), `${file}: ${text}`).not.toThrow();
    }
  });

  it('names flags that are there', () => {
    for (const { file, text, words } of found.filter(({ whole }) => !whole)) {
      const command = findAction(words);
      const names = Object.keys(command?.action.flags ?? {}).map(flagName);
      for (const flag of words.filter((word) => word.startsWith('--')))
        expect(names, `${file}: ${text}`).toContain(flag.slice(2));
    }
  });

  it('whose commands begin with murmur says where that is, or with what to begin', () => {
    const silent = pages.filter((file) => {
      const page = readFileSync(join(root, file), 'utf8');
      const bare = linesOf(page).some(({ line, whole }) => whole && /^\s*murmur /.test(line));
      return bare && !/npx murmur|PATH=/.test(page);
    });
    expect(silent).toEqual([]);
  });
});
