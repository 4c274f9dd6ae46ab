// What the tests of a package's documented face share: its examples, and the doc comment of everything that
// it hands out.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './suites/suite.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** A block of code of an `@example`. */
export interface Example {
  /** The file, and which of its examples it is. */
  readonly name: string;
  readonly code: string;
  /** What `console.log` prints, as the comment at the line's end says. */
  readonly printed: string;
}

/** The examples in the doc comments of a package, sorted by file. */
export function examplesOf(folder: string): Example[] {
  return globSync(`${folder}/**/*.ts`, {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  })
    .sort()
    .flatMap((file) =>
      [...read(file).matchAll(/ \* @example\n *\* ```ts\n([\s\S]*?) \* ```/g)].map(([, block], which) => {
        const code = block!.replaceAll(/^ *\* ?/gm, '');
        const printed = [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(
          ([, line]) => `${line}\n`,
        );
        return { name: `${file} ${which + 1}`, code, printed: printed.join('') };
      }),
    );
}

/** Runs an example in a folder, the checkout's root unless given. */
export function runExample(code: string, cwd = root): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--input-type=module-typescript', '-'], {
    cwd,
    input: code,
    encoding: 'utf8',
  });
}

/** What the compiler finds wrong with examples, in the checkout's strict mode. */
export function typeErrors(examples: readonly Example[]): string {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/examples-'));
  try {
    for (const [which, { code }] of examples.entries()) writeFileSync(join(folder, `${which}.ts`), code);
    const settings = { extends: '../../tsconfig.json', include: ['*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    return spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A name that a package hands out, and the file that declares it. */
export type HandedOut = readonly [name: string, file: string];

/** All names that a module hands out from the package's own files. */
export function handedOut(module: string): HandedOut[] {
  const blocks = read(module).matchAll(/^export (?:type )?\{([^}]*)\} from '(\..*)';$/gm);
  return [...blocks].flatMap(([, names, file]) =>
    names!
      .split(',')
      .map((name) => name.replace('type ', '').trim())
      .filter(Boolean)
      .map((name): HandedOut => [name, declaringFile(name, join(dirname(module), file!))]),
  );
}

/** The file that declares a name which `file` exports, itself or from another file. */
function declaringFile(name: string, file: string): string {
  const from = [...read(file).matchAll(/^export (?:type )?\{([^}]*)\} from '(\..*)';$/gm)].find(([, names]) =>
    new RegExp(`\\b${name}\\b`).test(names!),
  );
  return from ? declaringFile(name, join(dirname(file), from[2]!)) : file;
}

/** What of a name has no doc comment: the name itself, or members of its interface or class. */
export function undocumented([name, file]: HandedOut): string[] {
  const source = read(file);
  const pattern = `^export (?:async )?(?:interface|type|class|function|const) ${name}\\b.*$`;
  const declaration = new RegExp(pattern, 'm').exec(source);
  if (!declaration) return [`${name} is not in ${file}`];
  const documented = (at: number) => source.slice(0, at).trimEnd().endsWith('*/');
  const missing = documented(declaration.index) ? [] : [name];
  if (!/(interface|class) .*\{$/.test(declaration[0])) return missing;
  const body = source.slice(declaration.index, source.indexOf('\n}', declaration.index));
  const members = [...body.matchAll(/^ {2}(?:readonly |get )?([a-z]\w*)\??[:(<].*$/gm)]
    .filter((member) => !documented(declaration.index + member.index))
    .map((member) => `${name}.${member[1]}`);
  return [...missing, ...members];
}
