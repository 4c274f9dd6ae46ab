// The TypeScript tests: `unit` is all of test/ but test/e2e/, `e2e` is that folder.
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { cacheFolder } from '../cache_folder.ts';
import { type Outcome, root, type Suite, tool } from './suite.ts';

interface Report {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    /** Why the file failed, where no test of it did. */
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** A suite that runs one of vitest's projects. */
export function vitest(project: 'unit' | 'e2e'): Suite {
  const what = { unit: 'he, prover, circuits, node, contracts in TypeScript', e2e: 'whole federations' }[
    project
  ];
  return {
    name: project,
    what,
    run: async ({ all = false, except = [] } = {}) => {
      await makeWhatMostNeed();
      return runVitest(project, { except, env: all ? { MURMURATION_LONG: '1' } : {} });
    },
  };
}

/** Contracts and keys: where they were missing, each of the files that are begun first would make its own. */
async function makeWhatMostNeed(): Promise<void> {
  const [{ loadArtifacts }, { ensureDevelopmentKeys }] = await Promise.all([
    import('@murmuration/contracts'),
    import('@murmuration/prover'),
  ]);
  await Promise.all([loadArtifacts({ cacheFolder }), ensureDevelopmentKeys('tiny', { cacheFolder })]);
}

/** What of a project runs, and where. */
export interface Tests {
  /** The repository, or a copy of a part of it. */
  readonly cwd?: string;
  /** One file instead of all. */
  readonly file?: string;
  /** Files that are left out. */
  readonly except?: readonly string[];
  readonly env?: Record<string, string>;
  /** How the tests are shown, if they are. */
  readonly show?: 'default' | 'dot' | 'nothing';
}

/** Runs tests of one of vitest's projects. */
export async function runVitest(
  project: 'unit' | 'e2e',
  { cwd = root, file: alone, except = [], env = {}, show = 'default' }: Tests,
): Promise<Outcome> {
  await mkdir(join(cwd, 'build/test'), { recursive: true });
  const file = `build/test/${alone === undefined ? project : basename(alone)}.json`;
  const words = [
    'run',
    `--project=${project}`,
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...(show === 'nothing' ? [] : [`--reporter=${show}`]),
    ...(alone === undefined ? [] : [alone]),
  ];
  const environment = {
    ...env,
    ...(except.length > 0 && { MURMURATION_TESTED_ELSEWHERE: except.join(',') }),
  };
  const { code } = await tool('vitest', words, { cwd, env: environment, capture: show === 'nothing' });
  const report = JSON.parse(await readFile(join(cwd, file), 'utf8')) as Report;
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  const skipped = tests.filter((test) => test.status === 'skipped' || test.status === 'pending');
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages: [why = ''] }) => `${fullName}: ${firstLine(why)}`);
  // A file that fails to load, or before its first test, has no failed test of its own.
  for (const { name, status, message, assertionResults } of report.testResults) {
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
      failed.push(`${relative(cwd, name)}: ${firstLine(message)}`);
  }
  for (const { name } of report.testResults)
    if (except.includes(relative(cwd, name)))
      failed.push(`${relative(cwd, name)}: another suite runs it, too`);
  if (code !== 0 && failed.length === 0)
    failed.push(`vitest ends with ${code}, and tells of no test that failed`);
  return { passed: report.numPassedTests, failed, skipped: skipped.map((test) => test.fullName) };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;
