// The desk as somebody meets it who has never seen it: `murmur open`, and a real browser.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoTask } from '../../node/demo/index.ts';
import { executablePath, launchBrowser, linkOf, newWatchedPage, startDesk } from './desk_page.ts';
import { type Command, createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-'));
const { murmur, stop } = createCommands({});

describe.skipIf(!existsSync(executablePath))('murmur open (Debian: chromium)', () => {
  let browser: Browser;
  let first: string;
  let desk: Command;
  const contexts: BrowserContext[] = [];
  const open = (...flags: string[]) => startDesk({ murmur }, home, '--preset', 'tiny', ...flags);

  beforeAll(async () => {
    desk = await open();
    first = linkOf(desk);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
    rmSync(home, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  /** A page of a browser that knows nothing yet; it tells of whatever goes wrong, and of every host that is asked. */
  async function newPage(): Promise<{ page: Page; faults: string[]; hosts: Set<string> }> {
    const { context, page, faults } = await newWatchedPage(browser, 300_000);
    contexts.push(context);
    const hosts = new Set<string>();
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => hosts.add(new URL(request.url()).host));
    return { page, faults, hosts };
  }

  /** While a desk runs, `murmur open` makes another link to it. */
  async function newLink(): Promise<string> {
    const again = await open();
    expect(await again.ended, again.output()).toBe(0);
    return linkOf(again);
  }

  it('shows the example to somebody who comes for the first time, and asks nobody but itself', async () => {
    const { page, faults, hosts } = await newPage();
    await page.goto(first);
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await page.getByRole('link', { name: /handwritten digits/ }).click();
    await page.getByRole('heading', { name: 'What one could lose' }).waitFor();
    expect(await page.getByText('3 of 4 trainers').first().isVisible()).toBe(true);
    // The view's beginning is where reading goes on.
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');

    await page.reload();
    await page.getByRole('heading', { name: 'What one could lose' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(page.url()).not.toMatch(/#[\w-]{43}$/);
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([new URL(first).host]);
  });

  it('trains on the first click, and is paid; a reload shows as much, a stop ends it in order, and it goes on', async () => {
    const { page, faults } = await newPage();
    await page.goto(await newLink());
    await page.getByRole('link', { name: /handwritten digits/ }).click();
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByText(/trainers make their key|^round \d+ of \d+: /).waitFor();
    await page.reload();
    // The first reward: an accepted round, with the cosine and the rule behind it.
    const row = page.getByRole('row').filter({ hasText: 'reward: part of an accepted round' }).first();
    await row.waitFor();
    expect(await row.innerText()).toMatch(/accepted\s+\d+\.\d %\s+-?\d\.\d\d/);
    expect(await page.locator('dd').first().innerText()).toMatch(/^\d+(\.\d+)?$/);
    expect(await page.locator('dd').first().innerText()).not.toBe('0');

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('until it goes on, it misses its duties').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('works', { exact: true }).waitFor();
    // Beneath the stop stands that it runs; what it does next follows from the chain.
    const [newest] = await page.locator('.steps li').allInnerTexts();
    expect(newest).not.toContain('until it goes on');
    expect(faults).toEqual([]);
  });

  it('goes on while nobody looks', async () => {
    const { page } = await newPage();
    await page.goto(await newLink());
    await page.getByRole('link', { name: 'My training (1)' }).click();
    await page.getByRole('link', { name: /handwritten digits/ }).click();
    await page.getByText('works', { exact: true }).waitFor();
  });

  it('shows a task that a stranger has posted to do harm as text, on a phone, too', async () => {
    const planner = mkdtempSync(join(tmpdir(), 'murmuration-desk-planner-'));
    const example = join(home, 'example');
    const { value } = JSON.parse(readFileSync(join(example, 'state', 'chain.json'), 'utf8')) as {
      value: { port: number };
    };
    const trick = '\u202E<img src=x onerror="window.harmed = true"><script>window.harmed = true</script>';
    const classes = [[trick], ['no\u2066']];
    const columns = [
      { type: 'numeric', name: `${'w'.repeat(150)}${trick}`.slice(0, 200), mean: 0, deviation: 1 },
    ];
    const description = {
      ...demoTask({ preset: 'tiny' }),
      name: trick,
      model: { input: [1], layers: [{ type: 'dense', units: 1, activation: 'linear' }], loss: 'binary' },
      data: { kind: 'csv', columns, target: { name: trick, classes } },
    };
    const huge = { economics: { minStake: `${2n ** 95n}`, dispute: `${2n ** 96n}` } };
    writeFileSync(join(planner, 'task.json'), JSON.stringify(description));
    writeFileSync(join(planner, 'policy.json'), JSON.stringify(huge));
    writeFileSync(join(planner, 'password'), 'a password of a stranger', { mode: 0o600 });
    const place = ['--home', planner, '--deployment', join(example, 'deployment.json')];
    const chain = ['--rpc', `http://127.0.0.1:${value.port}`, '--store', join(example, 'store')];
    const stranger = async (...words: string[]) => {
      const command = murmur(...words);
      expect(await command.ended, command.output()).toBe(0);
    };
    const password = ['--password-file', join(planner, 'password')];
    await stranger('account', 'new', '--home', planner, ...password);
    await stranger('account', 'fund', ...place, '--rpc', chain[1]!);
    const files = ['--description', join(planner, 'task.json'), '--policy', join(planner, 'policy.json')];
    await stranger('planner', 'create', ...place, ...chain, ...password, ...files, '--accept-risks');
    rmSync(planner, { recursive: true, force: true });

    const { page, faults } = await newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(await newLink());
    await page.getByRole('link', { name: /<script>/ }).click();
    await page.getByRole('heading', { name: 'What one could lose' }).waitFor();
    expect(await page.evaluate('window.harmed')).toBeUndefined();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    // The review's words stand beside the button, which waits for an answer to them.
    expect(text).toContain('danger');
    expect(text).toContain('It asks for more stake than you have.');
    expect(await page.getByRole('button', { name: 'Train' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('holds a dropped file against the tasks, and forgets it when it is taken back', async () => {
    const { page, faults } = await newPage();
    await page.goto(await newLink());
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'rows.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('age,ill\n40,no\n'),
    });
    await page.getByText('0 of 1 task that asks for a table can use it').waitFor();
    expect(await page.getByText('your file does not fit').count()).toBe(1);
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('rows.csv').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('keeps out a tab with a link that was used, and says how to get in', async () => {
    const { page } = await newPage();
    await page.goto(first);
    await page.getByRole('heading', { name: 'The door is closed' }).waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('murmur open');
    expect(await page.getByRole('heading', { name: 'Tasks' }).count()).toBe(0);
  });

  it("gives another site's page nothing, whatever it tries", async () => {
    const link = new URL(await newLink());
    const attack = readFileSync(join(import.meta.dirname, 'other_site.js'), 'utf8');
    const site = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html');
      answer.end(`<!doctype html><title>another site</title><body><script type="module">${attack}</script>`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    try {
      const { page } = await newPage();
      const { port } = site.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/?desk=${link.origin}&token=${link.hash.slice(1)}`);
      const tried: Record<string, string> = await page.evaluate('tried');
      expect(tried).toEqual({
        read: 'refused',
        exchanged: 'refused',
        sentBlindly: expect.stringMatching(/^refused$|^opaque 0 $/),
        script: 'refused',
        image: 'refused',
        frame: 'loaded, and cannot be read',
      });
      // What the frame has loaded is the browser's word that it may not.
      const inside = await Promise.all(page.frames().map((frame) => frame.content()));
      expect(inside.join()).not.toContain('id="desk"');
    } finally {
      site.close();
    }
    // None of it has used the link up.
    const { page } = await newPage();
    await page.goto(link.href);
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  });

  it('says so where its node is stopped under it, and that it is another one when that is back', async () => {
    const { page } = await newPage();
    await page.goto(await newLink());
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await desk.kill();
    await page.getByText('The node of this page does not answer.').waitFor();
    // What was there is still to be read.
    expect(await page.getByRole('heading', { name: 'Tasks' }).isVisible()).toBe(true);
    await open('--port', new URL(first).port);
    await page.getByText('This page is of an earlier start of its node.').waitFor();
  });
});
