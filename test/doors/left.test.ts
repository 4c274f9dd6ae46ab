// A door that leaves something behind is told, with what it is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { leftOf } from './left.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-left-'));
afterEach(() => rmSync(home, { recursive: true, force: true }));

it.skipIf(process.platform !== 'linux')(
  'a process and a file that are still there, and nothing else',
  async () => {
    const env = { ...process.env, HOME: home };
    const child = spawn('sleep', ['600'], { env, stdio: 'ignore' });
    const other = spawn('sleep', ['601'], { stdio: 'ignore' });
    try {
      await Promise.all([once(child, 'spawn'), once(other, 'spawn')]);
      const place = { home, temporary: () => ['murmuration-postgres-1', 'node-compile-cache'] };
      expect(await leftOf(place, 500)).toEqual([
        `a process: ${child.pid} sleep 600`,
        'a temporary file: murmuration-postgres-1',
      ]);
      // What ends a little later than its door is not left.
      setTimeout(() => child.kill(), 200);
      expect(await leftOf({ home, temporary: () => [] }, 10_000)).toEqual([]);
    } finally {
      child.kill();
      other.kill();
    }
  },
);
