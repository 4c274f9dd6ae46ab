// Which files of tests share a process, and that one that changes it is noticed.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longest, needsItsOwnProcess } from './pool.ts';
import { root, toolEnvironment } from './suites/suite.ts';

describe('a file of tests', () => {
  it.each([
    `vi${'.mock'}('./other.ts');`,
    `vi${'.stubEnv'}('NAME', 'value');`,
    `vi${'.useFakeTimers'}();`,
    `process${'.chdir'}('/');`,
    `process${'.env'}.NAME = 'value';`,
    `process${'.env'}['NAME'] ??= 'value';`,
    `delete process${'.env'}.NAME;`,
    `process${'.on'}('exit', stop);`,
    `const before = process${'.memoryUsage'}();`,
    `const before = tf${'.memory'}().numTensors;`,
  ])('with %s runs in a process of its own', (line) => {
    expect(needsItsOwnProcess(`it('is a test', () => {\n  ${line}\n});\n`)).toBe(true);
  });

  it.each([
    "const spy = vi.spyOn(console, 'log');",
    "if (process.env.NAME === 'value') return;",
    'const env = { ...process.env, NAME: undefined };',
    'child.on("exit", stop);',
  ])('with %s shares one', (line) => {
    expect(needsItsOwnProcess(`it('is a test', () => {\n  ${line}\n});\n`)).toBe(false);
  });
});

it.each(longest)('%s, among the longest, is there', (name) => {
  expect(existsSync(join(root, `test/${name}.test.ts`))).toBe(true);
});

describe('a run', () => {
  const parent = join(root, 'build/test');
  let folder: string;
  beforeAll(() => {
    mkdirSync(parent, { recursive: true });
    folder = mkdtempSync(join(parent, 'pool-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs files with these lines in one test each, two at a time; resolves to the process that each ran in. */
  async function run(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const pool = join(root, 'test/pool.ts');
    const settings = `{ name: 'unit', pool: sharedProcesses, isolate: false, maxWorkers: 2 }`;
    writeFileSync(
      join(folder, 'vitest.config.ts'),
      `import { Order, sharedProcesses } from ${JSON.stringify(pool)};
      const setupFiles = [${JSON.stringify(join(root, 'test/unchanged.ts'))}];
      const project = { test: { ...${settings}, setupFiles } };
      export default { test: { sequence: { sequencer: Order }, projects: [project] } };\n`,
    );
    for (const [name, line] of Object.entries(files))
      writeFileSync(
        join(folder, `${name}.test.ts`),
        `import { writeFileSync } from 'node:fs';
        import { it, vi } from 'vitest';
        it('is a test', () => {
          writeFileSync(${JSON.stringify(join(folder, name))}, String(process.pid));
          ${line}
        });\n`,
      );
    await promisify(execFile)('vitest', ['run', '--root', folder], { cwd: root, env: toolEnvironment() });
    return Object.fromEntries(
      Object.keys(files).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
  }

  it('takes one process for the files that share it, and another for each that does not', async () => {
    const timers = `vi${'.useFakeTimers'}(); vi.useRealTimers();`;
    const { timed, timedToo, ...shared } = await run({
      a: '',
      b: '',
      c: '',
      d: '',
      timed: timers,
      timedToo: timers,
    });
    const processes = new Set(Object.values(shared));
    expect(processes.size).toBeLessThanOrEqual(2);
    expect(new Set([...processes, timed, timedToo]).size).toBe(processes.size + 2);
  });

  it('fails where a file leaves the process changed', async () => {
    const hidden = "Object.assign(process.env, { LEFT: 'behind' });";
    const told = { stderr: expect.stringContaining('the process that other files share') };
    await expect(run({ changes: hidden })).rejects.toMatchObject(told);
  });
});
