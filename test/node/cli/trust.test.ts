// Whom a deployment trusts: what its deployer may have chosen otherwise is found by `murmur deployment verify`,
// and by `join` before any stake moves.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, deploy } from '@murmuration/contracts';
import { ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import { type Address, parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Deployer } from '../../../contracts/deploy/deployer.ts';
import { readStake } from '../../../node/chain/index.ts';
import { main } from '../../../node/cli/murmur.ts';
import { inspect } from '../../../node/cli/open/trust.ts';
import { verifyCeremony } from '../../../node/cli/verbs/keys/origin.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { fund, presetKeys } from '../../../node/local/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { g2 } from '../../contracts/keys.ts';
import { openSite, person, type Site, smallTask } from '../chain/fixture.ts';
import { faultOf } from './fault.ts';

const home = mkdtempSync(join(tmpdir(), 'trust-'));
let site: Site;
let keys: KeySet;
let account: Address;
let honest: Deployment;

beforeAll(async () => {
  vi.stubEnv('MURMURATION_PASSWORD', 'p');
  site = await openSite();
  keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  account = await openKeystore(join(home, 'keystore'), 4).createAccount('p');
  honest = await deployed();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

/** A deployment with the development keys, or with some of them changed, that has a task. */
async function deployed(changed: Partial<ReturnType<typeof presetKeys>> = {}): Promise<Deployment> {
  const { url } = site.anvil;
  const presets = [{ ...presetKeys(keys), ...changed }];
  const deployment = await deploy({ url, account: site.anvil.account(0), presets, cacheFolder });
  const planner = await person({ ...site, deployment }, 30);
  await planner.actions.post(smallTask);
  await fund({ url, deployment }, { to: account, ether: parseEther('1'), tokens: 1000n * token });
  return deployment;
}

/** Runs a command at a deployment. */
async function murmur(words: readonly string[], deployment: Deployment): Promise<string> {
  writeFileSync(join(home, 'deployment.json'), JSON.stringify(deployment));
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await main([...words, '--home', home, '--rpc', site.anvil.url, '--cache', cacheFolder]);
    return printed.join('\n');
  } finally {
    log.mockRestore();
    progress.mockRestore();
  }
}
const verify = (deployment: Deployment, ...flags: string[]) =>
  murmur(['deployment', 'verify', ...flags], deployment);
const joining = (deployment: Deployment) =>
  murmur(['trainer', 'join', '--task', '1', '--stake', '100'], deployment);

/** Both refuse it, and the account has sent nothing. */
async function refused(deployment: Deployment, byVerify: RegExp, byJoin = byVerify): Promise<void> {
  const before = {
    nonce: await site.client.getTransactionCount({ address: account }),
    stake: await readStake(site.client, deployment, account),
  };
  expect(await faultOf(verify(deployment))).toMatch(byVerify);
  expect(await faultOf(joining(deployment))).toMatch(byJoin);
  expect({
    nonce: await site.client.getTransactionCount({ address: account }),
    stake: await readStake(site.client, deployment, account),
  }).toEqual(before);
}

describe('a deployment is refused', () => {
  it('that has the true keys and another tau', async () => {
    await refused(
      await deployed({ tau: g2('b') }),
      /^tau of tiny: is not that of the keys: honest openings fail.*\(5 checks fail\)\. Put no stake/,
      /keys of update, aggregate, \[tau\]_2 are not those of the deployment; every proof would fail/,
    );
  });

  it('one of whose contracts differs by a byte', async () => {
    const code = (await site.client.getCode({ address: honest.settlement }))!;
    const altered = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
    await site.rpc('anvil_setCode', honest.settlement, altered);
    await refused(honest, /^code of Settlement 0x\w+: differs from this version's from byte \d+ on\. Put no/);
    await site.rpc('anvil_setCode', honest.settlement, code);
  });

  it('one of whose contracts is wired to another vault', async () => {
    // The deployer sends every transaction as it should, but for one address in one of them.
    const elsewhere = honest.vault;
    const create = Deployer.prototype.create;
    const spy = vi.spyOn(Deployer.prototype, 'create').mockImplementation(function (
      this: Deployer,
      name,
      args,
    ) {
      const [wiring] = args as unknown as readonly [object];
      const given = name === 'Settlement' ? [{ ...wiring, vault: elsewhere }] : args;
      return create.call(this, name, given as never);
    } as typeof create);
    const wired = await deployed().finally(() => spy.mockRestore());
    await refused(
      wired,
      /^code of Settlement 0x\w+: its constructor was given other values than wiring.*\(2 checks fail\)/,
    );
    const checks = await inspect({
      client: site.client,
      deployment: wired,
      keys: [keys],
      cache: cacheFolder,
    });
    expect(checks.filter(({ verdict }) => verdict === 'fails').map(({ what }) => what)).toEqual([
      `code of Settlement ${wired.settlement}`,
      'wiring of Settlement',
    ]);
  });
});

describe('a ceremony that one held alone', () => {
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
    const elsewhere = { ...honest, chainId: 1 };
    const about = async (of: KeySet) => {
      const checks = await inspect({ client, deployment: elsewhere, keys: [of], cache: cacheFolder });
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
});

describe('a deployment that holds', () => {
  it('is shown check by check, and joined', async () => {
    const lines = (await verify(honest)).split('\n');
    expect(lines.filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(lines).toContain('ok   tau of tiny: that of the keys');
    expect(lines).toContain('     withdrawal delay: 604800 s');
    expect(JSON.parse(await verify(honest, '--json'))).toMatchObject({ ok: true });
    expect(await joining(honest)).toMatch(/applied as trainer of task 1/);
    expect((await readStake(site.client, honest, account)).bonded).toBe(100n * token);
  });
});
