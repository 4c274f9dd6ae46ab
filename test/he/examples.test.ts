// The documented face: everything that the package hands out says what it is, and the examples run and print
// what they say.

import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Example {
  readonly name: string;
  readonly code: string;
  /** What `console.log` prints, as the comment at the line's end says. */
  readonly printed: string;
}

const examples = globSync('he/**/*.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
  .sort()
  .flatMap((file): Example[] =>
    [...read(file).matchAll(/ \* @example\n \* ```ts\n([\s\S]*?) \* ```/g)].map(([, block], which) => {
      const code = block!.replaceAll(/^ \* ?/gm, '');
      const printed = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, line]) => `${line}\n`);
      return { name: `${file} ${which + 1}`, code, printed: printed.join('') };
    }),
  );

describe('the examples', () => {
  it('are one a group', () => {
    const files = examples.map(({ name }) => name.replace(/ .*/, ''));
    expect(files).toEqual([
      'he/face/decryption.ts',
      'he/face/encryption.ts',
      'he/face/key_generation.ts',
      'he/face/self_test.ts',
      'he/face/sums.ts',
      'he/parameters.ts',
    ]);
  });

  it.each(examples)('$name prints what it says', ({ code, printed }) => {
    expect(printed).not.toBe('');
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-'], {
      cwd: root,
      input: code,
      encoding: 'utf8',
    });
    expect(stdout, stderr).toBe(printed);
  });

  it('type-check in the strictest mode', () => {
    mkdirSync(join(root, 'build'), { recursive: true });
    const folder = mkdtempSync(join(root, 'build/examples-'));
    try {
      for (const [which, { code }] of examples.entries()) writeFileSync(join(folder, `${which}.ts`), code);
      const settings = { extends: '../../tsconfig.json', include: ['*.ts'] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
      const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
      expect(stdout).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the face', () => {
  const named = [
    ...read('he/index.ts').matchAll(/^export (?:type )?\{([^}]*)\} from '\.\/(.*)';$/gm),
  ].flatMap(([, names, file]) =>
    names!.split(',').map((name) => [name.replace('type ', '').trim(), `he/${file}`] as const),
  );

  it('is read by this test', () => expect(named.length).toBeGreaterThan(40));

  it.each(named)('%s is documented, every member of it too', (name, file) => {
    const source = read(file);
    const declaration = new RegExp(
      `^export (?:async )?(?:interface|type|class|function|const) ${name}\\b.*$`,
      'm',
    ).exec(source)!;
    const documented = (at: number) => source.slice(0, at).trimEnd().endsWith('*/');
    expect(documented(declaration.index), `${name} in ${file}`).toBe(true);
    if (!/(interface|class) .*\{$/.test(declaration[0])) return;
    const end = source.indexOf('\n}', declaration.index);
    const body = source.slice(declaration.index, end);
    for (const member of body.matchAll(/^ {2}(?:readonly |get )?([a-z]\w*)\??[:(].*$/gm))
      expect(documented(declaration.index + member.index), `${name}.${member[1]} in ${file}`).toBe(true);
  });
});
