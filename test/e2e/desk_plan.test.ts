// A task that the page posts: planned by the form, joined by the example's others and by the page's user, trained, paid
// and audited without a command after `murmur open`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executablePath, openDeskPage } from './desk_page.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-plan-'));
const { murmur, stop } = createCommands({});

describe.skipIf(!existsSync(executablePath))('planning in the desk (Debian: chromium)', () => {
  let browser: Browser;
  let page: Page;
  let faults: readonly string[];

  beforeAll(async () => {
    ({ browser, page, faults } = await openDeskPage({ murmur }, home, 240_000));
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
    rmSync(home, { recursive: true, force: true });
  });

  const field = (name: string) => page.getByLabel(name, { exact: false }).first();
  const give = (label: string, name: string, value: unknown) =>
    page
      .getByLabel(label)
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(value)) });
  const postButton = () => page.getByRole('button', { name: 'Post' });

  it('says by field what is wrong, and beside the button what a review finds; a reload keeps what was typed', async () => {
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    await field('rounds').fill('1');
    await field('trainers').fill('99');
    await page.getByText('is "99", but must be a whole number from 2 to 64').waitFor();
    expect(await postButton().isDisabled()).toBe(true);
    await field('trainers').fill('4');
    await page.getByText(/tokens are locked as its bounty/).waitFor();
    expect(await page.locator('.findings li').count()).toBeGreaterThan(0);
    await field('appeal').fill('1');
    await page.reload();
    await page.getByText(/tokens are locked as its bounty/).waitFor();
    expect(await field('trainers').inputValue()).toBe('4');
    await give('A policy', 'policy.json', { rules: { minimalGain: 1 } });
    await page.getByText(/policy\.json: rules: .*minimalGain/).waitFor();
    await give('A policy', 'policy.json', { rules: { minGain: -2000 } });
    await page.getByText("The policy's file sets rules.minGain").waitFor();
    await give('Who may join', 'members.json', { members: [] });
    await page.getByText(/members\.json: .*format/).waitFor();
    await page.reload();
    await page.getByText(/members\.json: .*format/).waitFor();
    for (const file of ['policy.json', 'members.json'])
      await page.getByRole('paragraph').filter({ hasText: file }).getByRole('button').first().click();
    await page.getByText(/tokens are locked as its bounty/).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('posts it, and the others take their seats', async () => {
    const danger = page.getByLabel(/I have read the dangers/);
    if (await danger.count()) await danger.check();
    let posts = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/api/plan/post')) posts++;
    });
    // The page is gone before it hears that the node has begun, and comes back to what the node does.
    const begun = new Promise<void>((resolve) => {
      void page.route('**/api/plan/post', (route) => void route.fetch().then(() => resolve()), { times: 1 });
    });
    await postButton().click();
    await begun;
    await page.reload();
    await page.getByText('Task 2 is posted.').waitFor();
    expect(posts).toBe(1);
    await page.getByText('3 of 4 trainers, 6 of 6 validators').waitFor();
    // The same once more is not paid for by accident.
    await postButton().click();
    await page.getByText('task 2 of this planner is the same and open').waitFor();
  });

  it('is joined, trained and paid, and its planner sees where the bounty goes', async () => {
    await page.getByRole('link', { name: /task 2$/ }).click();
    const danger = page.getByLabel(/I have read the dangers/);
    if (await danger.count()) await danger.check();
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByRole('row').filter({ hasText: 'reward: part of an accepted round' }).first().waitFor();
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    const posted = page.getByRole('region', { name: 'Task 2' });
    await posted.getByText('ended').waitFor();
    expect(await posted.getByRole('row').nth(1).innerText()).toMatch(/accepted\s+4\s+\d+\s+6/);
    expect(await posted.innerText()).not.toContain(' 0 of ');
  });

  it('says why the others did not join one that they have no rows for', async () => {
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    await field('trainers').fill('17');
    await field('seed').fill('2');
    await page.getByText('other members do not join: they have rows for 3 to 16 trainers').waitFor();
    const danger = page.getByLabel(/I have read the dangers/);
    if (await danger.count()) await danger.check();
    await postButton().click();
    const posted = page.getByRole('region', { name: 'Task 3' });
    await posted.getByText('other members do not join: they have rows for 3 to 16 trainers').waitFor();
    await page.reload();
    await posted.getByText('other members do not join').waitFor();
    await posted.getByRole('button', { name: 'Give it up' }).click();
    await posted.getByText('cancelled').waitFor();
  });

  it('is audited in the page', async () => {
    await page
      .getByRole('link', { name: /task 2$/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Audit this task' }).click();
    await page.getByRole('button', { name: 'Audit', exact: false }).first().click();
    await page.getByText('all holds').first().waitFor();
    expect(faults).toEqual([]);
  });
});
