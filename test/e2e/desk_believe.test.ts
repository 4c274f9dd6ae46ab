// Believing, by somebody with a browser alone: a task is audited while it runs, its certificate is kept and holds, and
// what left the machine is held against the chain.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFiles, siteReportSchema, verifyFiles } from '../../node/audit/index.ts';
import { executablePath, openDeskPage } from './desk_page.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-believe-'));
const { murmur, stop } = createCommands({});

describe.skipIf(!existsSync(executablePath))('the desk, believed (Debian: chromium)', () => {
  let browser: Browser;
  let page: Page;
  let faults: readonly string[];

  beforeAll(async () => {
    ({ browser, page, faults } = await openDeskPage({ murmur }, home, 300_000));
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** The file that a click keeps. */
  async function kept(name: string): Promise<Uint8Array> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).click(),
    ]);
    return readFileSync(await download.path());
  }

  it('says that nothing has left before anything did', async () => {
    await page.getByRole('link', { name: 'What left' }).click();
    await page.getByText('nothing has left this machine').waitFor();
  });

  it('audits a task that runs, and keeps a certificate that anybody can verify', async () => {
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('link', { name: /handwritten digits/ }).click();
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByRole('row').filter({ hasText: 'reward: part of an accepted round' }).first().waitFor();
    await page.getByRole('link', { name: 'the task' }).click();
    await page.getByRole('link', { name: 'Audit this task' }).click();
    await page.getByRole('button', { name: 'Audit', exact: true }).click();
    await page.getByText('all holds').waitFor();
    expect(await page.getByText('Nobody.').isVisible()).toBe(true);
    const [certificate, report, text] = [
      await kept('Keep the certificate'),
      await kept('Keep the report'),
      await kept('Keep the page'),
    ];
    const files = new Map([
      [auditFiles.report, report],
      [auditFiles.page, text],
    ]);
    expect(verifyFiles(certificate, files).report).toMatchObject({ outcome: 'clean', task: { number: '1' } });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  it('shows what left while the role works, which the chain agrees with', async () => {
    await page.getByRole('link', { name: 'What left' }).click();
    await page.getByRole('cell', { name: 'chain' }).first().waitFor();
    // A role that works has entries that no transaction vouches for yet; none of them is a contradiction.
    expect(await page.getByText('something does not hold').count()).toBe(0);
    const site = siteReportSchema.parse(JSON.parse(Buffer.from(await kept('Keep all entries')).toString()));
    expect(site.outcome).not.toBe('failed');
    expect(site.left.map(({ what }) => what)).toContain('update');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(faults).toEqual([]);
  });
});
