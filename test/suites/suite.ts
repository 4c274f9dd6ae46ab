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

/** How a suite runs. */
export interface Running {
  /** Whether also what takes long runs, though it is tested elsewhere too. */
  readonly all?: boolean;
  /** Files of tests, from the repository's root, that another suite runs. */
  readonly except?: readonly string[];
}

export interface Suite {
  name: string;
  what: string;
  run(running?: Running): Promise<Outcome>;
}

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The environment in which the tools of `node_modules/.bin` (its Node 24 among them) come first. */
export const toolEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
});

/**
 * Runs a tool, at the root unless `cwd` says otherwise; resolves to its exit code.
 *
 * @param options.capture what is returned in place of being shown: what it prints, or `all`, also what it complains of.
 */
export async function tool(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; capture?: boolean | 'all' } = {},
): Promise<{ code: number; stdout: string }> {
  const { capture = false } = options;
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...toolEnvironment(), ...options.env },
    stdio: ['ignore', capture ? 'pipe' : 'inherit', capture === 'all' ? 'pipe' : 'inherit'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return { code: code ?? 1, stdout: Buffer.concat(chunks).toString() };
}

/** Counts something as one test, and says how it went. */
export function count(outcome: Outcome, name: string, good: boolean, why = ''): void {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}${why && `: ${why}`}`);
  if (good) outcome.passed++;
  else outcome.failed.push(`${name}${why && `: ${why}`}`);
}

/** Counts each of some commands as one test, and shows what a failing one printed: other suites run at the same time. */
export async function commands(list: [name: string, ...command: [string, ...string[]]][]): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: [], skipped: [] };
  for (const [name, command, ...args] of list) {
    const { code, stdout } = await tool(command, args, { capture: 'all' });
    if (code !== 0) console.log(stdout);
    count(outcome, name, code === 0);
  }
  return outcome;
}
