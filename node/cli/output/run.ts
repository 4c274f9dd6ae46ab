// How a command ends: with its exit code, or with one line that says what is wrong and how to mend it.
import { hold } from '@murmuration/core';
import { NodeError } from '../../errors.ts';
import { debugVariable, describeError, faultOf } from './fault.ts';
import { interrupt } from './interrupt.ts';

/** What the process's exit code says. */
export const exitCodes = {
  done: 0,
  /** A fault, told in one line on standard error. */
  fault: 1,
  /** A command line that is wrong. */
  usage: 2,
  /** Nobody reads the output any more; a shell shows the same of a program that SIGPIPE ends. */
  unread: 141,
} as const;

/** How a command tells its faults. */
export interface Manner {
  /** What its line begins with. */
  readonly program: string;
  /** Whether a fault is one line of JSON, `{"error":{"code","message","mend"}}`. */
  readonly json: boolean;
}

/**
 * Runs a command and sets the process's exit code. Nothing that fails outside of the command's promise prints
 * a stack either.
 */
export async function run(manner: Manner, command: () => Promise<number>): Promise<void> {
  const end = (error: unknown) => {
    tell(manner, error);
    process.exit(codeOf(error));
  };
  process.on('uncaughtException', end).on('unhandledRejection', end);
  let unread = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') return end(error);
      if (unread) return;
      unread = true;
      // Roles stop in order, as after Ctrl-C; anything else has nothing left to do.
      if (!interrupt()) process.exit(exitCodes.unread);
    });
  try {
    process.exitCode = await hold(command());
  } catch (error) {
    // Whatever the command left open must not keep a failed process alive.
    end(error);
  }
  if (unread) process.exitCode = exitCodes.unread;
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // Libraries leave timers behind that would keep a command for a second after its work.
  process.exit();
}

/** Resolves when all that was written to a stream has left the process, or nobody takes it any more. */
const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

const codeOf = (error: unknown): number =>
  error instanceof NodeError && error.code === 'usage' ? exitCodes.usage : exitCodes.fault;

function tell({ program, json }: Manner, error: unknown): void {
  console.error(json ? JSON.stringify({ error: faultOf(error) }) : `${program}: ${describeError(error)}`);
  if (process.env[debugVariable]) console.error(error);
}
