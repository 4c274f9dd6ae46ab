// What a suite of `npm test` is, and how it runs a tool.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  passed: number;
  /** Full names of what failed, each with why in one line. */
  failed: string[];
  /** Full names of the tests that did not run. */
  skipped: string[];
}

export interface Suite {
  name: string;
  what: string;
  /** @param options.all also runs what takes long and is tested elsewhere too. */
  run(options?: { readonly all?: boolean }): Promise<Outcome>;
}

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The environment in which the tools of `node_modules/.bin` (its Node 24 among them) come first. */
export const toolEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
});

/** Runs a tool, at the root unless `cwd` says otherwise, its output shown (or, with `capture`, returned); resolves to its exit code. */
export async function tool(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; capture?: boolean } = {},
): Promise<{ code: number; stdout: string }> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...toolEnvironment(), ...options.env },
    stdio: ['ignore', options.capture ? 'pipe' : 'inherit', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return { code: code ?? 1, stdout: Buffer.concat(chunks).toString() };
}

/** Counts something as one test, and says how it went. */
export function count(outcome: Outcome, name: string, good: boolean, why = ''): void {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}${why && `: ${why}`}`);
  if (good) outcome.passed++;
  else outcome.failed.push(`${name}${why && `: ${why}`}`);
}

/** Counts each of some commands as one test. */
export async function commands(list: [name: string, ...command: [string, ...string[]]][]): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: [], skipped: [] };
  for (const [name, command, ...args] of list) {
    const { code } = await tool(command, args);
    count(outcome, name, code === 0);
  }
  return outcome;
}
