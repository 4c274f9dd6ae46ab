// A desk with its example, and its page in a real browser.
import { type Browser, chromium, type Page } from 'playwright-core';
import { cacheFolder } from '../cache_folder.ts';
import type { createCommands } from './processes.ts';

/** Debian's; where it is not installed the desk's tests are skipped by name. */
export const executablePath = '/usr/bin/chromium';

export interface DeskPage {
  readonly browser: Browser;
  readonly page: Page;
  /** What the page's scripts threw. */
  readonly faults: readonly string[];
}

/** Starts `murmur open` in a folder, and follows its link. @param timeout milliseconds that the page's waits may take */
export async function openDeskPage(
  { murmur }: Pick<ReturnType<typeof createCommands>, 'murmur'>,
  home: string,
  timeout: number,
): Promise<DeskPage> {
  const desk = murmur('open', '--home', home, '--preset', 'tiny', '--print-only', '--cache', cacheFolder);
  await desk.prints(/^open http/);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage();
  page.setDefaultTimeout(timeout);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(/open (http\S+)/.exec(desk.output())![1]!);
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  return { browser, page, faults };
}
