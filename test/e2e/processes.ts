// Roles as processes of one test: each in a group of its own, none of which outlives the test, also if that
// is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../suites/suite.ts';

/** The shell watches its input, which only the test holds open: when that ends, the command is ended too. */
const watch = `"$0" "$@" 0</dev/null & child=$!
exec 3<&0
{ while read -r _ <&3; do :; done; kill -9 "$child" 2>/dev/null; } >/dev/null 2>&1 &
wait "$child"`;

/**
 * The program that a command runs, from the root: as packages have it where tests run (program.ts made it), elsewhere the
 * checkout's modules one by one.
 */
export const program: string = process.env.MURMURATION_TEST_PROGRAM ?? 'node/murmur.js';

/** A folder of packages that `murmur` is taken from in place of the checkout, where one is named. */
export const installed: string | undefined = process.env.MURMURATION_INSTALLED || undefined;

export interface Command {
  /** Everything that it has printed. */
  output(): string;
  /** The JSON in the last line of its standard output alone: what is slow tells of its progress beside it. */
  answer<T>(): T;
  /** Resolves once a line matches; rejects when the command ends before. */
  prints(pattern: RegExp): Promise<void>;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
  /** SIGKILL, to all of its processes; resolves when they are gone. */
  kill(): Promise<void>;
}

/**
 * Commands of one test; `stop` kills those that still run.
 *
 * @param within what comes before a command, such as `ip netns exec NAME`.
 * @param from the folder whose `murmur` it is, with the Node that came along: a checkout, or one of packages.
 */
export function createCommands(
  env: Record<string, string>,
  within: readonly string[] = [],
  from: string | undefined = installed,
) {
  const running = new Set<Command>();

  /** Starts `murmur <args>`. */
  const murmur = (...args: string[]): Command => {
    if (from === undefined) return script(program, ...args);
    const tools = join(from, 'node_modules/.bin');
    const PATH = `${tools}${delimiter}${env.PATH ?? process.env.PATH ?? ''}`;
    return launch([join(tools, 'murmur'), ...args], `murmur ${args.join(' ')}`, { PATH });
  };

  /** Starts a program of the repository. */
  const script = (path: string, ...args: string[]): Command =>
    launch([process.execPath, join(root, path), ...args], `${path} ${args.join(' ')}`);

  function launch(words: readonly string[], name: string, more: Record<string, string> = {}): Command {
    const child: ChildProcess = spawn('sh', ['-c', watch, ...within, ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env, ...more },
    });
    const lines: string[] = [];
    let last = '';
    const waiting = new Set<{ pattern: RegExp; resolve: () => void; reject: (error: Error) => void }>();
    const read = (line: string) => {
      lines.push(line);
      for (const each of waiting) if (each.pattern.test(line)) each.resolve();
    };
    createInterface({ input: child.stdout! }).on('line', (line) => {
      last = line;
      read(line);
    });
    createInterface({ input: child.stderr! }).on('line', read);
    child.stdin!.on('error', () => undefined);
    const ended = once(child, 'close').then(([code]) => {
      running.delete(command);
      const error = new Error(`${name} ended:\n${lines.slice(-20).join('\n')}`);
      for (const { reject } of waiting) reject(error);
      return code as number | null;
    });
    const command: Command = {
      output: () => lines.join('\n'),
      answer: <T>() => JSON.parse(last) as T,
      async prints(pattern) {
        if (lines.some((line) => pattern.test(line))) return;
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const entry = { pattern, resolve, reject };
        waiting.add(entry);
        await promise.finally(() => waiting.delete(entry));
      },
      ended,
      async kill() {
        try {
          process.kill(-child.pid!, 'SIGKILL');
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
        }
        await ended;
      },
    };
    running.add(command);
    return command;
  }

  return {
    murmur,
    script,
    /** Runs a command to its end and resolves to its JSON. */
    async json<T>(...args: string[]): Promise<T> {
      const command = murmur(...args, '--json');
      const code = await command.ended;
      if (code !== 0) throw new Error(`murmur ${args.join(' ')} ended with ${code}: ${command.output()}`);
      return command.answer<T>();
    },
    stop: () => Promise.all([...running].map((command) => command.kill())),
  };
}
