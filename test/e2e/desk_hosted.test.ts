// A host for hire, in a real browser: an owner with a wallet gives a host a sealed file and a mandate, and the host trains
// with the owner's stake. Another host cannot read the file, the host's key gets no money, and what is taken back counts.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Anvil,
  createAnvil,
  type Deployment,
  deploymentSchema,
  stakeVaultAbi,
} from '@murmuration/contracts';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Address, createPublicClient, type Hex, http, parseEther } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStake } from '../../node/chain/index.ts';
import { maxPackage } from '../../node/hosting/index.ts';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { createFolderStore } from '../../node/store/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { clinicCsv, clinicTask } from '../node/learn/clinics.ts';
import { executablePath } from './desk_page.ts';
import { createCommands } from './processes.ts';
import { TestWallet } from './test_wallet.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-hosted-'));
const password = 'a password of this test';
const { murmur, json, stop } = createCommands({ MURMURATION_PASSWORD: password });
const anvil: Anvil = createAnvil();
const at = (name: string) => join(home, name);
const identityField = 'What murmur host identity printed there';
const consentField = 'What murmur owner consent printed there';

describe.skipIf(!existsSync(executablePath))('hosts for hire (Debian: chromium)', () => {
  let browser: Browser;
  let page: Page;
  let deployment: Deployment;
  let wallet: TestWallet;
  const accounts: Record<string, Address> = {};
  const tasks: string[] = [];
  const faults: string[] = [];

  const place = () => [
    ...['--rpc', anvil.url, '--deployment', at('deployment.json')],
    ...['--store', at('store')],
  ];
  const as = (name: string) => ['--home', at(name), ...place()];
  const client = () => createPublicClient({ transport: http(anvil.url) });
  const give = (to: Address) =>
    fund({ url: anvil.url, deployment }, { to, ether: parseEther('1'), tokens: 10n ** 22n });
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const click = (name: string | RegExp) => page.getByRole('button', { name }).click();
  const fill = (field: string, text: unknown) =>
    page.getByLabel(field, { exact: true }).fill(typeof text === 'string' ? text : JSON.stringify(text));
  const identity = (host: string) => json<{ signature: string }>('host', 'identity', ...as(host));
  const consent = (host: string, owner: Address) =>
    json<object>('owner', 'consent', ...as(host), '--owner', owner);

  async function refused(...words: string[]): Promise<string> {
    const command = murmur(...words);
    expect(await command.ended).toBe(1);
    return command.output();
  }

  async function post(name: string): Promise<void> {
    writeFileSync(at('task.json'), JSON.stringify({ ...clinicTask(2), name }));
    writeFileSync(at('policy.json'), JSON.stringify({ rules: { minGain: -10_000 } }));
    const files = ['--description', at('task.json'), '--policy', at('policy.json'), '--accept-risks'];
    const seats = ['--trainers', '3', '--validators', '2'];
    const { task } = await json<{ task: string }>('planner', 'create', ...as('planner'), ...files, ...seats);
    tasks.push(task);
  }

  beforeAll(async () => {
    await anvil.start();
    await json('deploy', '--home', home, '--rpc', anvil.url, '--presets', 'tiny', '--cache', cacheFolder);
    deployment = deploymentSchema.parse(JSON.parse(readFileSync(at('deployment.json'), 'utf8')));
    for (const name of [
      'planner',
      'owner',
      'host',
      'other',
      'south',
      'east',
      'registry',
      'clinic',
      'prover',
    ]) {
      accounts[name] = await openKeystore(join(at(name), 'keystore'), 10).createAccount(password);
      await give(accounts[name]);
    }
    await post('heart disease at three hospitals');
    await post('heart disease, again');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const context = await browser.newContext();
    context.setDefaultTimeout(120_000);
    const key = privateKeyToAccount(generatePrivateKey());
    await give(key.address);
    const network = deployment.chainId;
    wallet = new TestWallet({ name: 'Some Wallet', url: anvil.url, accounts: [key], network, batches: true });
    await wallet.install(context);
    const desk = murmur('open', ...as('owner'), '--print-only', '--cache', cacheFolder);
    await desk.prints(/^open http/);
    page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(/open (http\S+)/.exec(desk.output())![1]!);
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
    await anvil.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** From the task to the form, with a file that fits. */
  async function begin(task: string): Promise<void> {
    await page.getByRole('navigation').getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('link', { name: task, exact: true }).click();
    await page.getByRole('link', { name: 'Train on a host’s machine' }).click();
    await says('The host sees your rows, every one of them.');
  }
  async function chooseFile(): Promise<void> {
    const buffer = Buffer.from(clinicCsv('north', { shift: -3, rows: 150, missing: 0.1 }));
    await page.getByLabel('Choose a file').setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer });
    await says('your file fits');
  }

  it('gives a host a sealed file and the stake of a wallet, once it is known who the host is', async () => {
    await begin('heart disease at three hospitals');
    await page.getByLabel(/^Password of/).fill(password);
    await click('Unlock');
    await page.getByLabel(/a wallet of this browser/).check();
    await click(/^Connect Some Wallet/);

    // Somebody has put another key into the host's identity.
    const known = await identity('host');
    await fill(identityField, { ...known, key: `0x${'11'.repeat(32)}` });
    await says(/the host's identity is not signed by 0x\w+: it was altered/);
    await fill(identityField, known);
    await page.getByLabel(/I have compared this fingerprint/).check();
    await page.getByLabel('What you call it').fill('North Hosting');
    const owner = wallet.account.address;
    await fill(consentField, await consent('other', owner));
    await chooseFile();
    await page.getByLabel(/The host sees my rows/).check();
    await click('Give it to the host');
    await says(`the consent is of ${accounts.other}, not of the host ${accounts.host}`);
    await fill(consentField, await consent('host', owner));
    await click('Give it to the host');

    await says('What you sign, in 1 signature, all of it or nothing:');
    await click('Sign in the wallet');
    await says(new RegExp(`to the host ${accounts.host}, who sees them`));
    wallet.refuses = 1;
    await click('Sign the mandate in the wallet');
    await says('It was refused in the wallet.');
    await click('Sign the mandate in the wallet');
    await says('waits until the host takes it');
    expect(wallet.asked.slice(1)).toEqual([
      'wallet_sendCalls',
      'eth_signTypedData_v4',
      'eth_signTypedData_v4',
    ]);
    const stake = await readStake(client(), deployment, accounts.host!);
    expect(stake.owner).toBe(owner);
  });

  it('lets no other host read it, and the host’s key get no money', async () => {
    const command = await page.locator('.command').textContent();
    const digest = /0x[0-9a-f]{64}/.exec(command!)![0] as Hex;
    expect(await refused('host', 'run', ...as('other'), '--package', digest)).toMatch(/is for another host/);
    const store = createFolderStore(at('store'));
    await store.start();
    const sealed = await store.get(digest, { maxBytes: maxPackage }).finally(() => store.stop());
    const line = clinicCsv('north', { shift: -3, rows: 150, missing: 0.1 }).split('\n')[1]!;
    expect(Buffer.from(sealed).includes(line)).toBe(false);
    const host = accounts.host!;
    const vault = { address: deployment.vault, abi: stakeVaultAbi, account: host } as const;
    const tries = [
      ['claim', [host]],
      ['queue', [host, 1n]],
      ['withdraw', [host]],
      ['bond', [host, 1n]],
      ['mandate', [BigInt(tasks[1]!), host, 1n]],
    ] as const;
    for (const [functionName, args] of tries)
      await expect(
        client().simulateContract({ ...vault, functionName, args } as never),
        functionName,
      ).rejects.toThrow('NotOwner');
  });

  it('says what left this machine, and shows the host at work with the wallet’s stake', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'What left' }).click();
    await says('package for a host');
    await page.goBack();
    const command = await page.locator('.command').textContent();
    murmur('host', 'run', ...as('host'), '--package', /0x[0-9a-f]{64}/.exec(command!)![0], '--accept-risks');
    await says('the host has its seat');
    const [task] = tasks;
    for (const [role, name] of [
      ['trainer', 'south'],
      ['trainer', 'east'],
      ['validator', 'registry'],
      ['validator', 'clinic'],
    ] as const) {
      writeFileSync(at(`${name}.csv`), clinicCsv(name, { shift: 0, rows: 120, missing: 0.1 }));
      await json(role, 'join', ...as(name), '--task', task!, '--accept-risks');
      murmur(role, 'run', ...as(name), '--task', task!, '--data', `csv:${at(`${name}.csv`)}`);
    }
    murmur('prover', 'run', ...as('prover'), '--task', task!);
    await json('planner', 'start', ...as('planner'), '--task', task!);
    await page.getByText(/^round 1 of/).waitFor({ timeout: 400_000 });
    await says('the host trains');
    await page.getByRole('button', { name: /^Claim [\d.]+ token/ }).waitFor({ timeout: 400_000 });
    const { owner, pledged } = await readStake(client(), deployment, accounts.host!);
    expect([owner, pledged > 0n]).toEqual([wallet.account.address, true]);
  });

  it('takes back what no host has taken yet: its package is worth nothing then', async () => {
    await begin('heart disease, again');
    await page.getByLabel(/this account of the node/).check();
    await fill(identityField, await identity('other'));
    await page.getByLabel(/I have compared this fingerprint/).check();
    await fill(consentField, await consent('other', accounts.owner!));
    await page.getByLabel(/The host sees my rows/).check();
    await click('Give it to the host');
    await says('waits until the host takes it');
    const command = await page.locator('.command').textContent();
    await click('Take it back');
    await says('taken back');
    const digest = /0x[0-9a-f]{64}/.exec(command!)![0];
    const said = await refused('host', 'run', ...as('other'), '--package', digest, '--accept-risks');
    expect(said).toMatch(/mandate|may pledge/);
    expect((await readStake(client(), deployment, accounts.other!)).pledged).toBe(0n);
    expect(faults).toEqual([]);
  });
});
