// A program as a site has installed it: the command that runs it, and its files, which must be those of the task.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import type { ProgramModel } from './spec.ts';

/**
 * The words of a command: spaces part them, quotes hold them together. No shell reads it.
 * @throws NodeError `input` for a quote without its other.
 */
export function wordsOf(command: string): string[] {
  if (/["']/.test(command.replaceAll(/"[^"]*"|'[^']*'/g, '')))
    throw new NodeError('input', `--exec is ${command}, but a quote in it has no other`, {
      mend: 'Put a word with a quote into quotes of the other kind.',
    });
  const words = command.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/**
 * The folder of a program, by the word of its command that names its first file.
 * @throws NodeError `input` where no word does, or several do.
 */
export function folderOf(words: readonly string[], entry: string): string {
  const tail = `${sep}${join(entry)}`;
  const found = words.map((word) => resolve(word)).filter((path) => path.endsWith(tail));
  if (found.length !== 1)
    throw new NodeError(
      'input',
      `--exec is "${words.join(' ')}", but ${found.length} words of it name the task's program ${entry}`,
      { mend: `Give the command that runs it, such as --exec "python3 ${entry}".` },
    );
  return found[0]!.slice(0, -tail.length);
}

/** The SHA-256 of a file, as `sha256sum` prints it. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Holds a site's files against those of the task. Digests keep honest sites together; what a site runs in the end is
 * in its own hands, as its data are.
 * @param folder below which they lie.
 * @param read gives the path of which a file's bytes are read, such as that of a copy.
 * @throws NodeError `input` naming every file that is missing or another one.
 */
export async function checkFiles(
  folder: string,
  { files }: Pick<ProgramModel, 'files'>,
  read = async (name: string) => join(folder, name),
): Promise<void> {
  const faults: string[] = [];
  for (const { name, sha256 } of files) {
    try {
      // A pipe or a device has no end, or none that would come.
      if (!(await stat(join(folder, name))).isFile()) throw new Error('it is no file');
      const found = await sha256Of(await read(name));
      if (found !== sha256) faults.push(`${name} has SHA-256 ${found}, but the task's has ${sha256}`);
    } catch (error) {
      faults.push(`${name} cannot be read: ${reasonOf(error)}`);
    }
  }
  if (faults.length > 0)
    throw new NodeError('input', `the program in ${folder} is not the task's: ${faults.join('; ')}`, {
      mend: 'Install what the planner gives out, unchanged.',
    });
}
