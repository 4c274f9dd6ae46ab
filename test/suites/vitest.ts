// The TypeScript tests: `unit` is all of test/ but test/e2e/, `e2e` is that folder.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Outcome, root, type Suite, tool } from './suite.ts';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}

/** A suite that runs one of vitest's projects. */
export function vitest(project: 'unit' | 'e2e'): Suite {
  const what = { unit: 'he, prover, circuits, node, contracts in TypeScript', e2e: 'whole federations' }[
    project
  ];
  return { name: project, what, run: () => run(project) };
}

async function run(project: string): Promise<Outcome> {
  await mkdir(join(root, 'build/test'), { recursive: true });
  const file = `build/test/${project}.json`;
  const { code } = await tool('vitest', [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = JSON.parse(await readFile(join(root, file), 'utf8')) as Report;
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  const skipped = tests.filter((test) => test.status === 'skipped' || test.status === 'pending');
  // A file that fails to load has no failed test of its own: count it, and never call a failed run clean.
  const broken = report.testResults.filter((suite) => suite.assertionResults.length === 0).length;
  const failed = Math.max(report.numFailedTests + broken, code === 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: skipped.map((test) => test.fullName) };
}
