// The desk: from the command to the first reward with a click, then its test in a browser.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { coldStart } from '../../bench/desk/cold_start.ts';
import { executablePath } from '../e2e/desk_page.ts';
import { runVitest } from '../suites/vitest.ts';
import type { Place } from './place.ts';

/** @throws Error where a test fails, or is skipped. */
export async function playDesk({ kind, from, folder, env }: Place): Promise<string> {
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing (Debian: chromium)`);
  const home = join(folder, 'desk');
  const { link, task, training, paid } = await coldStart({
    installed: from,
    home,
    env,
    browser: executablePath,
  });
  const seconds = [
    `a link after ${link.toFixed(0)} s`,
    `the task ${task.toFixed(0)} s`,
    `training ${training.toFixed(0)} s`,
    `paid ${paid.toFixed(0)} s`,
  ].join(', ');
  const own = kind === 'packed' ? { MURMURATION_INSTALLED: from } : {};
  const { passed, failed, skipped } = await runVitest('e2e', {
    file: 'test/e2e/desk.test.ts',
    env: own,
    show: 'nothing',
  });
  if (failed.length > 0 || skipped.length > 0)
    throw new Error([`${seconds}; its browser test: ${passed} passed`, ...failed, ...skipped].join('; '));
  return `${seconds}; ${passed} tests in the browser passed`;
}
