// The TypeScript tests: `unit` is all of test/ but test/e2e/, `e2e` is that folder.
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
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
  return { name: project, what, run: () => run(project) };
}

/** Runs the tests of one file, and shows nothing of them. */
export const vitestFile = (
  project: 'unit' | 'e2e',
  file: string,
  env: Record<string, string>,
): Promise<Outcome> => run(project, { file, env });

async function run(
  project: string,
  alone?: { readonly file: string; readonly env: Record<string, string> },
): Promise<Outcome> {
  await mkdir(join(root, 'build/test'), { recursive: true });
  const file = `build/test/${alone === undefined ? project : basename(alone.file)}.json`;
  const words = ['run', `--project=${project}`, '--reporter=json', `--outputFile.json=${file}`];
  const { code } =
    alone === undefined
      ? await tool('vitest', [...words, '--reporter=default'])
      : await tool('vitest', [...words, alone.file], { env: alone.env, capture: true });
  const report = JSON.parse(await readFile(join(root, file), 'utf8')) as Report;
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  const skipped = tests.filter((test) => test.status === 'skipped' || test.status === 'pending');
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages: [why = ''] }) => `${fullName}: ${firstLine(why)}`);
  // A file that fails to load, or before its first test, has no failed test of its own.
  for (const { name, status, message, assertionResults } of report.testResults) {
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
      failed.push(`${relative(root, name)}: ${firstLine(message)}`);
  }
  if (code !== 0 && failed.length === 0)
    failed.push(`vitest ends with ${code}, and tells of no test that failed`);
  return { passed: report.numPassedTests, failed, skipped: skipped.map((test) => test.fullName) };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;
