// A file of tests leaves its process as it found it, since others run in it later (see pool.ts): one that does not fails.
import { afterAll, beforeAll, expect, vi } from 'vitest';

/** What tests change most easily. Handlers are not among it: some libraries add theirs once they are loaded. */
const look = () => ({
  environment: { ...process.env },
  folder: process.cwd(),
  exitCode: process.exitCode,
  clockStands: vi.isFakeTimers(),
});

let found: ReturnType<typeof look>;
beforeAll(() => {
  found = look();
});
// Hooks that end a file run in reverse: this one is the last.
afterAll(() => expect(look(), 'the process that other files share').toEqual(found));
