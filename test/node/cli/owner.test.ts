// `murmur owner` on a real chain: a wallet adopts an account by its consent, bonds and allows, and gets the money out,
// from this machine or by what it is given to send. The account's own key does none of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stakeVaultAbi } from '@murmuration/contracts';
import { type Address, createWalletClient, erc20Abi, type Hex, hashTypedData, http, parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type AccountActions,
  connect,
  createActions,
  readStake,
  type Sender,
} from '../../../node/chain/index.ts';
import { main } from '../../../node/cli/murmur.ts';
import { createSecretBox, openKeystore, type UnlockedAccount } from '../../../node/keystore/index.ts';
import { fund } from '../../../node/local/index.ts';
import { consentData, token } from '../../../node/protocol/index.ts';
import { applyForSeat, bondUpTo } from '../../../node/roles/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { openPlaces, openSite, person, type Site, smallTask } from '../chain/fixture.ts';
import { faultOf } from './fault.ts';

const home = mkdtempSync(join(tmpdir(), 'owner-'));
const consentFile = join(home, 'consent.json');
const stake = 100n * token;
let site: Site;
let operator: UnlockedAccount['account'];
let sender: Sender;
let actions: AccountActions;
let wallet: Address;
/** Its key is in no keystore here: a hardware wallet. */
let hardware: Awaited<ReturnType<typeof person>>;
let task: bigint;

beforeAll(async () => {
  vi.stubEnv('MURMURATION_PASSWORD', 'only for tests');
  site = await openSite();
  const { deployment, anvil } = site;
  writeFileSync(join(home, 'deployment.json'), JSON.stringify(deployment));
  const keystore = openKeystore(join(home, 'keystore'), 4);
  const address = await keystore.createAccount('only for tests');
  operator = (await keystore.unlock(address, 'only for tests')).account;
  wallet = await keystore.createAccount('only for tests');
  for (const to of [address, wallet])
    await fund({ url: anvil.url, deployment }, { to, ether: parseEther('1'), tokens: 500n * token });
  const settings = { gasHeadroom: 30, receiptTimeout: 10_000, pollingInterval: 20 };
  const connection = await connect({ url: anvil.url, deployment, settings }, operator);
  sender = connection.sender;
  actions = createActions({ ...connection, deployment });
  hardware = await person(site, 31);
  task = await hardware.actions.post(smallTask);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

/** Runs a command with --json; what it prints. */
async function murmur<T>(...words: string[]): Promise<T> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const reviewed = ['adopt', 'bond', 'mandate'].includes(words[1]!);
  const cautious = reviewed ? ['--cache', cacheFolder, '--accept-risks'] : [];
  try {
    await main([...words, ...cautious, '--home', home, '--rpc', site.anvil.url, '--json']);
    return JSON.parse(printed.at(-1)!) as T;
  } finally {
    for (const spy of [log, error, progress]) spy.mockRestore();
  }
}
const refusal = (...words: string[]) => faultOf(murmur(...words));

/** Signs consent as the account, and keeps it where `adopt` reads it. */
async function consent(owner: Address, ...more: string[]): Promise<{ deadline: string; signature: Hex }> {
  const signer = more.length > 0 ? [] : ['--account', operator.address];
  const given = await murmur<{ deadline: string; signature: Hex }>(
    'owner',
    'consent',
    '--owner',
    owner,
    ...signer,
    ...more,
  );
  writeFileSync(consentFile, JSON.stringify(given));
  return given;
}
const tokensOf = (account: Address) =>
  site.client.readContract({
    address: site.deployment.token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account],
  });
const stakeOf = () => readStake(site.client, site.deployment, operator.address);
const vault = () => ({ address: site.deployment.vault, abi: stakeVaultAbi }) as const;

describe('a consent', () => {
  it('is what the vault hashes, and the wallet reads', async () => {
    const { deadline } = await consent(wallet);
    const message = { account: operator.address, owner: wallet, nonce: 0n, deadline: BigInt(deadline) };
    const { chainId, vault: contract } = site.deployment;
    expect(hashTypedData(consentData({ chainId, contract }, message))).toBe(
      await site.client.readContract({
        ...vault(),
        functionName: 'consentDigest',
        args: [operator.address, wallet, BigInt(deadline)],
      }),
    );
  });

  it('is refused where it is none, is for another, or is over', async () => {
    writeFileSync(consentFile, '{"account":"0x12"}');
    expect(await refusal('owner', 'adopt', '--consent', consentFile)).toMatch(
      /consent\.json: account: .*must be what `murmur owner consent` printed/,
    );
    await consent(wallet);
    expect(await refusal('owner', 'adopt', '--consent', consentFile, '--account', operator.address)).toMatch(
      /but the consent names/,
    );
    const snapshot = await site.rpc('evm_snapshot');
    await site.rpc('evm_increaseTime', 86_401);
    await site.rpc('evm_mine');
    expect(await refusal('owner', 'adopt', '--consent', consentFile)).toMatch(
      /was good until .*that is over/,
    );
    await site.rpc('evm_revert', snapshot);
    expect(await refusal('owner', 'consent', '--owner', wallet)).toMatch(/Choose one with --account/);
    await consent(hardware.account.address);
    expect(await refusal('owner', 'adopt', '--consent', consentFile)).toMatch(/is not in .*with --calldata/);
    expect((await stakeOf()).owner).toBe(operator.address);
  });
});

describe('an owner', () => {
  it('adopts, bonds and allows in one transaction after its approval; then the operator joins', async () => {
    await consent(wallet);
    const nonce = await site.client.getTransactionCount({ address: wallet });
    await murmur('owner', 'adopt', '--consent', consentFile, '--stake', '100', '--task', `${task}`);
    expect(await site.client.getTransactionCount({ address: wallet })).toBe(nonce + 2);
    expect(await stakeOf()).toMatchObject({ owner: wallet, bonded: stake, free: stake });
    expect(await tokensOf(wallet)).toBe(400n * token);

    const secretBox = createSecretBox(new Uint8Array(32).fill(7));
    const member = {
      actions,
      signer: operator,
      deployment: site.deployment,
      secretBox,
      places: openPlaces,
    };
    await expect(applyForSeat(member, { task, role: 'trainer', stake: stake + 1n })).rejects.toThrow(
      /mandate of 0x\w+ for task 1 is 100, but it wants to pledge/,
    );
    await applyForSeat(member, { task, role: 'trainer', stake });
    await actions.withdrawApplication(task);
    expect(await tokensOf(operator.address)).toBe(500n * token);
  });

  it('is who bonds: the operator is told so, and its own tokens stay its own', async () => {
    await expect(bondUpTo(actions, stake + 1n)).rejects.toMatchObject({
      code: 'input',
      mend: expect.stringContaining(`Its owner ${wallet} bonds: \`murmur owner bond`),
    });
    const { address } = operator;
    await murmur('owner', 'bond', '--operator', address, '--stake', '10');
    await bondUpTo(actions, stake + 1n);
    await murmur('owner', 'mandate', '--operator', address, '--task', `${task}`, '--stake', '0');
    expect(await actions.mandate(task)).toBe(0n);
  });

  it("is shown wherever the account's money is", async () => {
    const { address } = operator;
    expect(await murmur('account', 'show', '--account', address)).toMatchObject({ owner: wallet });
    expect(await murmur('prover', 'earnings', '--account', address)).toMatchObject({ owner: wallet });
    const status = ['trainer', 'status', '--task', `${task}`, '--account', address];
    expect(await murmur(...status)).toMatchObject({ owner: wallet });
    expect(await murmur('owner', 'show', '--account', wallet)).toEqual({
      owner: wallet,
      operators: [
        {
          operator: address,
          bonded: `${110n * token}`,
          free: `${110n * token}`,
          queued: '0',
          pledged: '0',
          credit: '0',
        },
      ],
    });
  });

  it('alone gets the money out, and the tokens go to it', async () => {
    const { address } = operator;
    const call = { ...vault(), args: [address] } as const;
    for (const functionName of ['claim', 'withdraw'] as const)
      await expect(sender.send({ ...call, functionName })).rejects.toMatchObject({ error: 'NotOwner' });
    await expect(actions.queue(1n)).rejects.toMatchObject({ error: 'NotOwner' });
    expect(await actions.claim()).toBe(0n);
    expect(await refusal('owner', 'claim', '--operator', address, '--account', address)).toMatch(
      /but 0x\w+ is owned by 0x/,
    );

    expect(await refusal('owner', 'queue', '--stake', '10', '--account', wallet)).toMatch(
      /--operator is not/,
    );
    await murmur('owner', 'queue', '--stake', '10', '--operator', address);
    await murmur('owner', 'queue', '--account', wallet);
    expect(await stakeOf()).toMatchObject({ bonded: 0n, queued: 110n * token });
    expect(await murmur('owner', 'withdraw', '--account', wallet)).toMatchObject({ moved: [] });
    await site.rpc('evm_increaseTime', 8 * 86_400);
    await site.rpc('evm_mine');
    const moved = [{ operator: address, amount: `${110n * token}` }];
    expect(await murmur('owner', 'withdraw', '--account', wallet)).toEqual({ owner: wallet, moved });
    expect(await tokensOf(wallet)).toBe(500n * token);
  });

  it('that is elsewhere sends what --calldata prints', async () => {
    const { address } = hardware.account;
    await consent(address, '--operator', operator.address, '--account', wallet); // handed on by its owner
    const elsewhere = createWalletClient({ account: hardware.account, transport: http(site.anvil.url) });
    const send = async (...words: string[]) => {
      const { owner, calls } = await murmur<{
        owner: Address;
        calls: { to: Address; data: Hex; call: string }[];
      }>(...words, '--calldata');
      expect(owner).toBe(address);
      for (const { to, data } of calls) {
        const hash = await elsewhere.sendTransaction({ to, data, chain: null });
        expect((await site.client.waitForTransactionReceipt({ hash })).status).toBe('success');
      }
      return calls.map(({ call }) => call);
    };
    expect(await send('owner', 'adopt', '--consent', consentFile, '--stake', '7')).toEqual([
      'approve',
      'multicall',
    ]);
    expect(await stakeOf()).toMatchObject({ owner: address, bonded: 7n * token });
    expect(await refusal('owner', 'bond', '--operator', operator.address, '--stake', '1')).toMatch(
      /the owner 0x\w+ is not in/,
    );
    const balance = await tokensOf(address);
    expect(await send('owner', 'queue', '--operator', operator.address)).toEqual(['queue']);
    await site.rpc('evm_increaseTime', 8 * 86_400);
    await site.rpc('evm_mine');
    expect(await send('owner', 'withdraw', '--account', address)).toEqual(['withdraw']);
    expect(await tokensOf(address)).toBe(balance + 7n * token);
  });
});
