// The desk on a chain that was named, in a real browser: an account is made there and unlocked, each fault is a
// sentence, two tasks are joined, a stopped node goes on once its account is unlocked, an application is taken back.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anvil, createAnvil, type Deployment, deploymentSchema } from '@murmuration/contracts';
import type { Browser, Page } from 'playwright-core';
import type { Address } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { clinicCsv, clinicTask } from '../node/learn/clinics.ts';
import { executablePath, launchBrowser, linkOf, newWatchedPage, startDesk } from './desk_page.ts';
import { type Command, createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-chain-'));
const own = join(home, 'own');
const plannersPassword = 'only for tests';
const password = 'a password typed in the page';
const { murmur, json, stop } = createCommands({ MURMURATION_PASSWORD: plannersPassword });
const anvil: Anvil = createAnvil();

describe.skipIf(!existsSync(executablePath))('murmur open --deployment (Debian: chromium)', () => {
  let browser: Browser;
  let page: Page;
  let desk: Command;
  let deployment: Deployment;
  const outputs: Command[] = [];
  const file = join(home, 'deployment.json');
  const chain = () => ['--rpc', anvil.url, '--deployment', file, '--store', join(home, 'store')];

  async function openDesk(): Promise<string> {
    desk = await startDesk({ murmur }, own, ...chain());
    outputs.push(desk);
    return linkOf(desk);
  }

  beforeAll(async () => {
    await anvil.start();
    await json('deploy', '--home', home, '--rpc', anvil.url, '--presets', 'tiny', '--cache', cacheFolder);
    deployment = deploymentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const planner = join(home, 'planner');
    const account = await openKeystore(join(planner, 'keystore'), 10).createAccount(plannersPassword);
    await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: 10n ** 24n });
    const description = join(home, 'task.json');
    for (const name of ['the first task', 'the second task']) {
      writeFileSync(description, JSON.stringify({ ...clinicTask(2), name }));
      await json(
        'planner',
        'create',
        '--home',
        planner,
        ...chain(),
        '--description',
        description,
        '--accept-risks',
      );
    }
    browser = await launchBrowser();
    ({ page } = await newWatchedPage(browser, 120_000));
    await page.goto(await openDesk());
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
    await anvil.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const accountsHere = (): Promise<Address[]> => openKeystore(join(own, 'keystore')).accounts();
  const accountHere = async (): Promise<Address> => (await accountsHere())[0]!;
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const giveFile = (name: string, text: string) =>
    page.getByLabel('Choose a file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  async function agreeAndJoin(): Promise<void> {
    await page.getByLabel(/I have read the terms/).check();
    await page.getByRole('button', { name: 'Join as trainer' }).click();
  }

  it('makes an account in the page, and says what it lacks before anything is pledged', async () => {
    await page.getByRole('link', { name: 'the first task' }).click();
    await page.getByLabel('Its password').fill(password);
    await page.getByLabel('The same again').fill(`${password}!`);
    await page.getByRole('button', { name: 'Make it' }).click();
    await says('The two differ.');
    await page.getByLabel('The same again').fill(password);
    await page.getByRole('button', { name: 'Make it' }).click();
    await says(/It has 0 tokens/);
    await giveFile('wrong.csv', 'age,ill\n40,no\n');
    await says('Your file does not fit this task.');
    await giveFile('rows.csv', clinicCsv('north', { shift: 0, rows: 60, missing: 0.1 }));
    await says('your file fits');
    await agreeAndJoin();
    await says(/has 0 tokens, but the stake takes/);
    expect(await page.getByRole('alert').innerText()).toContain('murmur account fund');
  });

  it('joins two tasks at once after it has money, without the password anywhere', async () => {
    await fund(
      { url: anvil.url, deployment },
      { to: await accountHere(), ether: 10n ** 19n, tokens: 10n ** 22n },
    );
    await page.getByRole('button', { name: 'Join as trainer' }).click();
    await says('waits until all seats are taken');
    await says('works');
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByRole('link', { name: 'the second task' }).click();
    await page.getByLabel('validator').check();
    await page.getByLabel(/I have read the terms/).check();
    await page.getByRole('button', { name: 'Join as validator' }).click();
    await page.getByRole('link', { name: 'My training (2)' }).waitFor();
  });

  it('goes on after the node was stopped, once the account is unlocked', async () => {
    await desk.kill();
    await page.goto('about:blank');
    await page.goto(await openDesk());
    await page.getByRole('link', { name: /My training/ }).click();
    await page.getByRole('link', { name: 'the first task' }).click();
    await says('waits for its account to be unlocked');
    await page.getByLabel(/^Password of/).fill('another password');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await says(/this is not the password of 0x/);
    await page.getByLabel(/^Password of/).fill(password);
    await page.getByRole('button', { name: 'Unlock' }).click();
    // Both of the account's roles do.
    await page.getByRole('link', { name: 'My training (2)' }).waitFor();
  });

  it('comes back after a reload with the account as it was: unlocked, or locked', async () => {
    await page.reload();
    await page.getByRole('link', { name: 'My training (2)' }).waitFor();
    await page.getByRole('link', { name: 'Plan', exact: true }).click();
    // The account's roles are at work: its key stays.
    await page.getByRole('button', { name: 'Lock' }).click();
    await says(/the account works in task/);
    await page.reload();
    await page.getByRole('button', { name: 'Lock' }).waitFor();
    // An account that has nothing to do is locked, and nothing but its password opens it.
    await page.getByRole('button', { name: 'Make a new account' }).click();
    await page.getByLabel('Its password').fill(password);
    await page.getByLabel('The same again').fill(password);
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('button', { name: 'Lock' }).waitFor();
    const idle = await page.getByLabel('Account').inputValue();
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByLabel(/^Password of/).waitFor();
    await page.reload();
    await page.getByLabel(/^Password of/).waitFor();
    expect(await page.getByLabel('Account').inputValue()).toBe(idle);
    const first = await accountHere();
    await page.getByLabel('Account').selectOption(first === idle ? (await accountsHere())[1]! : first);
    await page.getByRole('button', { name: 'Lock' }).waitFor();
    await page.getByRole('link', { name: 'My training (2)' }).click();
    await page.getByRole('link', { name: 'the first task' }).click();
  });

  it('stops, goes on, and takes its application back', async () => {
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('works', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await says(/took its application back/);
    for (const { output } of outputs) expect(output()).not.toContain(password);
  });

  it('says of a chain that is not the deployment’s which one it is', async () => {
    await desk.kill();
    writeFileSync(file, JSON.stringify({ ...deployment, chainId: 5 }));
    await page.goto('about:blank');
    await page.goto(await openDesk());
    await says(/serves chain 31337/);
  });
});
