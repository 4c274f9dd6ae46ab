// The desk with wallets, in a real browser: two people, each with a node and a wallet of its own, join one task whose
// stake the wallets own; the nodes train, and the rewards are claimed to the wallet. A node's key gets neither.
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
import type { Browser, Page } from 'playwright-core';
import {
  type Address,
  createPublicClient,
  createWalletClient,
  defineChain,
  erc20Abi,
  http,
  type PrivateKeyAccount,
  parseEther,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStake, signConsent } from '../../node/chain/index.ts';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { cacheFolder } from '../cache_folder.ts';
import { clinicCsv, clinicTask } from '../node/learn/clinics.ts';
import { executablePath, launchBrowser, linkOf, newWatchedPage, startDesk } from './desk_page.ts';
import { type Command, createCommands } from './processes.ts';
import { TestWallet } from './test_wallet.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-desk-wallet-'));
const password = 'a password of this test';
const { murmur, json, stop } = createCommands({ MURMURATION_PASSWORD: password });
const anvil: Anvil = createAnvil();
const given = 10n ** 22n;
const person = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey());

/** Somebody with a node, a browser and a wallet. */
interface User {
  readonly own: string;
  readonly page: Page;
  readonly wallet: TestWallet;
  readonly desk: Command;
  readonly faults: string[];
}

describe.skipIf(!existsSync(executablePath))('wallets of the browser (Debian: chromium)', () => {
  let browser: Browser;
  let deployment: Deployment;
  let task: string;
  let anna: User;
  let ben: User;
  const file = join(home, 'deployment.json');
  const planner = join(home, 'planner');
  const chain = () => ['--rpc', anvil.url, '--deployment', file];
  const place = () => [...chain(), '--store', join(home, 'store')];
  const client = () => createPublicClient({ transport: http(anvil.url) });

  const fundAccount = (to: Address) =>
    fund({ url: anvil.url, deployment }, { to, ether: parseEther('1'), tokens: given });
  const newAccount = (own: string) => openKeystore(join(own, 'keystore'), 10).createAccount(password);

  async function user(name: string, wallet: TestWallet): Promise<User> {
    for (const { address } of wallet.settings.accounts) await fundAccount(address);
    const own = join(home, name);
    // Before the node starts, so that the page has it to unlock; its key costs less than one that the page makes.
    await newAccount(own);
    const desk = await startDesk({ murmur }, own, ...place());
    const { page, faults } = await newWatchedPage(browser, 40_000, (context) => wallet.install(context));
    await page.goto(linkOf(desk));
    return { own, page, wallet, desk, faults };
  }

  beforeAll(async () => {
    await anvil.start();
    await json('deploy', '--home', home, '--rpc', anvil.url, '--presets', 'tiny', '--cache', cacheFolder);
    deployment = deploymentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    await fundAccount(await newAccount(planner));
    const description = join(home, 'task.json');
    writeFileSync(description, JSON.stringify(clinicTask(2)));
    const policy = join(home, 'policy.json');
    writeFileSync(policy, JSON.stringify({ rules: { minGain: -10_000 } }));
    const files = ['--description', description, '--policy', policy, '--accept-risks'];
    const seats = ['--trainers', '3', '--validators', '2'];
    ({ task } = await json<{ task: string }>(
      'planner',
      'create',
      '--home',
      planner,
      ...place(),
      ...files,
      ...seats,
    ));
    browser = await launchBrowser();
    const { url } = anvil;
    const plain = { name: 'Plain Wallet', url, accounts: [person()], network: 5, batches: false };
    const modern = {
      name: 'Modern Wallet',
      url,
      accounts: [person(), person()],
      network: 31_337,
      batches: true,
    };
    anna = await user('anna', new TestWallet(plain));
    ben = await user('ben', new TestWallet(modern));
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
    await anvil.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const says = ({ page }: User, text: string | RegExp) => page.getByText(text).first().waitFor();
  const click = ({ page }: User, name: string | RegExp) => page.getByRole('button', { name }).click();
  const keyOf = async ({ own }: User) => {
    const keystore = openKeystore(join(own, 'keystore'));
    const [address] = await keystore.accounts();
    return (await keystore.unlock(address!, password)).account;
  };
  const tokensOf = (account: Address) =>
    client().readContract({
      address: deployment.token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [account],
    });
  const stakeOf = async (of: User) => readStake(client(), deployment, (await keyOf(of)).address);

  /** Up to the button by which one joins: the node's account unlocked, a file given, the wallet chosen. */
  async function prepare(of: User, shift: number): Promise<void> {
    const { page } = of;
    await page.getByRole('link', { name: 'heart disease at three hospitals' }).click();
    await page.getByLabel(/^Password of/).fill(password);
    await click(of, 'Unlock');
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'rows.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(clinicCsv(`clinic ${shift}`, { shift, rows: 80, missing: 0.1 })),
    });
    await says(of, 'your file fits');
    await page.getByLabel(/a wallet of this browser/).check();
  }

  it('says of a wallet on another network which that is, and has it go to the chain of the desk', async () => {
    await prepare(anna, -2);
    await says(anna, 'Connect a wallet.');
    anna.wallet.refuses = 1;
    await click(anna, /^Connect Plain Wallet/);
    await says(anna, 'It was refused in the wallet. ');
    await click(anna, /^Connect Plain Wallet/);
    await says(anna, 'The wallet is on chain 5, but this is chain 31337.');
    expect(await anna.page.getByRole('button', { name: 'Join as trainer' }).isDisabled()).toBe(true);
    // The wallet does not know the chain: it is told of it.
    await click(anna, 'Go to chain 31337 in the wallet');
    await anna.page.getByText('The wallet is on chain 5').waitFor({ state: 'detached' });
    expect(anna.wallet.asked).toContain('wallet_addEthereumChain');
  });

  it('loses nothing by a reload or a refusal, and asks for nothing twice', async () => {
    const { page, wallet } = anna;
    await page.getByLabel(/I have read the terms/).check();
    await page.reload();
    await says(anna, 'your file fits');
    await says(anna, 'Plain Wallet');
    expect(await page.getByLabel(/I have read the terms/).isChecked()).toBe(true);
    await click(anna, 'Join as trainer');
    await says(anna, 'waits for the signature of its owner');
    await says(anna, 'What you sign, in 3 signatures');
    const before = wallet.asked.length;
    wallet.refuses = 2;
    await click(anna, 'Sign in the wallet');
    await says(anna, 'It was refused in the wallet.');
    await page.reload();
    await says(anna, 'What you sign, in 2 signatures');
    await says(anna, /makes the wallet the owner of 0x/);
    await click(anna, 'Sign in the wallet');
    await says(anna, 'waits until all seats are taken');
    expect(wallet.asked.slice(before)).toEqual(Array(4).fill('eth_sendTransaction'));
    const { owner, pledged, bonded } = await stakeOf(anna);
    expect(owner).toBe(wallet.account.address);
    expect(pledged).toBe(bonded);
    expect(await tokensOf(wallet.account.address)).toBe(given - bonded);
  });

  it('takes one signature where the wallet signs several calls at once, by the account that was shown', async () => {
    const { page, wallet } = ben;
    await prepare(ben, 2);
    await click(ben, /^Connect Modern Wallet/);
    await page.getByLabel(/I have read the terms/).check();
    await click(ben, 'Join as trainer');
    await says(ben, 'What you sign, in 1 signature, all of it or nothing:');
    const owner = wallet.account.address;
    await wallet.switchTo(1, page);
    await says(ben, `the wallet shows ${wallet.account.address}, but ${owner} is to own the stake`);
    expect(await page.getByRole('button', { name: 'Sign in the wallet' }).count()).toBe(0);
    await wallet.switchTo(0, page);
    // The page is reloaded while the wallet's window is open: another signature would send all of it twice.
    const window = wallet.hold();
    await click(ben, 'Sign in the wallet');
    await window.opened;
    await page.reload();
    await says(ben, 'The wallet was being asked when this page was reloaded.');
    expect(await page.getByRole('button', { name: 'Sign in the wallet' }).isDisabled()).toBe(true);
    window.answer();
    await says(ben, 'waits until all seats are taken');
    expect(wallet.asked).toEqual(['eth_requestAccounts', 'wallet_sendCalls']);
    expect((await stakeOf(ben)).owner).toBe(owner);
  });

  it('trains with stake that the wallet owns, and pays the reward to the wallet', async () => {
    for (const [role, name] of [
      ['trainer', 'third'],
      ['validator', 'fourth'],
      ['validator', 'fifth'],
    ] as const) {
      const own = join(home, name);
      await fundAccount(await newAccount(own));
      const rows = join(home, `${name}.csv`);
      writeFileSync(rows, clinicCsv(name, { shift: 0, rows: 120, missing: 0.1 }));
      await json(role, 'join', '--home', own, ...place(), '--task', task, '--accept-risks');
      murmur(role, 'run', '--home', own, ...place(), '--task', task, '--data', `csv:${rows}`);
    }
    const prover = join(home, 'prover');
    await fundAccount(await newAccount(prover));
    murmur('prover', 'run', '--home', prover, ...place(), '--task', task);
    await json('planner', 'start', '--home', planner, ...chain(), '--task', task);

    const { page, wallet, faults } = anna;
    await page.getByRole('navigation').getByRole('link', { name: 'Wallet', exact: true }).click();
    const claim = page.getByRole('button', { name: /^Claim [\d.]+ token/ });
    await claim.waitFor({ timeout: 240_000 });
    await attack(anna, wallet.account.address);

    const { address } = wallet.account;
    const before = await tokensOf(address);
    await claim.click();
    await says(anna, /pays the [\d.]+ earned by 0x\w+ to the wallet/);
    await click(anna, 'Sign in the wallet');
    await says(anna, /^0 tokens earned, and not yet paid out/);
    expect(await tokensOf(address)).toBeGreaterThan(before);
    for (const each of [faults, ben.faults]) expect(each).toEqual([]);
  });

  /** What somebody can do who has the key of the node's account, and its password: everything but get the money. */
  async function attack(of: User, owner: Address): Promise<void> {
    const account = await keyOf(of);
    const { bonded, credit } = await stakeOf(of);
    expect([bonded > 0n, credit > 0n]).toEqual([true, true]);
    const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 };
    const here = defineChain({
      id: deployment.chainId,
      name: 'test',
      nativeCurrency,
      rpcUrls: { default: { http: [anvil.url] } },
    });
    const transport = http(anvil.url);
    const thief = createWalletClient({ account, chain: here, transport });
    const vault = { address: deployment.vault, abi: stakeVaultAbi } as const;
    const a = account.address;
    await expect(thief.writeContract({ ...vault, functionName: 'claim', args: [a] })).rejects.toThrow(
      'NotOwner',
    );
    await expect(thief.writeContract({ ...vault, functionName: 'withdraw', args: [a] })).rejects.toThrow(
      'NotOwner',
    );
    await expect(thief.writeContract({ ...vault, functionName: 'queue', args: [a, 1n] })).rejects.toThrow(
      'NotOwner',
    );
    await expect(
      thief.writeContract({ ...vault, functionName: 'mandate', args: [1n, a, bonded] }),
    ).rejects.toThrow('NotOwner');
    // Consent was the account's to give once: now it is its owner's.
    const accomplice = person();
    await fundAccount(accomplice.address);
    const wanted = { account: a, owner: accomplice.address, valid: 3600n };
    const consent = await signConsent({ client: client(), deployment, signer: account }, wanted);
    const other = createWalletClient({ account: accomplice, chain: here, transport });
    const args = [a, consent.deadline, consent.signature] as const;
    await expect(other.writeContract({ ...vault, functionName: 'adopt', args })).rejects.toThrow(
      'SignatureInvalid',
    );
    const after = await stakeOf(of);
    expect(after.owner).toBe(owner);
    expect(after.bonded).toBe(bonded);
    expect(after.credit).toBeGreaterThanOrEqual(credit);
  }
});
