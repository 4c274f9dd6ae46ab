// A ceremony that its deployer held alone, or that never was: refused where it is deployed, and by members.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anvil, createAnvil } from '@murmuration/contracts';
import { ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import { createPublicClient, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../../node/cli/murmur.ts';
import { inspect } from '../../../node/cli/open/trust.ts';
import { verifyCeremony } from '../../../node/cli/verbs/keys/origin.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { openSite, type Site } from '../chain/fixture.ts';
import { faultOf } from './fault.ts';

/** What `--keys` is: loading would tell that these are development keys, which an attacker's would not be. */
const given = vi.hoisted(() => ({ keys: undefined as unknown }));
vi.mock('../../../node/cli/open/keys.ts', async (original) => ({
  ...(await original<object>()),
  openKeys: async () => given.keys,
}));

const home = mkdtempSync(join(tmpdir(), 'ceremony-'));
let site: Site;
let elsewhere: Anvil;
let keys: KeySet;
beforeAll(async () => {
  vi.stubEnv('MURMURATION_PASSWORD', 'p');
  site = await openSite();
  elsewhere = createAnvil({ chainId: 777 });
  await elsewhere.start();
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await site?.anvil.stop();
  await elsewhere?.stop();
  rmSync(home, { recursive: true });
});

/** Keys that claim a ceremony of these contributors. */
async function claimed(...names: readonly string[]): Promise<KeySet> {
  const folder = mkdtempSync(join(home, 'keys-'));
  const of = (name: 'update' | 'aggregate' | 'alignment') => ({
    r1cs: '0'.repeat(64),
    wasm: '0'.repeat(64),
    zkey: keys.manifest.circuits[name].zkey.sha256,
    circuitHash: '0'.repeat(128),
  });
  const circuits = { update: of('update'), aggregate: of('aggregate'), alignment: of('alignment') };
  const step = (name: string) => ({
    name,
    circuits: Object.fromEntries(
      Object.entries(circuits).map(([circuit, { zkey }]) => [circuit, { zkey, hash: '0'.repeat(128) }]),
    ),
  });
  const transcript = {
    format: 'murmuration-ceremony/1',
    preset: 'tiny',
    ptau: { file: 'final_12.ptau', bytes: 4711, sha256: 'ab'.repeat(32), power: 12 },
    circuits,
    steps: [
      ...names.map((name) => ({ kind: 'contribution', ...step(name) })),
      { kind: 'beacon', beacon: '00'.repeat(16), iterationsExp: 10, ...step('beacon') },
    ],
  };
  writeFileSync(join(folder, 'transcript.json'), JSON.stringify(transcript));
  const { kind: _kind, seed: _seed, ...shared } = keys.manifest as { seed?: string } & KeySet['manifest'];
  const file = { file: 'transcript.json', bytes: 1, sha256: '0'.repeat(64) };
  const manifest = { ...shared, kind: 'ceremony', transcript: file } as KeySet['manifest'];
  return { ...keys, kind: 'ceremony', folder, manifest };
}
const settings = { ptau: [], cache: cacheFolder, log: () => {} };

describe('a ceremony', () => {
  it('is refused before it is deployed, with the reason', async () => {
    expect(await faultOf(verifyCeremony(await claimed('Deployer Inc'), settings))).toMatch(
      /ceremony of tiny has one contributor \(Deployer Inc\): who kept the secret.*can forge every proof\. Let/,
    );
    expect(await faultOf(verifyCeremony(keys, settings))).toMatch(/holds keys that no ceremony made/);
  });

  it('is not deployed without the powers that its transcript is checked with', async () => {
    expect(await faultOf(verifyCeremony(await claimed('First', 'Second'), settings))).toMatch(
      /began with final_12\.ptau \(4711 bytes\), which is not among --ptau\. Give --ptau with the file of SHA-256 abab/,
    );
  });

  it('is shown as failing to members, where money is real', async () => {
    const { client } = site;
    const real = { ...site.deployment, chainId: 1 };
    const about = async (of: KeySet) => {
      const checks = await inspect({ client, deployment: real, keys: [of], cache: cacheFolder });
      return checks.find(({ what }) => what === 'ceremony of tiny');
    };
    expect(await about(await claimed('Deployer Inc'))).toMatchObject({
      verdict: 'fails',
      detail: expect.stringContaining('one contributor (Deployer Inc)'),
    });
    expect(await about(await claimed('First', 'Second'))).toEqual({
      what: 'ceremony of tiny',
      verdict: 'holds',
      detail: 'contributors First, Second',
    });
  });

  it('stops `murmur deploy` before it sends anything, where money is real', async () => {
    const account = await openKeystore(join(home, 'keystore'), 4).createAccount('p');
    const client = createPublicClient({ transport: http(elsewhere.url) });
    const flags = ['--home', home, '--rpc', elsewhere.url, '--cache', cacheFolder, '--presets', 'tiny'];
    const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      given.keys = await claimed('Deployer Inc');
      expect(await faultOf(main(['deploy', ...flags]))).toMatch(/has one contributor \(Deployer Inc\)/);
      given.keys = await claimed('First', 'Second');
      expect(await faultOf(main(['deploy', ...flags]))).toMatch(/which is not among --ptau/);
    } finally {
      quiet.mockRestore();
    }
    expect(await client.getBlockNumber()).toBe(0n);
    expect(await client.getTransactionCount({ address: account })).toBe(0);
  });
});
