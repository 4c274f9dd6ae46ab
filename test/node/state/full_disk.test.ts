// A disk that is full, mounted for reading only, or closed to its user: told by name, nothing lost, and over once it is
// mended. Skipped where the system gives no file system of one's own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diskFault } from '../../../node/state/index.ts';

const module = JSON.stringify(new URL('../../../node/state/index.ts', import.meta.url).href);
const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
afterAll(() => rmSync(folder, { recursive: true }));

const within = ['--user', '--map-root-user', '--mount', 'sh', '-c'];
const mount = `mount -t tmpfs -o size=64k none ${folder}`;
const hasMounts = spawnSync('unshare', [...within, mount]).status === 0;

/** What a program prints as JSON on a disk of 64 KiB. `remount` makes it one that can only be read. */
function onSmallDisk(program: string): unknown {
  const code = `
    import { execSync } from 'node:child_process';
    const { openState, writeAtomically } = await import(${module});
    const { readFileSync } = await import('node:fs');
    const folder = ${JSON.stringify(folder)};
    const remount = () => execSync('mount -o remount,ro ' + folder);
    const fault = (doing) => doing.then(() => 'done', ({ code, prospect, message, mend }) => ({ code, prospect, message, mend }));
    const told = {};
    ${program}
    console.log(JSON.stringify(told));`;
  const run = [`${mount} && exec "$0" --input-type=module -e "$1"`, process.execPath, code];
  const { stdout, stderr } = spawnSync('unshare', [...within, ...run], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.skipIf(!hasMounts)('a disk', () => {
  it('that is full keeps what was there, says so, and is used again when there is room', () => {
    const told = onSmallDisk(`
      const state = await openState(folder + '/state');
      await state.writeBytes('record', Uint8Array.of(1));
      told.full = await fault(state.writeBytes('record', new Uint8Array(100_000)));
      told.kept = [...await state.readBytes('record')];
      await writeAtomically(folder + '/out.csv', 'old');
      await writeAtomically(folder + '/out.csv', 'x'.repeat(100_000)).catch(() => undefined);
      told.output = readFileSync(folder + '/out.csv', 'utf8');
      told.again = await fault(state.writeBytes('record', Uint8Array.of(2)));
      await state.close();`);
    expect(told).toEqual({
      full: {
        code: 'state',
        prospect: 'passing',
        message: `${folder}/state/record.bin: there is no space left on its disk`,
        mend: 'Free some space.',
      },
      kept: [1],
      output: 'old',
      again: 'done',
    });
  });

  it('that can only be read is named, and not told as a path that is missing', () => {
    const told = onSmallDisk(`
      remount();
      told.opened = await fault(openState(folder + '/a/state'));`);
    expect(told).toEqual({
      opened: {
        code: 'state',
        prospect: 'passing',
        message: `${folder}/a/state: its disk is mounted for reading only`,
        mend: 'Mount it for writing, or choose another place.',
      },
    });
  });
});

it('what a disk fails at passes, but for paths that are none', () => {
  const fault = (code: string) =>
    diskFault('/state', Object.assign(new Error(code), { code, syscall: 'open' }));
  for (const code of ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EMFILE', 'EIO', 'ESTALE'])
    expect(fault(code)).toMatchObject({ code: 'state', prospect: 'passing' });
  expect(fault('ENOTDIR')).toMatchObject({ code: 'state', prospect: 'unknown' });
  const bug = new TypeError('a bug');
  expect(diskFault('/state', bug)).toBe(bug);
});
