// The review of a task's terms where money is about to be locked: a danger stops planner and members alike, and what
// they were told is in the result.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, deploy } from '@murmuration/contracts';
import { ensureDevelopmentKeys } from '@murmuration/prover';
import { type Address, parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSeat, readStake } from '../../../node/chain/index.ts';
import { main } from '../../../node/cli/murmur.ts';
import { demoTask } from '../../../node/demo/index.ts';
import { openKeystore } from '../../../node/keystore/index.ts';
import { fund, presetKeys } from '../../../node/local/index.ts';
import { token } from '../../../node/protocol/index.ts';
import type { Finding } from '../../../node/review/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { openSite, type Site } from '../chain/fixture.ts';
import { faultOf } from './fault.ts';

const home = mkdtempSync(join(tmpdir(), 'review-'));
let site: Site;
let account: Address;
let deployment: Deployment;

beforeAll(async () => {
  vi.stubEnv('MURMURATION_PASSWORD', 'p');
  site = await openSite();
  account = await openKeystore(join(home, 'keystore'), 4).createAccount('p');
  const { url } = site.anvil;
  const presets = [presetKeys(await ensureDevelopmentKeys('tiny', { cacheFolder }))];
  deployment = await deploy({ url, account: site.anvil.account(0), presets, cacheFolder });
  await fund({ url, deployment }, { to: account, ether: parseEther('1'), tokens: 2000n * token });
  writeFileSync(join(home, 'deployment.json'), JSON.stringify(deployment));
  writeFileSync(join(home, 'policy.json'), JSON.stringify({ rules: { ejectAt: 1, minGain: 10_000 } }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await site?.anvil.stop();
  rmSync(home, { recursive: true });
});

/** Runs a command; what it prints, and what it tells on standard error line by line. */
async function murmur(...words: readonly string[]): Promise<{ printed: string; told: string[] }> {
  const [printed, told]: [string[], string[]] = [[], []];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line));
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const place = ['--home', home, '--rpc', site.anvil.url];
    const cache = words[1] === 'show' ? [] : ['--cache', cacheFolder];
    await main([...words, ...place, ...cache]);
    return { printed: printed.join('\n'), told };
  } finally {
    for (const spy of [log, error, progress]) spy.mockRestore();
  }
}

const create = ['planner', 'create', '--preset', 'tiny', '--policy', join(home, 'policy.json'), '--json'];
const sent = async () => ({
  nonce: await site.client.getTransactionCount({ address: account }),
  stake: await readStake(site.client, deployment, account),
});
const dangers = (findings: readonly Finding[]) =>
  findings.flatMap(({ rule, severity }) => (severity === 'danger' ? [rule] : []));

describe('terms that endanger members', () => {
  it('are not posted, unless the planner says so, and are in the result', async () => {
    const before = await sent();
    expect(await faultOf(murmur(...create))).toMatch(
      /found min-gain-positive, eject-soon: a member could lose.*--accept-risks goes on/,
    );
    expect(await sent()).toEqual(before);
    const { printed, told } = await murmur(...create, '--accept-risks');
    expect(told).toContainEqual(
      expect.stringMatching(/^danger {3}One strike takes the seat\. .*\(eject-soon\)$/),
    );
    expect(dangers(JSON.parse(printed).findings)).toEqual(['min-gain-positive', 'eject-soon']);
  });

  it('are shown with the task', async () => {
    const { printed } = await murmur('planner', 'show', '--task', '1');
    expect(printed).toMatch(/what a review of these terms finds\n {2}danger .*\n {2}danger .*eject-soon/);
    const { printed: json } = await murmur('planner', 'show', '--task', '1', '--json');
    expect(dangers(JSON.parse(json).findings)).toEqual(['min-gain-positive', 'eject-soon']);
  });

  it('are not joined, unless the member says so', async () => {
    const joining = ['trainer', 'join', '--task', '1', '--json'];
    const before = await sent();
    expect(await faultOf(murmur(...joining))).toMatch(/found min-gain-positive, eject-soon/);
    expect(await sent()).toEqual(before);
    const { printed } = await murmur(...joining, '--accept-risks');
    expect(JSON.parse(printed)).toMatchObject({ joined: true });
    expect(dangers(JSON.parse(printed).findings)).toEqual(['min-gain-positive', 'eject-soon']);
  });
});

describe('the privacy of a task', () => {
  const described = (privacy: object | undefined): string => {
    const file = join(home, 'task.json');
    const task = demoTask({ preset: 'tiny', selector: 'probe', rounds: 8 });
    writeFileSync(file, JSON.stringify({ ...task, privacy }));
    return file;
  };
  const posted = async (privacy: object | undefined): Promise<string> => {
    const { printed } = await murmur(
      'planner',
      'create',
      '--description',
      described(privacy),
      '--json',
      '--again',
    );
    return JSON.parse(printed).task;
  };
  const stated = /epsilon 2\.4\d at delta 0\.00001 for all rows of a trainer, after 8 updates at most/;

  it('is stated before it is joined, and with the task', async () => {
    const task = await posted({ clip: 1, sigma: 10, delta: 1e-5 });
    expect((await murmur('planner', 'show', '--task', task)).printed).toMatch(stated);
    const { printed, told } = await murmur('trainer', 'join', '--task', task, '--json');
    expect(told[0]).toMatch(stated);
    expect(JSON.parse(printed).privacy).toMatchObject({ updates: 8, delta: 1e-5 });
  });

  it('is said to be none where there is none, and not to be known where the description cannot be read', async () => {
    const task = await posted(undefined);
    expect((await murmur('planner', 'show', '--task', task)).printed).toMatch(/privacy +no noise is added/);
    const { told } = await murmur('validator', 'join', '--task', task);
    expect(told[0]).toMatch(/^privacy: no noise is added/);
    const unknown = await posted({ clip: 1, sigma: 10, delta: 1e-5 });
    const elsewhere = ['--store', join(home, 'elsewhere')];
    const blind = await murmur('validator', 'join', '--task', unknown, ...elsewhere);
    expect(blind.told[0]).toMatch(/^privacy: not known, since the description is not in .*elsewhere/);
  });
});

describe('a task with an allow-list', () => {
  const listed = (rows: number, own: Address) => {
    const [list, file] = [join(home, 'list.json'), join(home, 'members.json')];
    const other = (i: number) => `0x${`${i}`.padStart(40, '0')}`;
    const trainers = [own, other(1), other(2)].map((account, i) => ({
      label: `Clinic ${i + 1}`,
      account,
      role: 'trainer',
      rows: i === 0 ? rows : 400,
    }));
    const validators = [3, 4].map((i) => ({ label: `Ward ${i}`, account: other(i), role: 'validator' }));
    writeFileSync(list, JSON.stringify({ members: [...trainers, ...validators] }));
    return { list, file };
  };

  it('is joined by the file, with the weight of its rows, and by nobody who is not on it', async () => {
    const { list, file } = listed(300, account);
    await main(['planner', 'members', '--list', list, '--out', file, '--home', home]);
    const posted = ['planner', 'create', '--preset', 'tiny', '--members', file, '--json', '--again'];
    const { task } = JSON.parse((await murmur(...posted, '--threshold', '2')).printed);
    const joining = ['trainer', 'join', '--task', task];
    expect(await faultOf(murmur(...joining))).toMatch(/NotOnList/);
    const { printed, told } = await murmur(...joining, '--members', file, '--json');
    expect(told).toContainEqual(expect.stringMatching(/points elsewhere than most costs no stake/));
    expect(JSON.parse(printed).costs).toContainEqual(expect.stringMatching(/A duty that is missed/));
    const seat = await readSeat(site.client, deployment, { task: BigInt(task), account });
    expect(seat).toMatchObject({ role: 'trainer', weight: 3 });
    const shown = await murmur('planner', 'show', '--task', task, '--members', file);
    expect(shown.printed).toMatch(/trainer +Clinic 1$/m);
    expect(shown.printed).toMatch(/strike +0$/m);
  });
});
