// What a task gives to somebody with a browser alone, from one training: it is audited while it runs, its certificate is
// kept and holds, and what left the machine is held against the chain; its model is taken, tried on digits and kept. Before
// that a file of 100 MB is read while the page answers, and a larger one than is taken is refused at once; what was there
// stays.
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFiles, siteReportSchema, verifyFiles } from '../../node/audit/index.ts';
import { readModelFile } from '../../node/cli/files/model_file.ts';
import { executablePath, openDeskPage } from './desk_page.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-task-'));
const { murmur, stop } = createCommands({});

describe.skipIf(!existsSync(executablePath))('the desk and one task (Debian: chromium)', () => {
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

  /** The path of the file that a click keeps. */
  async function keptFile(name: string): Promise<string> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name, exact: true }).click(),
    ]);
    return download.path();
  }
  const kept = async (name: string): Promise<Buffer> => readFileSync(await keptFile(name));

  it('says that nothing has left before anything did', async () => {
    await page.getByRole('link', { name: 'What left' }).click();
    await page.getByText('nothing has left this machine').waitFor();
  });

  it('reads 100 MB while the page answers, and refuses more than it takes without losing what it has', async () => {
    await page.getByRole('link', { name: 'Tasks' }).click();
    const large = join(home, 'large.csv');
    writeFileSync(large, `age,ill\n${'40,no\n50,yes\n'.repeat(7_700_000)}`);
    await page.getByLabel('Choose a file').setInputFiles(large);
    await page.getByText('reads the file').waitFor();
    // The page is there for its user meanwhile: a search is answered within a second.
    const begun = performance.now();
    await page.getByPlaceholder('Search').fill('no such task');
    await page.getByText('0 of 1 task').waitFor();
    expect(performance.now() - begun).toBeLessThan(5000);
    await page.getByPlaceholder('Search').fill('');
    await page.getByText(/large\.csv/).waitFor();
    await page.getByText(/no task here asks for a table/).waitFor();

    // While another is being sent the page is reloaded: the one before is there, and what came of the other is gone.
    const other = join(home, 'other.csv');
    copyFileSync(large, other);
    await Promise.all([
      page.waitForRequest(/\/api\/files\?name=other/),
      page.getByLabel('Choose a file').setInputFiles(other),
    ]);
    await page.reload();
    await page.getByText('other.csv has not arrived').waitFor();
    await page.getByText(/large\.csv, 100/).waitFor();
    // While it is read, after the node has all of it: nothing is sent again.
    await Promise.all([
      page.waitForRequest(/\/matches$/),
      page.getByLabel('Choose a file').setInputFiles(other),
    ]);
    await page.reload();
    await page.getByText(/other\.csv, 100/).waitFor();
    expect(readdirSync(join(home, 'desk', 'rows')).length).toBe(1);
    rmSync(other);

    // A hole of a file: nothing of it is read.
    const tooLarge = join(home, 'too_large.csv');
    writeFileSync(tooLarge, 'age,ill\n');
    truncateSync(tooLarge, 600_000_000);
    await page.getByLabel('Choose a file').setInputFiles(tooLarge);
    await page.getByText('too_large.csv has 600.0 MB, but at most 500.0 MB are taken').waitFor();
    await page.getByText(/other\.csv, 100/).waitFor();
    await page.getByRole('button', { name: 'Take it back' }).click();
    rmSync(large);
    rmSync(tooLarge);
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
    const site = siteReportSchema.parse(JSON.parse((await kept('Keep all entries')).toString()));
    expect(site.outcome).not.toBe('failed');
    expect(site.left.map(({ what }) => what)).toContain('update');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(faults).toEqual([]);
  });

  it('takes the model of a task that runs, evaluates it, and keeps it for other tools', async () => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.getByRole('link', { name: 'My training (1)' }).click();
    await page.getByRole('link', { name: /handwritten digits/ }).click();
    // The story is of the rounds that were settled, whatever they show.
    await page.getByRole('heading', { name: 'The left-handed trainer' }).waitFor();
    await page.getByText(/It was (not )?struck in/).waitFor();
    await page
      .getByText(/it got \d+ % of what the trainers were paid|no trainer was paid/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'the model' }).click();
    let taken = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/model')) taken++;
    });
    // It goes on behind the page.
    await Promise.all([
      page.waitForResponse(
        (answer) => answer.url().endsWith('/model') && answer.request().method() === 'POST',
      ),
      page.getByRole('button', { name: 'Take the model' }).click(),
    ]);
    await page.reload();
    await page.getByText(/each computed again/).waitFor();
    expect(taken).toBe(1);
    await page.getByRole('button', { name: /^Evaluate on/ }).click();
    await page.getByText(/On 1.?500 rows/).waitFor();
    const { file } = await readModelFile(await keptFile('Murmuration'));
    expect(file.lineage.rounds.length).toBeGreaterThan(0);
    for (const form of ['ONNX', 'safetensors']) expect((await kept(form)).includes(file.digest)).toBe(true);
    expect((await kept('TensorFlow.js')).toString()).toContain(file.digest);
    await page.reload();
    await page.getByText(/each computed again/).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(faults).toEqual([]);
  });
});
