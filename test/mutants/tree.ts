// A copy of the repository in which code can be made wrong: the working tree itself is never touched. It lies below
// build/, so that what is large and never written in place can be linked.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { toolEnvironment } from '../suites/suite.ts';
import { sourceOf, type Trial } from './mutant.ts';

/** What is made of the sources and costs minutes; each of its files is written whole, under the digest of its sources. */
const made = ['circuits', 'keys', 'modules', 'tables'];

export class Tree {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Copies a repository: the files that git knows or would take, and links to the rest. */
  static copy(from: string): Tree {
    const above = join(from, 'build/mutants');
    mkdirSync(above, { recursive: true });
    const root = mkdtempSync(join(above, 'tree-'));
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: from,
      env: toolEnvironment(),
      maxBuffer: 2 ** 26,
    });
    for (const file of listed.toString().split('\0')) {
      if (file === '' || !existsSync(join(from, file))) continue;
      mkdirSync(dirname(join(root, file)), { recursive: true });
      copyFileSync(join(from, file), join(root, file));
    }
    linkPackages(join(from, 'node_modules'), join(root, 'node_modules'));
    for (const { name } of folders(from)) {
      const packages = join(from, name, 'node_modules');
      if (existsSync(packages) && existsSync(join(root, name)))
        symlinkSync(packages, join(root, name, 'node_modules'));
    }
    for (const name of made) linkFiles(join(from, 'build', name), join(root, 'build', name));
    linkFiles(join(from, 'build/contracts'), join(root, 'build/contracts'), /^artifacts-.*\.json$/);
    return new Tree(root);
  }

  /** Runs `work` while a mutant is in the copy. */
  async with<T>(mutant: Pick<Trial, 'file' | 'wrong'>, work: () => Promise<T>): Promise<T> {
    const file = join(this.root, mutant.file);
    const right = sourceOf(mutant);
    writeFileSync(file, mutant.wrong(right));
    try {
      return await work();
    } finally {
      writeFileSync(file, right);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Packages are linked whole, but for the repository's own: those are the copy's. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name !== '@murmuration') symlinkSync(join(from, name), join(to, name));
    else {
      mkdirSync(join(to, name));
      for (const own of readdirSync(join(from, name)))
        symlinkSync(readlinkSync(join(from, name, own)), join(to, name, own));
    }
  }
}

function linkFiles(from: string, to: string, names = /^/): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!names.test(entry.name)) continue;
    if (entry.isDirectory()) linkFiles(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) linkSync(join(from, entry.name), join(to, entry.name));
  }
}

const folders = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
