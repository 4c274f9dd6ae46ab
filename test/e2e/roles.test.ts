// The roles as separate processes, each with a folder of its own and no store that they share: they give each other
// contents. Through the command line alone; most are killed in the middle of a round and started again, and lose neither
// stake nor place. A trainer and the prover are operators: a
// wallet that runs nothing owns their stake and gets what they earn.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anvil, createAnvil, deploymentSchema } from '@murmuration/contracts';
import { createPublicClient, erc20Abi, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-roles-'));
const password = 'only for tests';
const anvil: Anvil = createAnvil();
const commands = createCommands({ MURMURATION_PASSWORD: password });
const { murmur, json } = commands;

beforeAll(() => anvil.start());
afterAll(async () => {
  await commands.stop();
  await anvil.stop();
  rmSync(home, { recursive: true, force: true });
});

interface Status {
  role: string;
  standing: string;
  round: number;
  pledged: string;
  slashed: string;
  earned: string;
  strikes: number;
}

describe('roles as processes', () => {
  it('run a task to its end, though some are killed and started again', async () => {
    const place = ['--home', home, '--rpc', anvil.url];
    await json('deploy', ...place, '--presets', 'tiny');
    const deployment = deploymentSchema.parse(
      JSON.parse(readFileSync(join(home, 'deployment.json'), 'utf8')),
    );
    // Cheap to unlock, since seven processes do; `account new` takes scrypt's full cost.
    const keystore = openKeystore(join(home, 'keystore'), 10);
    const names = ['planner', 't1', 't2', 't3', 'v1', 'v2', 'prover', 'wallet'] as const;
    const accounts = new Map<string, string>();
    for (const name of names) {
      const account = await keystore.createAccount(password);
      await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: 10n ** 24n });
      accounts.set(name, account);
    }
    const shared = ['--keystore', join(home, 'keystore'), '--deployment', join(home, 'deployment.json')];
    let contact: string[] = [];
    /** An account at home, which is its own: what it knows of others' contents, it has from them. */
    const as = (name: (typeof names)[number]) => [
      ...['--home', join(home, name), '--rpc', anvil.url, ...shared, '--store', 'members', ...contact],
      ...['--account', accounts.get(name)!],
    ];

    const create = [
      '--preset',
      'tiny',
      '--rounds',
      '2',
      '--trainers',
      '3',
      '--validators',
      '2',
      '--appeal',
      '1',
    ];
    const { task } = await json<{ task: string }>('planner', 'create', ...as('planner'), ...create);
    expect(task).toBe('1');
    const again = murmur('planner', 'create', ...as('planner'), ...create);
    expect(await again.ended).toBe(1);
    expect(again.output()).toContain('task 1 of this planner is the same and open');

    // What the task begins with, everybody gets from its planner; of each other they hear through it.
    const served = murmur('planner', 'serve', ...as('planner'), '--task', task);
    await served.prints(/serves .*, task 1/);
    contact = ['--peer', /--peer (\S+)/.exec(served.output())![1]!];

    const operators = ['t1', 'prover'] as const;
    for (const name of operators) {
      const file = join(home, `${name}.json`);
      const consent = await json('owner', 'consent', ...as(name), '--owner', accounts.get('wallet')!);
      writeFileSync(file, JSON.stringify(consent));
      const stake = name === 't1' ? ['--stake', '100', '--task', task] : ['--stake', '5'];
      await json('owner', 'adopt', ...place, '--consent', file, ...stake);
    }

    const trainers = ['t1', 't2', 't3'] as const;
    const validators = ['v1', 'v2'] as const;
    // Seats are taken in the order of joining, and the first ones are asked to decrypt.
    await json('trainer', 'join', ...as('t1'), '--task', task);
    await Promise.all([
      ...trainers.slice(1).map((name) => json('trainer', 'join', ...as(name), '--task', task)),
      ...validators.map((name) => json('validator', 'join', ...as(name), '--task', task)),
    ]);
    // Joining twice bonds and applies once.
    expect(await json('trainer', 'join', ...as('t1'), '--task', task)).toMatchObject({ joined: false });
    await json('planner', 'start', ...as('planner'), '--task', task);

    const start = {
      t1: () => murmur('trainer', 'run', ...as('t1'), '--task', task, '--data', 'mnist:1/3'),
      t2: () => murmur('trainer', 'run', ...as('t2'), '--task', task, '--data', 'mnist:2/3'),
      t3: () => murmur('trainer', 'run', ...as('t3'), '--task', task, '--data', 'mnist:3/3:mirrored'),
      v1: () => murmur('validator', 'run', ...as('v1'), '--task', task, '--data', 'mnist:1/2'),
      v2: () => murmur('validator', 'run', ...as('v2'), '--task', task, '--data', 'mnist:2/2'),
      prover: () => murmur('prover', 'run', ...as('prover'), '--task', task, '--stake', '5'),
    };
    const running = {
      t1: start.t1(),
      t2: start.t2(),
      t3: start.t3(),
      v1: start.v1(),
      v2: start.v2(),
      prover: start.prover(),
    };

    const killed = async (name: keyof typeof start, when: RegExp) => {
      await running[name].prints(when);
      await running[name].kill();
      running[name] = start[name]();
    };
    await Promise.all([
      // In the key generation, its secret dealt, its share of the key not yet confirmed; then again with the
      // ring open and its share of the decryption made, but not announced.
      killed('t1', /deals shares of its secret/).then(() => killed('t1', /decrypts its part of the sums/)),
      // Its update is sealed and shown, but not on chain.
      killed('t2', /proves its update/),
      // Its update is in the sum, its alignment not proven.
      killed('t3', /proves its alignment/),
      // Its vote is made, its salt known to nobody else.
      killed('v1', /votes:/),
      killed('prover', /opens the sum of the updates/),
    ]);

    const codes = await Promise.all(Object.values(running).map(({ ended }) => ended));
    expect(
      codes,
      Object.values(running)
        .map((each) => each.output())
        .join('\n----\n'),
    ).toEqual([0, 0, 0, 0, 0, 0]);

    const stake = (100n * 10n ** 18n).toString();
    const check = async (name: (typeof names)[number]) => {
      const role = name.startsWith('t') ? 'trainer' : 'validator';
      const status = await json<Status>(role, 'status', ...as(name), '--task', task);
      expect(status, name).toMatchObject({ role, standing: 'good', round: 2, slashed: '0' });
      expect(BigInt(status.earned), name).toBeGreaterThan(0n);
      expect([stake, '0'], name).toContain(status.pledged);
    };
    await Promise.all([...trainers, ...validators].map(check));
    const shown = await json<{ status: string }>('planner', 'show', ...place, '--task', task);
    expect(shown.status).toBe('ended');

    const left = await json<{ done: string[] }>('trainer', 'leave', ...as('t2'), '--task', task);
    expect(left.done.join()).toMatch(/queue to leave/);

    // The operators' keys are on this machine, and get nothing; the wallet has what both earned.
    for (const [role, name] of [
      ['trainer', 't1'],
      ['prover', 'prover'],
    ] as const) {
      const freed = await json<{ done: string[] }>(role, 'leave', ...as(name), '--task', task);
      expect(freed.done.join()).toMatch(/its owner 0x\w+ gets the money out/);
    }
    const client = createPublicClient({ transport: http(anvil.url) });
    const balance = (name: (typeof names)[number]) =>
      client.readContract({
        address: deployment.token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [accounts.get(name) as `0x${string}`],
      });
    const before = await balance('wallet');
    const { moved } = await json<{ moved: { operator: string; amount: string }[] }>(
      'owner',
      'claim',
      ...as('wallet'),
    );
    expect(moved.map(({ operator }) => operator)).toEqual(operators.map((name) => accounts.get(name)));
    const earned = moved.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    expect(await balance('wallet')).toBe(before + earned);
    const { moved: queued } = await json<{ moved: object[] }>('owner', 'queue', ...as('wallet'));
    expect(queued).toHaveLength(2);
    for (const name of operators) expect(await balance(name), name).toBe(10n ** 24n);
  });

  it('refuses by name what would cost stake or cannot work', async () => {
    const place = ['--home', home, '--rpc', anvil.url];
    const refused = async (code: 1 | 2, pattern: RegExp, ...args: string[]) => {
      const command = murmur(...args);
      expect(await command.ended, args.join(' ')).toBe(code);
      expect(command.output()).toMatch(pattern);
      expect(command.output()).not.toMatch(/\n\s+at /);
    };
    writeFileSync(join(home, 'broken.json'), '{"chainId": 31337}');
    await Promise.all([
      refused(2, /--task is "0", but it must be/, 'trainer', 'status', ...place, '--task', '0'),
      refused(2, /`murmur trainer run` needs --data/, 'trainer', 'run', ...place, '--task', '1'),
      refused(1, /accounts in .*Choose one with --account/, 'trainer', 'join', ...place, '--task', '1'),
      refused(1, /task 9: not posted/, 'planner', 'show', ...place, '--task', '9'),
      refused(
        1,
        /broken\.json: fromBlock/,
        'planner',
        'list',
        ...place,
        '--deployment',
        join(home, 'broken.json'),
      ),
      refused(1, /does not answer/, 'planner', 'list', '--home', home, '--rpc', 'http://127.0.0.1:9'),
    ]);
  });
});
