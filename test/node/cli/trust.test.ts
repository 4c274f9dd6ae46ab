// Whom a deployment trusts: what its deployer may have chosen otherwise is found by `murmur deployment verify`,
// and by `join` and `planner create` before any money moves.
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
// Of the fixture's two trainers each knows the other's update, which its terms' review finds.
const joining = (deployment: Deployment) =>
  murmur(['trainer', 'join', '--task', '1', '--stake', '100', '--accept-risks'], deployment);

/**
 * `deployment verify`, `join`, the prover that bonds when it runs, and the planner that locks a bounty refuse it, and the
 * account has sent nothing.
 */
async function refused(deployment: Deployment, byVerify: RegExp, byJoin = byVerify): Promise<void> {
  const before = {
    nonce: await site.client.getTransactionCount({ address: account }),
    stake: await readStake(site.client, deployment, account),
  };
  expect(await faultOf(verify(deployment))).toMatch(byVerify);
  expect(await faultOf(joining(deployment))).toMatch(byJoin);
  expect(await faultOf(murmur(['prover', 'run', '--task', '1'], deployment))).toMatch(byJoin);
  expect(await faultOf(murmur(['planner', 'create', '--preset', 'tiny'], deployment))).toMatch(byJoin);
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
