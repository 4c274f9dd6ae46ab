// What the roles' commands check before they work: deployment, chain, account, keys, data.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circuits, deploy } from '@murmuration/contracts';
import { ensureDevelopmentKeys, type KeySet, presets } from '@murmuration/prover';
import { bytesToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readKeyHashes } from '../../../node/chain/index.ts';
import { accountFlags, cache, keys as keysFlag } from '../../../node/cli/command/flags.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { chooseAccount, unlock } from '../../../node/cli/open/account.ts';
import { refuseMembers } from '../../../node/cli/open/content_place.ts';
import { openData } from '../../../node/cli/open/data.ts';
import { openDeployment, openReader } from '../../../node/cli/open/deployment.ts';
import { checkKeys, openKeys } from '../../../node/cli/open/keys.ts';
import { demoTask } from '../../../node/demo/index.ts';
import { encryptKey, openKeystore } from '../../../node/keystore/index.ts';
import { presetKeys } from '../../../node/local/index.ts';
import { keyHash } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { openSite, type Site } from '../chain/fixture.ts';
import { faultOf } from './fault.ts';

const home = mkdtempSync(join(tmpdir(), 'site-'));
const flags = (...args: string[]) =>
  readFlags('murmur test', { ...accountFlags, cache, keys: keysFlag }, ['--home', home, ...args]);
let site: Site;
let keys: KeySet;
beforeAll(async () => {
  site = await openSite();
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
});
afterAll(async () => {
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

describe('deployment and chain', () => {
  it('a file that is missing, broken or of another chain is named', async () => {
    expect(await faultOf(openDeployment(flags()))).toMatch(/no deployment at .*murmur deploy/);
    writeFileSync(join(home, 'deployment.json'), '{');
    expect(await faultOf(openDeployment(flags()))).toMatch(/is no JSON/);
    writeFileSync(join(home, 'deployment.json'), JSON.stringify({ ...site.deployment, vault: '0x12' }));
    expect(await faultOf(openDeployment(flags()))).toMatch(/deployment.json: vault: an address/);
    writeFileSync(join(home, 'deployment.json'), JSON.stringify(site.deployment));
    expect(await openDeployment(flags())).toEqual(site.deployment);
    const elsewhere = { ...site.deployment, chainId: 5 };
    expect(await faultOf(openReader(flags('--rpc', site.anvil.url), elsewhere))).toMatch(
      /serves chain 31337.*on chain 5/,
    );
    const gone = 'http://127.0.0.1:9';
    expect(await faultOf(openReader(flags('--rpc', gone), site.deployment))).toMatch(
      /^http:\/\/127\.0\.0\.1:9 does not answer \(.*\)\. .*--rpc\.$/,
    );
    const begunAnew = { ...site.deployment, marketplace: site.deployment.deployer };
    expect(await faultOf(openReader(flags('--rpc', site.anvil.url), begunAnew))).toMatch(
      /has no contracts at .* begun anew .* set another --rpc, or deploy again\.$/,
    );
    expect(await faultOf(openDeployment({ deployment: home }))).toBe(
      `${home} is a folder. Give a file in it.`,
    );
  });
});

describe('accounts', () => {
  it('the only one is taken, one of several must be named', async () => {
    expect(await faultOf(chooseAccount(flags()))).toMatch(/no account in .*murmur account new/);
    const keystore = openKeystore(join(home, 'keystore'), 4);
    const first = await keystore.createAccount('p');
    expect(await chooseAccount(flags())).toBe(first);
    const second = await keystore.createAccount('p');
    expect(await faultOf(chooseAccount(flags()))).toMatch(/2 accounts .*Choose one with --account/);
    expect(await chooseAccount(flags('--account', second))).toBe(second);
    const other = flags('--account', '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    expect(await faultOf(chooseAccount(other))).toMatch(/0xf39F.* is not in/);
  });

  it('of a file that does not tell whose key it is, is told by its password', async () => {
    const own = join(home, 'of-cast');
    const key = new Uint8Array(32).fill(0x42);
    const { address: _, ...file } = await encryptKey(key, 'p', 4);
    mkdirSync(own);
    writeFileSync(join(own, 'deployer'), JSON.stringify(file));
    const settings = flags('--keystore', own);
    expect(await faultOf(chooseAccount(settings))).toMatch(/deployer in .* does not tell .*--account/);
    const account = privateKeyToAccount(bytesToHex(key)).address;
    const named = flags('--keystore', own, '--account', account);
    expect(await chooseAccount(named)).toBe(account);
    vi.stubEnv('MURMURATION_PASSWORD', 'p');
    for (const each of [settings, named]) expect((await unlock(each)).account.address).toBe(account);
    vi.stubEnv('MURMURATION_PASSWORD', 'q');
    expect(await faultOf(unlock(settings))).toMatch(/^deployer in .*: the password is wrong/);
    vi.unstubAllEnvs();
  });
});

describe('a store', () => {
  it('between members is none for a prover of all tasks, which is told what to name', async () => {
    const refused = async () =>
      refuseMembers(
        flags('--store', 'members'),
        site.deployment,
        'a prover of all tasks meets the members of none',
      );
    expect(await faultOf(refused())).toMatch(
      /--store is members, but .* Name a task, or a store that all share/,
    );
    refuseMembers(flags('--store', home), site.deployment, 'it is not asked');
  });
});

describe('keys', () => {
  it('hash as the verifiers on chain do', async () => {
    const deployment = await deploy({
      url: site.anvil.url,
      account: site.anvil.account(1),
      presets: [presetKeys(keys)],
      cacheFolder,
    });
    const { hashes, developmentKeys } = await readKeyHashes(site.client, deployment, presets.tiny.id);
    const { tauG2 } = keys.srs;
    expect(circuits.map((name) => keyHash(keys.circuit(name).verifyingKey, tauG2))).toEqual(hashes);
    expect(developmentKeys).toBe(true);
    await checkKeys(site.client, deployment, keys);
  });

  it('others than the deployed ones are refused before a proof costs stake', async () => {
    expect(await faultOf(checkKeys(site.client, site.deployment, keys))).toMatch(
      /keys of update, aggregate, alignment, \[tau\]_2 are not those of the deployment/,
    );
  });

  it('are not made up where money is real', async () => {
    expect(await faultOf(openKeys(flags(), { chainId: 1 }, 'tiny', () => {}))).toMatch(
      /no development chain\. Give --keys/,
    );
    expect(await faultOf(openKeys(flags('--keys', keys.folder), { chainId: 1 }, 'base', () => {}))).toMatch(
      /no manifest of --keys is of preset base/,
    );
    expect((await openKeys(flags('--keys', keys.folder), { chainId: 31337 }, 'tiny', () => {})).preset).toBe(
      'tiny',
    );
  });
});

describe('data', () => {
  const description = demoTask({ preset: 'tiny' });
  const asTrainer = { description, role: 'trainer', seed: 2 } as const;
  const asValidator = { description, role: 'validator', seed: 2 } as const;
  it('is a share of the digits, the same every time, and no two shares meet', async () => {
    const of = async (part: number) =>
      (await openData({ kind: 'mnist', part, of: 3, mirrored: false }, asTrainer)).dataset({});
    const [first, again, second] = [await of(1), await of(1), await of(2)];
    expect(first).toEqual(again);
    expect(first.count).toBe(2333);
    expect(first.inputs).not.toEqual(second.inputs);
    const holdout = await openData({ kind: 'mnist', part: 2, of: 2, mirrored: false }, asValidator);
    expect(holdout.dataset({}).count).toBe(750);
  });

  it('of another kind than the task is refused', async () => {
    expect(await faultOf(openData({ kind: 'csv', file: 'x.csv' }, asTrainer))).toBe(
      "--data is csv, but the task's data are mnist",
    );
    const mirrored = { kind: 'mnist', part: 1, of: 2, mirrored: true } as const;
    expect(await faultOf(openData(mirrored, asValidator))).toMatch(/holds out plain and mirrored digits/);
  });
});
