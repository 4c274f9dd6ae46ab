// Whether tests notice what is wrong: they run in a copy of the repository, and one that fails has noticed it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toolEnvironment } from '../suites/suite.ts';

/**
 * How tests went: `passed`, none failed; `failed`, by the first that did; `ended`, after the time that they, or what
 * prepares them, have. `tests` are the files in which it was.
 */
export type Run =
  | { readonly end: 'passed' }
  | { readonly end: 'failed'; readonly by: string; readonly tests: readonly string[] }
  | { readonly end: 'ended'; readonly tests: readonly string[] }
  /** Nothing could be said of the tests: what they test does not build, say. */
  | { readonly end: 'broken'; readonly why: string };

/** Minutes for the tests of one mutant: endless loops are wrong, too. */
const most = 15;

/** Minutes for a single test: one that hangs keeps its mutant waiting for them. */
const mostOfATest = 3;

/** Seconds that a file of tests took when it passed here. */
const took = new Map<string, number>();

/**
 * Runs files of tests in a copy of the repository, up to the first that fails: the first file alone, which notices most
 * mutants, then three at once, then the others; whole federations last.
 */
export async function runTests(root: string, tests: readonly string[]): Promise<Run> {
  const solidity = tests.filter((test) => test.endsWith('.sol'));
  const typescript = tests.filter((test) => test.endsWith('.ts'));
  let run: Run = solidity.length > 0 ? await forge(root, solidity) : { end: 'passed' };
  const [units = [], wholes = []] = [false, true].map((e2e) =>
    typescript.filter((test) => test.startsWith('test/e2e/') === e2e),
  );
  const turns = [
    ['unit', units.slice(0, 1)],
    ['unit', units.slice(1, 4)],
    ['unit', units.slice(4)],
    ['e2e', wholes],
  ] as const;
  for (const [project, turn] of turns)
    if (run.end === 'passed' && turn.length > 0) run = await vitest(root, project, turn);
  return run;
}

/** Seconds for files of tests: far more than they took before, on a machine that may be busier now. */
function secondsFor(tests: readonly string[]): number {
  const known = tests.map((test) => took.get(test));
  const sum = known.reduce<number>((seconds, each) => seconds + (each ?? Number.POSITIVE_INFINITY), 0);
  return Math.min(most * 60, 60 + 6 * sum);
}

/**
 * The optimiser is most of a compilation, and no mutant's tests look at gas; without it contracts are larger. With as few
 * runs as tests have, all is compiled once.
 */
const unoptimised = {
  FOUNDRY_OPTIMIZER: 'false',
  FOUNDRY_OPTIMIZER_RUNS: '1',
  FOUNDRY_CODE_SIZE_LIMIT: '1000000',
};

async function forge(root: string, tests: readonly string[]): Promise<Run> {
  const path = tests.length === 1 ? tests[0]! : `{${tests.join(',')}}`;
  const args = ['test', '--json', '--match-path', path];
  const { ended, output } = await call(root, 'forge', args, unoptimised);
  if (ended) return { end: 'ended', tests };
  const line = output.split('\n').find((candidate) => candidate.startsWith('{"contracts/'));
  if (line === undefined) return { end: 'broken', why: tail(output) };
  const report = JSON.parse(line) as Record<string, { test_results: Record<string, { status: string }> }>;
  const results = Object.entries(report).flatMap(([suite, { test_results }]) =>
    Object.entries(test_results).map(([test, { status }]) => ({ file: suite.split(':')[0]!, test, status })),
  );
  const failed = results.find(({ status }) => status === 'Failure');
  if (failed !== undefined) return { end: 'failed', by: failed.test, tests: [failed.file] };
  return results.length > 0 ? { end: 'passed' } : { end: 'broken', why: 'no test ran' };
}

interface Report {
  readonly numTotalTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

async function vitest(root: string, project: string, tests: readonly string[]): Promise<Run> {
  const file = join(root, 'build/report.json');
  rmSync(file, { force: true });
  const flags = [`--project=${project}`, '--bail=1', '--reporter=json', `--outputFile=${file}`];
  flags.push(`--testTimeout=${mostOfATest * 60_000}`);
  const seconds = secondsFor(tests);
  const { ended, code, output } = await call(root, 'vitest', ['run', ...flags, ...tests], {}, seconds);
  if (ended) return { end: 'ended', tests };
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return { end: 'broken', why: tail(output) };
  }
  const failed = report.testResults
    .flatMap(({ name, assertionResults }) => assertionResults.map((result) => ({ ...result, name })))
    .find(({ status }) => status === 'failed');
  const fileOf = (name: string): string => relative(realpathSync(root), name);
  if (failed) {
    if (failed.failureMessages?.some(isLate)) return { end: 'ended', tests: [fileOf(failed.name)] };
    return { end: 'failed', by: failed.fullName, tests: [fileOf(failed.name)] };
  }
  if (report.success && report.numTotalTests > 0) {
    // The report has no error that happens outside of the tests, such as a promise's whose rejection nobody awaits.
    if (code !== 0) return { end: 'failed', by: 'an error outside of the tests', tests };
    for (const { name, startTime, endTime } of report.testResults)
      took.set(fileOf(name), (endTime - startTime) / 1000);
    return { end: 'passed' };
  }
  // A file whose preparation fails has no failed test of its own. One that does not even parse says nothing.
  const suite = report.testResults.find(({ message }) => message !== '');
  if (suite === undefined) {
    // What prepares some of a file's tests has no message in the report.
    const prepared = report.testResults.filter(({ status }) => status === 'failed');
    if (prepared.length === 0) return { end: 'broken', why: 'no test ran' };
    const files = prepared.map(({ name }) => fileOf(name));
    return { end: 'failed', by: 'before the first test of a group', tests: files };
  }
  const { message, name } = suite;
  if (/PARSE_ERROR|SyntaxError|Transform failed|Parse failure/i.test(message))
    return { end: 'broken', why: tail(message) };
  if (isLate(message)) return { end: 'ended', tests: [fileOf(name)] };
  return { end: 'failed', by: `before its first test: ${message.split('\n', 1)[0]!}`, tests: [fileOf(name)] };
}

/** Whether what failed is that tests, or what prepares them, took too long: on a busy machine it says nothing. */
const isLate = (message: string): boolean => /^(?:\w+: )?(?:Hook|Test) timed out in /.test(message);

/** Whether the compiler refuses the copy as it is now. */
export async function typesRefuse(root: string): Promise<boolean> {
  // What has not changed since the last mutant is not looked at again.
  const kept = ['--incremental', '--tsBuildInfoFile', 'build/types.info'];
  const { output } = await call(root, 'tsc', ['--noEmit', ...kept]);
  return /error TS\d+/.test(output);
}

/** Calls a tool in a group of processes of its own, so that an endless one ends with all that it started. */
async function call(
  cwd: string,
  command: string,
  args: string[],
  env: Readonly<Record<string, string>> = {},
  seconds = most * 60,
): Promise<{ readonly ended: boolean; readonly code: number | null; readonly output: string }> {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { cwd, env: { ...toolEnvironment(), ...env }, stdio, detached: true });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  let ended = false;
  const stop = (): void => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  const timer = setTimeout(() => {
    ended = true;
    stop();
  }, seconds * 1000);
  process.prependOnceListener('exit', stop);
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(timer);
    process.off('exit', stop);
  }
  return { ended, code: child.exitCode, output: Buffer.concat(chunks).toString() };
}

const tail = (text: string): string => text.trim().slice(-600);
