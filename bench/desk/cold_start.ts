// Somebody's first minutes with the desk, measured: `npx murmur open` where the packages are installed and nothing else
// was ever made, and a browser that chooses the example's task and clicks Train.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

/** Where it is played. */
export interface ColdStartSettings {
  /** A folder into which the packages are installed, or a checkout. */
  readonly installed: string;
  /** A folder in which nothing is: for what the desk keeps. */
  readonly home: string;
  /** Its MURMURATION_CACHE says where keys and tables are, or come to be. */
  readonly env: NodeJS.ProcessEnv;
  /** The desk's own unless given. */
  readonly preset?: string;
  /** Path of a Chromium. */
  readonly browser: string;
}

/** Seconds from the command to what the page shows. */
export interface ColdStart {
  /** A link to click. */
  readonly link: number;
  /** The example's task, and a button to train. */
  readonly task: number;
  /** A round: the first one, unless the page was too busy to see it. */
  readonly training: number;
  /** The first reward of an accepted round. */
  readonly paid: number;
}

/** Longest wait for anything in the page: milliseconds. */
const patience = 600_000;

export async function coldStart(settings: ColdStartSettings): Promise<ColdStart> {
  const { installed, home, env, preset, browser: executablePath } = settings;
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const flags = ['--home', join(home, 'desk'), '--print-only', ...(preset ? ['--preset', preset] : [])];
  // A group of its own, since npx passes no signal on.
  const desk = spawn('npx', ['murmur', 'open', ...flags], {
    cwd: installed,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(desk, 'close');
  const end = (): void => {
    if (desk.exitCode === null) process.kill(-desk.pid!, 'SIGINT');
  };
  // Where this process is ended before.
  process.once('exit', end);
  try {
    const url = await linkOf(desk.stdout);
    const link = seconds();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      await page.goto(url);
      await page.getByRole('link', { name: /handwritten digits/ }).click();
      const train = page.getByRole('button', { name: 'Train' });
      await train.waitFor();
      const task = seconds();
      await train.click();
      // A phase may be over between two looks of the page; that there are rounds is seen until they are over.
      await page.getByText(/^round \d+ of \d+: /).waitFor();
      const training = seconds();
      await page.getByRole('row').filter({ hasText: 'reward: part of an accepted round' }).first().waitFor();
      return { link, task, training, paid: seconds() };
    } finally {
      await browser.close();
    }
  } finally {
    process.off('exit', end);
    end();
    await ended;
  }
}

/** @throws Error where the desk ends before it has printed one. */
async function linkOf(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  try {
    for await (const line of lines) {
      const [, link] = /^open (\S+)/.exec(line) ?? [];
      if (link !== undefined) return link;
    }
  } finally {
    output.resume();
  }
  throw new Error('murmur open ended without a link');
}
