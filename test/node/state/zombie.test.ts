// The lock of a process that was killed and whose parent never asks for its end, as in a container without an
// init.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openState } from '../../../node/state/index.ts';

describe.runIf(process.platform === 'linux')('a lock', () => {
  it('of a zombie is taken over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'murmuration-zombie-'));
    const module = JSON.stringify(new URL('../../../node/state/index.ts', import.meta.url).href);
    const holder = `const { openState } = await import(${module}); await openState(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    // The shell becomes `sleep`, which has a child that it knows nothing of.
    const script = '"$0" --input-type=module -e "$1" & exec sleep 60';
    const parent = spawn('sh', ['-c', script, process.execPath, holder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let pid = 0;
    try {
      await once(parent.stdout!, 'data');
      pid = JSON.parse(await readFile(join(folder, 'lock'), 'utf8')).pid as number;
      await expect(openState(folder)).rejects.toThrow(`in use by process ${pid}`);
      process.kill(pid, 'SIGKILL');
      // Its first thread may be one while others still have the folder's files.
      const isGone = async () =>
        (await readdir(`/proc/${pid}/task`)).length === 1 &&
        (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]![0] === 'Z';
      while (!(await isGone())) await sleep(10);
      expect(process.kill(pid, 0)).toBe(true);
      await (await openState(folder)).close();
    } finally {
      if (pid > 0)
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // gone already
        }
      parent.kill('SIGKILL');
      await rm(folder, { recursive: true });
    }
  });
});
