// Desks, and their pages in a real browser.
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { cacheFolder } from '../cache_folder.ts';
import { type Command, type createCommands, installed } from './processes.ts';

/** Debian's; where it is not installed the desk's tests are skipped by name. */
export const executablePath = '/usr/bin/chromium';

type Commands = Pick<ReturnType<typeof createCommands>, 'murmur'>;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox'] });

/** The link that a desk has printed. */
export const linkOf = (desk: Command): string => /open (http\S+)/.exec(desk.output())![1]!;

/** Starts `murmur open` in a folder, up to its link. */
export async function startDesk({ murmur }: Commands, home: string, ...flags: string[]): Promise<Command> {
  // What is installed brings what is compiled, and makes its own keys.
  const cache = installed === undefined ? ['--cache', cacheFolder] : [];
  const desk = murmur('open', '--home', home, ...flags, '--print-only', ...cache);
  await desk.prints(/^open http/);
  return desk;
}

/** A page that tells of what goes wrong. */
export interface WatchedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What its scripts threw, and what the policy of the browser kept from it. */
  readonly faults: string[];
}

/**
 * A page of a browser that knows nothing yet.
 * @param timeout milliseconds that its waits may take
 * @param prepare what comes before the page is there
 */
export async function newWatchedPage(
  browser: Browser,
  timeout: number,
  prepare: (context: BrowserContext) => Promise<void> = async () => {},
): Promise<WatchedPage> {
  const context = await browser.newContext();
  context.setDefaultTimeout(timeout);
  await prepare(context);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (said) => {
    if (/Content Security Policy/.test(said.text())) faults.push(said.text());
  });
  return { context, page, faults };
}

/** The example's desk, and its page. */
export interface DeskPage extends WatchedPage {
  readonly browser: Browser;
}

/** Starts `murmur open` in a folder, and follows its link. @param timeout milliseconds that the page's waits may take */
export async function openDeskPage(commands: Commands, home: string, timeout: number): Promise<DeskPage> {
  const desk = await startDesk(commands, home, '--preset', 'tiny');
  const browser = await launchBrowser();
  const watched = await newWatchedPage(browser, timeout);
  await watched.page.goto(linkOf(desk));
  await watched.page.getByRole('heading', { name: 'Tasks' }).waitFor();
  return { browser, ...watched };
}
