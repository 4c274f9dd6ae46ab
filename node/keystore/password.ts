// Where a password comes from: a file, the environment, or the person at the terminal. It never comes from
// the command line, which every process on the machine can read and the shell writes down.
import { open } from 'node:fs/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { NodeError } from '../errors.ts';

/** The variables that hold a password, or the name of a file with one. */
export const passwordVariable = 'MURMURATION_PASSWORD';
export const passwordFileVariable = 'MURMURATION_PASSWORD_FILE';

/** What `readPassword` may look at. */
export interface PasswordSources {
  /** A file whose first line is the password. */
  readonly file?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: ReadStream;
  readonly output?: WriteStream;
  /** Asks a second time at the terminal, where a slip would make an account that nobody can open. */
  readonly twice?: boolean;
}

/**
 * The password: from the file given, else from the file or the variable of the environment, else from the
 * terminal.
 * @throws NodeError `input` when there is none, it is empty, or others may read the file; `interrupted` on
 * Ctrl-C.
 */
export async function readPassword(prompt: string, sources: PasswordSources = {}): Promise<string> {
  const { env = process.env, input = process.stdin, output = process.stderr } = sources;
  const file = sources.file ?? env[passwordFileVariable];
  if (file !== undefined) return nonEmpty(await firstLine(file), file);
  const given = env[passwordVariable];
  if (given !== undefined) return nonEmpty(given, passwordVariable);
  if (!input.isTTY)
    throw new NodeError('input', 'keystore: there is no password', {
      mend: `Set ${passwordFileVariable} or ${passwordVariable}, or run at a terminal.`,
    });
  const typed = nonEmpty(await ask(prompt, input, output), 'the terminal');
  if (sources.twice && (await ask('Again', input, output)) !== typed)
    throw new NodeError('input', 'keystore: the two passwords differ; nothing was made', {
      mend: 'Try again.',
    });
  return typed;
}

function nonEmpty(password: string, source: string): string {
  if (password === '') throw new NodeError('input', `keystore: the password from ${source} is empty`);
  return password;
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new NodeError('input', `keystore: there is no file ${file} with the password`, {
      cause,
      mend: 'Make it for yourself alone (umask 077), with the password as its first line; or give no file, and be asked.',
    });
  });
  try {
    const { mode } = await handle.stat();
    if (mode & 0o077)
      throw new NodeError('input', `keystore: others may read ${file} (mode ${(mode & 0o777).toString(8)})`, {
        mend: `chmod 600 ${file}`,
      });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString('utf8', 0, bytesRead).split(/\r?\n/)[0]!;
  } finally {
    await handle.close();
  }
}

/** Reads a line without showing it. */
function ask(prompt: string, input: ReadStream, output: WriteStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = () => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
    };
    const onData = (data: Buffer) => {
      for (const char of data.toString('utf8')) {
        if (char === '\r' || char === '\n' || char === '\u0004') {
          finish();
          return resolve(typed);
        }
        if (char === '\u0003') {
          finish();
          return reject(new NodeError('interrupted', 'keystore: interrupted'));
        }
        typed = char === '\u007f' ? typed.slice(0, -1) : typed + char;
      }
    };
    output.write(`${prompt}: `);
    input.setRawMode(true);
    input.resume();
    input.on('data', onData);
  });
}
