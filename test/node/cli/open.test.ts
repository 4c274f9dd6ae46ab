// What the roles' commands check before they work: deployment, chain, account, keys, data.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circuits, deploy } from '@murmuration/contracts';
import { ensureDevelopmentKeys, type KeySet, presets } from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKeyHashes } from '../../../node/chain/index.ts';
import { main } from '../../../node/cli/murmur.ts';
import {
  checkKeys,
  chooseAccount,
  openData,
  openDeployment,
  openKeys,
  openReader,
} from '../../../node/cli/open.ts';
import { readFlags } from '../../../node/cli/settings.ts';
import { demoTask } from '../../../node/demo/index.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { presetKeys } from '../../../node/local/index.ts';
import { keyHash } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { openSite, type Site } from '../chain/fixture.ts';

const home = mkdtempSync(join(tmpdir(), 'site-'));
const flags = (...args: string[]) =>
  readFlags('test', ['--home', home, ...args], ['home', 'rpc', 'deployment', 'account', 'keys', 'task']);
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
    await expect(openDeployment(flags())).rejects.toThrow(/no deployment at .*murmur deploy/);
    writeFileSync(join(home, 'deployment.json'), '{');
    await expect(openDeployment(flags())).rejects.toThrow(/is no JSON/);
    writeFileSync(join(home, 'deployment.json'), JSON.stringify({ ...site.deployment, vault: '0x12' }));
    await expect(openDeployment(flags())).rejects.toThrow(/deployment.json: vault: an address/);
    writeFileSync(join(home, 'deployment.json'), JSON.stringify(site.deployment));
    expect(await openDeployment(flags())).toEqual(site.deployment);
    const elsewhere = { ...site.deployment, chainId: 5 };
    await expect(openReader(flags('--rpc', site.anvil.url), elsewhere)).rejects.toThrow(
      /serves chain 31337.*on chain 5/,
    );
  });
});

describe('accounts', () => {
  it('the only one is taken, one of several must be named', async () => {
    await expect(chooseAccount(flags())).rejects.toThrow(/no account in .*murmur account new/);
    const keystore = openKeystore(join(home, 'keystore'), 4);
    const first = await keystore.createAccount('p');
    expect(await chooseAccount(flags())).toBe(first);
    const second = await keystore.createAccount('p');
    await expect(chooseAccount(flags())).rejects.toThrow(/2 accounts .*choose one with --account/);
    expect(await chooseAccount(flags('--account', second))).toBe(second);
    const other = flags('--account', '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    await expect(chooseAccount(other)).rejects.toThrow(/0xf39F.* is not in/);
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
    expect(circuits.map((name) => keyHash(keys.circuit(name).verifyingKey))).toEqual(hashes);
    expect(developmentKeys).toBe(true);
    await checkKeys(site.client, deployment, keys);
  });

  it('others than the deployed ones are refused before a proof costs stake', async () => {
    await expect(checkKeys(site.client, site.deployment, keys)).rejects.toThrow(
      /keys of update, aggregate, alignment are not those of the deployment/,
    );
  });

  it('are not made up where money is real', async () => {
    await expect(openKeys(flags(), { chainId: 1 }, 'tiny', () => {})).rejects.toThrow(
      /no development chain; give --keys/,
    );
    await expect(openKeys(flags('--keys', keys.folder), { chainId: 1 }, 'base', () => {})).rejects.toThrow(
      /no manifest of --keys is of preset base/,
    );
    expect((await openKeys(flags('--keys', keys.folder), { chainId: 31337 }, 'tiny', () => {})).preset).toBe(
      'tiny',
    );
  });
});

describe('data', () => {
  const task = demoTask({ preset: 'tiny' });
  it('is a share of the digits, the same every time, and no two shares meet', async () => {
    const of = async (part: number) =>
      (await openData({ kind: 'mnist', part, of: 3, mirrored: false }, task, 'trainer', 2)).dataset({});
    const [first, again, second] = [await of(1), await of(1), await of(2)];
    expect(first).toEqual(again);
    expect(first.count).toBe(2333);
    expect(first.inputs).not.toEqual(second.inputs);
    const holdout = await openData({ kind: 'mnist', part: 2, of: 2, mirrored: false }, task, 'validator', 2);
    expect(holdout.dataset({}).count).toBe(750);
  });

  it('of another kind than the task is refused', async () => {
    await expect(openData({ kind: 'csv', file: 'x.csv' }, task, 'trainer', 2)).rejects.toThrow(
      "--data is csv, but the task's data are mnist.",
    );
  });
});

describe('every verb', () => {
  it.each([
    'up',
    'simulate',
    'account',
    'deploy',
    'planner',
    'trainer',
    'validator',
    'prover',
    'keys',
    'ceremony',
  ])('%s has help with examples', async (name) => {
    const printed: string[] = [];
    const log = console.log;
    console.log = (text: string) => void printed.push(text);
    try {
      expect(await main([name, '--help'])).toBe(0);
    } finally {
      console.log = log;
    }
    expect(printed.join('\n')).toMatch(new RegExp(`^npm run murmur -- ${name}[^]*Examples\n`));
  });
});
