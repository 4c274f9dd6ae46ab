import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { Order, sharedProcesses } from './test/pool.ts';

// Every file's process, and every program that a test starts, loads the same modules: what Node makes of them is kept.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'build/modules');

const common = {
  // It ends what hangs, and must not end what is slow: a busy machine takes five times as long, or more.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 60_000 } },
  // Where the processor has protection keys, V8 loses count of the pages of its compiled code while threads that hold
  // WebAssembly come and go, as in the fuzzing, and ends the process ("Check failed: jit_page.has_value()",
  // nodejs/node issue 64500).
  // A heap that begins small is searched again and again while it grows, by all processors.
  execArgv: ['--no-memory-protection-keys', '--initial-heap-size=1024'],
};

export default defineConfig({
  test: {
    sequence: { sequencer: Order },
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          pool: sharedProcesses,
          isolate: false,
          setupFiles: ['test/unchanged.ts'],
          include: ['test/**/*.test.ts'],
          // A project does not hear of `--exclude`: the files that another suite runs come by the environment.
          exclude: ['test/e2e/**', ...(process.env.MURMURATION_TESTED_ELSEWHERE?.split(',') ?? [])],
          // One more than the cores that they are given: some wait rather than work.
          maxWorkers: 3,
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          pool: 'forks',
          globalSetup: ['test/e2e/program.ts'],
          include: ['test/e2e/**/*.test.ts'],
          // Programs that tests start have huge pages for large buffers, of which the system has fewer to clear.
          env: { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' },
          // While one federation waits for what a member withholds, others work.
          maxWorkers: 3,
        },
      },
    ],
  },
});
