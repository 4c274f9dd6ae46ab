// A command's output as a file: whole or not at all, whatever ends the command, and what it replaces is named.
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { writeAtomically } from '../../state/index.ts';

/**
 * Writes an output. A link stays one; a pipe or a terminal is written to.
 * @returns how the file is told of: its path, and that another one was there.
 */
export async function writeOutput(file: string, content: string | Uint8Array): Promise<string> {
  const there = await stat(file).catch(() => undefined);
  if (there && !there.isFile() && !there.isDirectory()) {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'w');
      await handle.writeFile(content);
    } finally {
      await handle?.close();
    }
    return file;
  }
  await writeAtomically(there ? await realpath(file) : file, content);
  return there ? `${file} (in place of the file that was there)` : file;
}
