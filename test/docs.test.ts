// The documents hold: what they link to and name exists, their commands are there, a word is defined once.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isGroup } from '../node/cli/command/verb.ts';
import { allVerbs } from '../node/cli/verbs/index.ts';
import { besideProgram } from '../scripts/stage.ts';
import { root } from './suites/suite.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const apart = ['node_modules', 'build', 'dist', 'coverage', '.git'];
const filesLike = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (name) => apart.includes(basename(name)) }).sort();

const documents = filesLike('**/*.md');
const sources = filesLike(
  '{core,he,circuits,prover,contracts,node,bench,scripts,test,examples}/**/*.{ts,js,sol,circom}',
);
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** A document without its fenced blocks, line by line, so that line numbers stay. */
const withoutBlocks = (text: string) =>
  text.replace(/^( *)```[\s\S]*?^\1```/gm, (block) => block.replace(/[^\n]/g, ''));

/** All that is set as code: fenced blocks and spans. */
const codeOf = (text: string) => [
  ...[...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap((match) => match[1]!.split('\n')),
  ...[...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map((match) => match[1]!.replaceAll('\n', ' ')),
];

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of withoutBlocks(text).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const plain = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let name = anchor;
    for (let copy = 1; anchors.has(name); copy++) name = `${anchor}-${copy}`;
    anchors.add(name);
  }
  return anchors;
}

/** Links that lead nowhere. */
function brokenLinks(file: string, text: string): string[] {
  const links = [
    ...withoutBlocks(text)
      .replace(/`[^`]*`/g, 'code')
      .matchAll(/\]\(\s*([^)\s]+)\s*\)/g),
  ];
  return links.flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link!)) return [];
    const [path, anchor] = link!.split('#') as [string, string?];
    const target = path === '' ? file : normalize(join(dirname(file), path));
    if (target !== file && !existsSync(join(root, target))) return [`${file}: ${link} is not there`];
    if (anchor === undefined || anchorsOf(target === file ? text : read(target)).has(anchor)) return [];
    return [`${file}: ${target} has no heading #${anchor}`];
  });
}

const folders =
  'operations|core|he|circuits|prover|contracts|node|bench|scripts|test|examples|docs|snapshots';
const path = new RegExp(`(?<![\\w./@-])(?:${folders})/[\\w./{},-]*(?:\\.[a-z]+(?![\\w{])|/(?![\\w{*]))`, 'g');

/** `a/{b,c}.ts` as the paths that it stands for. */
function expanded(pattern: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern);
  return match ? match[2]!.split(',').flatMap((part) => expanded(match[1]! + part + match[3]!)) : [pattern];
}

/** Files and folders of the repository that a document names and that are not there. */
const missingPaths = (file: string, text: string): string[] =>
  codeOf(text)
    .flatMap((code) => code.match(path) ?? [])
    .flatMap(expanded)
    .filter((named) => !existsSync(join(root, named)) && !existsSync(join(root, dirname(file), named)))
    .map((named) => `${file}: ${named} is not there`);

const basenames = new Map<string, Set<string>>();

/** The names of all files in a folder and below it. */
function namesBelow(folder: string): Set<string> {
  const known = basenames.get(folder) ?? new Set(filesLike(`${folder}/**/*.*`).map((file) => basename(file)));
  basenames.set(folder, known);
  return known;
}

/** Files that a folder's page names without their folder, and that are neither in it nor below it. */
const missingNames = (file: string, text: string): string[] =>
  codeOf(text)
    .flatMap((code) => code.match(/(?<![\w./*<{}-])[a-z]\w*(?:\.[a-z]+)*\.(?:ts|js|sol|circom)\b/g) ?? [])
    .filter((name) => !namesBelow(dirname(file)).has(name))
    .map((name) => `${file}: ${name} is not there`);

/** Whether there is such a verb, and where it has actions, such an action. */
function isCommand(name: string, action?: string): boolean {
  const verb = Object.hasOwn(allVerbs, name) ? allVerbs[name]! : undefined;
  if (verb === undefined) return false;
  return action === undefined || !isGroup(verb) || Object.hasOwn(verb.actions, action);
}

/** Scripts and verbs that a document names and that are not there. */
const missingCommands = (file: string, text: string): string[] =>
  codeOf(text).flatMap((code) => [
    ...[...code.matchAll(/\bnpm (?:run (?:-s )?)?([a-z]+)\b/g)]
      .filter(([whole, name]) => / run /.test(whole) || name === 'start' || name === 'test')
      .filter(([, name]) => !(name! in scripts))
      .map(([whole]) => `${file}: there is no ${whole}`),
    ...[...code.matchAll(/(?<![\w/-])murmur (?:-- )?([a-z]+)(?: ([a-z]+)\b)?/g)]
      .filter(([, name, action]) => !isCommand(name!, action))
      .map(([whole]) => `${file}: there is no ${whole}`),
  ]);

describe('documents', () => {
  it('are found', () => {
    expect(documents.length).toBeGreaterThan(50);
    expect(isCommand('trainer', 'run')).toBe(true);
    expect(isCommand('trainer', 'fly')).toBe(false);
  });

  it('link to what is there', () => {
    expect(documents.flatMap((file) => brokenLinks(file, read(file)))).toEqual([]);
  });

  it('name files and folders that are there', () => {
    // The changelog tells of what was, too.
    const today = documents.filter((file) => file !== 'CHANGELOG.md');
    expect(today.flatMap((file) => missingPaths(file, read(file)))).toEqual([]);
  });

  it('name the files of their own folder', () => {
    const pages = documents.filter((file) => basename(file) === 'README.md' && file.includes('/'));
    expect(pages.flatMap((file) => missingNames(file, read(file)))).toEqual([]);
  });

  it('name scripts and verbs that are there', () => {
    expect(documents.flatMap((file) => missingCommands(file, read(file)))).toEqual([]);
  });

  it('are what sources name', () => {
    const named = sources.flatMap((file) =>
      [...read(file).matchAll(/(?<![\w./-])docs\/[\w/-]+\.md/g)].map(([target]) => ({ file, target })),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ target }) => !existsSync(join(root, target)))).toEqual([]);
  });

  it('have the headings that sources name', () => {
    const headings = [...read('docs/encodings.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!);
    const named = sources.flatMap((file) => {
      const text = read(file).replace(/\n *(?:\/\/|\*) ?/g, ' ');
      return [...text.matchAll(/docs\/encodings\.md, "([^"]+)"/g)].map(([, heading]) => ({ file, heading }));
    });
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter(({ heading }) => !headings.includes(heading!))).toEqual([]);
  });

  it('speak of what the repository holds, not of a design before it', () => {
    const gone = new RegExp(['first', 'design'].join('\\s+'), 'i');
    expect([...documents, ...sources].filter((file) => gone.test(read(file)))).toEqual([]);
  });

  it('keep their prose within 120 columns', () => {
    // A row of a table, or a formula that fills its line, cannot be broken.
    const whole = (line: string) => line.startsWith('|') || /^\s*`[^`]*`[,.;:]?$/.test(line);
    const long = documents.flatMap((file) =>
      withoutBlocks(read(file))
        .split('\n')
        .flatMap((line, at) => (line.length > 120 && !whole(line) ? [`${file}:${at + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });

  it.each([
    ['a link to no file', () => brokenLinks('a.md', '[x](nowhere.md)'), 'nowhere.md is not there'],
    ['a link to no heading', () => brokenLinks('a.md', '# A\n[x](#b)'), 'no heading #b'],
    ['a path to no file', () => missingPaths('a.md', '`he/{he,she}.ts`'), 'he/she.ts is not there'],
    ['a path to no folder', () => missingPaths('a.md', '`node/cellar/`'), 'node/cellar/ is not there'],
    ['a name of no file', () => missingNames('he/README.md', '`she.ts`'), 'she.ts is not there'],
    ['a script', () => missingCommands('a.md', '```\nnpm run fly\n```'), 'there is no npm run fly'],
    ['a verb', () => missingCommands('a.md', '`npx murmur fly --far`'), 'there is no murmur fly'],
    ['an action', () => missingCommands('a.md', '`murmur trainer fly`'), 'there is no murmur trainer fly'],
  ])('%s that is not there is noticed', (_, found, fault) => {
    expect(found()).toEqual([expect.stringContaining(fault)]);
  });
});

describe('pages for those who have the packages alone', () => {
  /** Files of `examples/` that a page's commands take, and the packages do not bring. */
  const unpacked = (text: string): string[] =>
    codeOf(text)
      .flatMap((line) => [...line.matchAll(/(?<![\w./-])examples\/[\w./-]*\w/g)].map(([path]) => path))
      .filter((path) => !besideProgram.some((file) => file === path || file.startsWith(`${path}/`)));
  const pages = documents.filter((file) => /where\s+the\s+packages\s+are\s+installed/.test(read(file)));

  it('take files that the packages bring', () => {
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flatMap((file) => unpacked(read(file)).map((path) => `${file}: ${path}`))).toEqual([]);
  });

  it('a file that they do not bring is noticed', () => {
    const text = '```sh\nmurmur go examples/one_proof.ts examples/clinics\n```\n';
    expect(unpacked(text)).toEqual(['examples/one_proof.ts']);
  });
});

describe('the glossary', () => {
  const words = [...read('docs/glossary.md').matchAll(/^- \*\*([^*]+)\*\*: ./gm)].map(([, word]) => word!);

  it('defines each word once, in one line', () => {
    expect(words.length).toBeGreaterThan(40);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    const lines = read('docs/glossary.md').split('\n');
    expect(lines.filter((line) => line.startsWith('- ')).length).toBe(words.length);
    expect(lines.filter((line) => line.startsWith('  '))).toEqual([]);
  });

  it('is linked where the README begins', () => {
    expect(read('README.md').split('## ')[0]).toContain('](docs/glossary.md)');
  });
});

describe('the decisions', () => {
  const records = filesLike('docs/decisions/[0-9]*.md');

  it('are numbered without a gap, each with its four sections, and listed', () => {
    const index = read('docs/decisions/README.md');
    expect(records.length).toBeGreaterThan(30);
    for (const [at, file] of records.entries()) {
      const number = String(at + 1).padStart(4, '0');
      const text = read(file);
      expect(basename(file)).toMatch(new RegExp(`^${number}-[a-z0-9-]+\\.md$`));
      expect(text).toMatch(new RegExp(`^# ${number}\\. \\S.*\n\n- Status: .+\n- Date: \\d{4}-\\d\\d-\\d\\d`));
      const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, section]) => section);
      expect(sections, file).toEqual(['Context', 'Decision', 'Instead of', 'Consequence']);
      expect(index).toContain(`[${number}](${basename(file)})`);
    }
  });
});

describe('the page of architecture', () => {
  it('names every package and every room of node/', () => {
    const page = read('docs/architecture.md');
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
    const rooms = globSync('node/*/index.ts', { cwd: root }).map((file) => `\`${basename(dirname(file))}/\``);
    expect(rooms.length).toBeGreaterThan(14);
    for (const name of [...workspaces, ...rooms]) expect(page).toContain(name);
  });
});

describe('the README', () => {
  it('has an example that runs as printed', () => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(read('README.md'))!;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-'], {
      cwd: root,
      input: code!,
      encoding: 'utf8',
    });
    expect(stdout, stderr).toBe(`${/\/\/ (\S+)\n$/.exec(code!)![1]}\n`);
  });
});
