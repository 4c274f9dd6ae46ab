// The doctor: a healthy home gets no bad finding, and each thing that is broken gets its own, with a mend.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, deploy } from '@murmuration/contracts';
import { ensureDevelopmentKeys } from '@murmuration/prover';
import { parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { examine, type Practice } from '../../../node/cli/doctor/check.ts';
import { checks } from '../../../node/cli/doctor/index.ts';
import { main } from '../../../node/cli/murmur.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { fund, presetKeys } from '../../../node/local/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { openSite, type Site } from '../chain/fixture.ts';
import { faultOf } from './fault.ts';

interface Report {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly verdict: string;
    readonly says: string;
    readonly mend?: string;
  }[];
}

const home = mkdtempSync(join(tmpdir(), 'doctor-'));
let site: Site;
/** With this machine's development keys; the site's own has others. */
let deployment: Deployment;

beforeAll(async () => {
  site = await openSite();
  const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
  const { url } = site.anvil;
  const presets = [presetKeys(keys)];
  deployment = await deploy({ url, account: site.anvil.account(0), presets, cacheFolder });
  writeFileSync(join(home, 'deployment.json'), JSON.stringify(deployment));
  mkdirSync(join(home, 'store'));
  const account = await openKeystore(join(home, 'keystore'), 4).createAccount('password');
  const gift = { to: account, ether: parseEther('1'), tokens: token };
  await fund({ url, deployment }, gift);
});
afterAll(async () => {
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

/** The doctor's report in JSON, and the line of its fault, if there is one. */
async function diagnose(...args: string[]): Promise<{ report: Report; fault: string | undefined }> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  try {
    const all = ['doctor', '--json', '--home', home, '--cache', cacheFolder, ...args];
    const fault = await main(all).then(
      () => undefined,
      (error: unknown) => faultOf(Promise.reject(error)),
    );
    return { report: JSON.parse(printed[0]!) as Report, fault };
  } finally {
    log.mockRestore();
  }
}
const member = (...args: string[]) => diagnose('--rpc', site.anvil.url, ...args);
const badOf = ({ report }: { report: Report }) =>
  report.findings
    .filter(({ verdict }) => verdict === 'bad')
    .map(({ check, says, mend }) => ({ check, says, mend }));
/** What a small machine is told of itself is no matter of this test. */
const apartFromMachine = ({ check }: { check: string }) => !['memory', 'disk', 'threads'].includes(check);

describe("the doctor of a member's home", () => {
  it('finds nothing to mend in a healthy one', async () => {
    const found = await member();
    expect(badOf(found).filter(apartFromMachine)).toEqual([]);
    const names = new Set(found.report.findings.map(({ check }) => check));
    for (const name of [
      'threads',
      'memory',
      'disk',
      'chain',
      'clock',
      'account',
      'keys',
      'store',
      'peers',
      'prover',
    ])
      expect(names).toContain(name);
    expect(found.report.findings.find(({ check }) => check === 'clock')!.says).toMatch(/within \d+ s/);
    // Its key can take its money: no fault, and something to know.
    expect(found.report.findings).toContainEqual({
      check: 'account',
      verdict: 'note',
      says: expect.stringMatching(/is its own owner: .*`murmur owner` parts them$/),
    });
  });

  it('finds the clock that is behind', async () => {
    const snapshot = await site.rpc('evm_snapshot');
    await site.rpc('evm_increaseTime', 3600);
    await site.rpc('evm_mine');
    const found = await member();
    await site.rpc('evm_revert', snapshot);
    expect(badOf(found).filter(apartFromMachine)).toEqual([
      {
        check: 'clock',
        says: expect.stringMatching(/^this clock is 3\d\d\d s behind the chain's$/),
        mend: expect.stringContaining('timedatectl'),
      },
    ]);
    expect(found.report.ok).toBe(false);
    expect(found.fault).toMatch(/to be mended\. Begin with the first, clock:/);
  });

  it('knows the keys that the chain holds, and finds those that it does not', async () => {
    const keysOf = ({ report }: { report: Report }) =>
      report.findings.filter(({ check, says }) => check === 'keys' && !says.includes('manifest'));
    expect(keysOf(await member())).toEqual([
      { check: 'keys', verdict: 'ok', says: 'tiny: the verifiers on chain hold these keys and their tau' },
    ]);
    const file = join(home, 'other.json');
    writeFileSync(file, JSON.stringify(site.deployment));
    expect(keysOf(await member('--deployment', file))).toEqual([
      {
        check: 'keys',
        verdict: 'bad',
        says: expect.stringMatching(/not those of the deployment; every proof would fail$/),
        mend: 'Set --keys to the manifest that was deployed.',
      },
    ]);
  });

  it('finds a keystore that others read, and the mend works', async () => {
    const [name] = readdirSync(join(home, 'keystore'));
    const file = join(home, 'keystore', name!);
    chmodSync(file, 0o644);
    expect(badOf(await member())).toContainEqual({
      check: 'account',
      says: `${file} can be read by others than its owner`,
      mend: `chmod go= ${file}`,
    });
    chmodSync(file, 0o600);
    expect(badOf(await member()).filter(({ check }) => check === 'account')).toEqual([]);
  });

  it('tells a chain that does not answer once a check that needs it, and goes on', async () => {
    const found = await diagnose('--rpc', 'http://127.0.0.1:9');
    expect(badOf(found).filter(({ check }) => check === 'chain')[0]!.says).toMatch(
      /^http:\/\/127\.0\.0\.1:9 does not answer \(.*\)$/,
    );
    expect(found.report.findings.map(({ check }) => check)).toContain('prover');
  });

  it('gives every bad finding a mend', async () => {
    const found = await diagnose(
      '--rpc',
      'http://127.0.0.1:9',
      '--store',
      'kubo:http://127.0.0.1:9',
      '--task',
      '1',
    );
    expect(badOf(found).length).toBeGreaterThan(3);
    for (const { mend } of badOf(found)) expect(mend).toMatch(/\S{2,}/);
  });
});

describe('the doctor of a prover service', () => {
  it('says of a machine without one what the first start makes, and makes nothing itself', async () => {
    const found = await diagnose('--service', '--at', 'http://127.0.0.1:9');
    expect(badOf(found).filter(apartFromMachine)).toEqual([]);
    expect(existsSync(join(home, 'service'))).toBe(false);
  });

  it('finds key and tokens that others read', async () => {
    mkdirSync(join(home, 'service'));
    for (const [name, text] of [
      ['key', 'ab'.repeat(32)],
      ['tokens.json', '[]'],
    ] as const)
      writeFileSync(join(home, 'service', name), text, { mode: 0o644 });
    const found = await diagnose('--service', '--at', 'http://127.0.0.1:9');
    rmSync(join(home, 'service'), { recursive: true });
    expect(
      badOf(found)
        .filter(apartFromMachine)
        .map(({ check }) => check),
    ).toEqual(['service key', 'tokens']);
  });

  it('finds a service that is not ready, and a clock that is not its', async () => {
    const server = createServer((request, response) => {
      response.setHeader('date', new Date(Date.now() + 600_000).toUTCString());
      response.statusCode = request.url === '/readyz' ? 503 : 200;
      response.end('the database does not answer');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const found = await diagnose('--service', '--at', at);
    server.close();
    expect(
      badOf(found)
        .filter(apartFromMachine)
        .map(({ check, says }) => ({ check, says })),
    ).toEqual([
      { check: 'clock', says: expect.stringMatching(/^this clock is (599|600) s behind that of http/) },
      { check: 'service', says: expect.stringContaining('answers 503: the database does not answer') },
    ]);
  });
});

it('a check that hangs is given up, and the next one is made', async () => {
  const hangs = { name: 'hangs', of: ['member'] as const, look: () => new Promise<never>(() => {}) };
  const threads = checks.find(({ name }) => name === 'threads')!;
  const told: string[] = [];
  const practice = {} as Practice;
  const found = await examine([hangs, threads], practice, {
    tell: ({ check }) => told.push(check),
    timeout: 50,
  });
  expect(found[0]).toMatchObject({ verdict: 'bad', says: 'hangs does not answer within 0.05 s' });
  expect(told).toEqual(['hangs', 'threads']);
});
