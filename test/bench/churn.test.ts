// The long run with churn (`npm run faults -- --only churn`) notices what it is to notice: books that do not balance, files
// that are left over, what grows; and its record tells of a run that was cut.
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createAnvil, deploy, developmentTokenAbi, loadArtifacts } from '@murmuration/contracts';
import { ensureDevelopmentKeys } from '@murmuration/prover';
import { createPublicClient, createWalletClient, http } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Books, imbalances, owed, readBooks } from '../../bench/faults/churn/books.ts';
import { type Mortality, mortality } from '../../bench/faults/churn/deaths.ts';
import { leftInState, leftInStore } from '../../bench/faults/churn/left_over.ts';
import { company, honest, type Kill, longest, tasksOf } from '../../bench/faults/churn/plan.ts';
import { beginRecord, type Line, readRecord } from '../../bench/faults/churn/record.ts';
import { churnSection } from '../../bench/faults/churn/section.ts';
import { growthByRound, growthByTask, wrongIn } from '../../bench/faults/churn/verdict.ts';
import type { Effect } from '../../bench/faults/mortal.ts';
import { type Held, measures } from '../../bench/faults/sample.ts';
import { connect, createActions, defaultSenderSettings } from '../../node/chain/index.ts';
import { adversaryOf } from '../../node/demo/index.ts';
import { fund, presetKeys } from '../../node/local/index.ts';
import { newAccount } from '../../node/local/members.ts';
import { token } from '../../node/protocol/index.ts';
import { createFolderStore } from '../../node/store/index.ts';
import { cacheFolder } from '../cache_folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'murmuration-churn-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Two accounts and a task that is over: one of them was slashed, the reporter was the other. */
const balanced: Books = {
  balance: '201',
  held: { burnt: '8' },
  accounts: [
    {
      account: '0xa',
      ...{ staked: '100', credit: '3', pledged: '0', bonded: '100', slashed: '0' },
      ...{ withdrawn: '0', credited: '33', claimed: '30' },
    },
    {
      account: '0xb',
      ...{ staked: '90', credit: '0', pledged: '0', bonded: '120', slashed: '10' },
      ...{ withdrawn: '20', credited: '19', claimed: '19' },
    },
  ],
  tasks: [
    {
      task: '1',
      ...{ pot: '0', pledged: '0', funded: '50', credited: '50', slashed: '10', toReporters: '2' },
    },
  ],
};

describe('books', () => {
  it('that balance are found to', () => {
    expect(imbalances(balanced)).toEqual([]);
    expect(owed(balanced)).toBe(193n);
  });

  it('in which any figure is another by one unit are found not to', () => {
    const places: ((books: Books) => Record<string, string>)[] = [
      (books) => books as unknown as Record<string, string>,
      (books) => books.held,
      ...balanced.accounts.map((_, at) => (books: Books) => books.accounts[at]!),
      (books) => books.tasks[0]!,
    ];
    // What was slashed in a task is shown, and counted by accounts.
    const shown = ['account', 'task', 'slashed'];
    for (const place of places)
      for (const [name, value] of Object.entries(place(balanced))) {
        if (typeof value !== 'string' || (shown.includes(name) && !('bonded' in place(balanced)))) continue;
        if (name === 'account') continue;
        const books = structuredClone(balanced);
        place(books)[name] = `${BigInt(value) + 1n}`;
        expect(imbalances(books), name).not.toEqual([]);
      }
  });

  it('are read from a chain, where tokens that belong to nobody show', async () => {
    const keys = await ensureDevelopmentKeys('tiny', { cacheFolder });
    await loadArtifacts({ cacheFolder });
    const anvil = createAnvil();
    await anvil.start();
    try {
      const { url } = anvil;
      const account = anvil.account(0);
      const deployment = await deploy({ url, account, presets: [presetKeys(keys)], cacheFolder });
      const client = createPublicClient({ transport: http(url) });
      const member = newAccount().account;
      await fund({ url, deployment }, { to: member.address, ether: token, tokens: 100n });
      const { client: own, sender } = await connect(
        { url, deployment, settings: defaultSenderSettings },
        member,
      );
      await createActions({ client: own, sender, deployment }).bond(70n);
      const books = await readBooks(client, deployment, []);
      expect(imbalances(books)).toEqual([]);
      expect(books.accounts).toMatchObject([{ account: member.address, staked: '70', bonded: '70' }]);

      const giver = createWalletClient({ account: member, transport: http(url) });
      const hash = await giver.writeContract({
        ...{ address: deployment.token, abi: developmentTokenAbi, functionName: 'transfer' },
        ...{ args: [deployment.vault, 1n], chain: null },
      });
      await client.waitForTransactionReceipt({ hash });
      expect(imbalances(await readBooks(client, deployment, []))).toContain(
        "the vault's tokens and all that it holds for somebody: 71 is not 70",
      );
    } finally {
      await anvil.stop();
    }
  });
});

describe('a folder of state', () => {
  const write = (...names: readonly string[]) => {
    for (const name of names) writeFileSync(join(folder, name), name);
  };
  const memory = (scope: string, ...names: readonly string[]) =>
    write(...names.map((name) => `${scope}-${name}.bin`));
  const [one, two] = ['0123456789ab', 'ba9876543210'];
  const kept = ['member-key-1', 'statistics', 'progress', 'change', 'history', 'decryptions'];

  it('with what a member remembers has nothing left over', () => {
    write('origins.json', 'lock', 'lock.db');
    mkdirSync(join(folder, 'site-log'));
    write('site-log/0.jsonl');
    memory(one, ...kept, 'vote-7', 'vote-8');
    memory(two, ...kept);
    expect(leftInState(folder, 2)).toEqual([]);
  });

  it.each([
    ['half a file', () => write('origins.json.17.unfinished'), 'nothing that a member keeps'],
    ['a secret of a key that is made', () => memory(one, 'party-1'), '1 of 0 are left, party-1'],
    ['a vote of long ago', () => memory(one, 'vote-3', 'vote-8', 'vote-9'), '3 of 2 are left'],
    ['what nothing of the roles writes', () => memory(one, 'diary'), 'diary is unknown'],
    ['memory of a task that it was not in', () => memory(two, 'progress'), 'remembers 2 tasks, of 1'],
  ])('with %s is noticed', (_, add, text) => {
    memory(one, 'progress');
    add();
    expect(leftInState(folder, 1).join('\n')).toContain(text);
  });
});

it('a content that no chain names is found in a store', async () => {
  const store = createFolderStore(folder);
  await store.start();
  const named = await store.put(Uint8Array.of(1));
  expect(leftInStore(folder, [named])).toEqual([]);
  await store.put(Uint8Array.of(2));
  expect(leftInStore(folder, [named])).toHaveLength(1);
  await store.stop();
});

const held = (value: number): Held => Object.fromEntries(measures.map((measure) => [measure, value])) as Held;
const closedAfter = (...values: readonly number[]): Line[] =>
  values.map((value, at) => ({ is: 'closed', task: at + 1, ...held(1000), heap: value }));

describe('what is held', () => {
  const mebibyte = 2 ** 20;
  it('may wander, and may not grow by each task', () => {
    expect(wrongIn(closedAfter(9, 9, 5, 6, 5, 6, 5).map((line) => line))).toEqual([]);
    const leaking = closedAfter(...[1, 2, 5, 7, 9, 11, 13].map((value) => value * mebibyte));
    expect(growthByTask(leaking, 'heap')).toBeCloseTo(2 * mebibyte);
    expect(wrongIn(leaking)).toEqual([`heap grows by ${(2 * mebibyte).toFixed(1)} a task`]);
  });
  it('grows by a file that stays open in every task', () => {
    const open = closedAfter(1, 1, 1, 1, 1, 1).map((line, at) => ({ ...line, files: 50 + at })) as Line[];
    expect(wrongIn(open)).toEqual(['files grows by 1.0 a task']);
  });
  it('is compared within tasks by the round', () => {
    const rounds: Line[] = [1, 2].flatMap((task) =>
      [1, 2, 3, 4, 5, 6].map((round) => ({
        ...{ is: 'round' as const, task, round, seconds: round },
        ...held(task * 1000 + round * 3),
      })),
    );
    expect(growthByRound(rounds, 'state')).toBeCloseTo(3);
    expect(growthByRound(rounds.slice(0, 3), 'state')).toBeUndefined();
  });
});

const ended = (change: Partial<Extract<Line, { is: 'ended' }>> = {}): Line => ({
  is: 'ended',
  task: 1,
  rounds: ['accepted', 'rejected'],
  members: [
    { name: 'trainer 1', kind: 'plain', lost: 0, earned: 5, faults: {}, ejected: false },
    { name: 'trainer 3', kind: 'noise', lost: 4, earned: 0, faults: { strike: 1 }, ejected: true },
  ],
  pledged: [],
  faults: ['a request had no answer'],
  books: balanced,
  audit: { outcome: 'clean', proofs: 9, checks: 99, findings: [], seconds: 1 },
  left: [],
  strays: 2,
  halves: 1,
  ...change,
});

describe('a record', () => {
  it.each<[string, Parameters<typeof ended>[0], string]>([
    ['a void round', { rounds: ['accepted', 'void'] }, 'round 2 is void'],
    [
      'an honest member that lost stake',
      {
        members: [
          { name: 'trainer 1', kind: 'plain', lost: 1, earned: 5, faults: { 'no-show': 1 }, ejected: false },
        ],
      },
      'trainer 1, which is honest, lost 1 (no-show)',
    ],
    ['stake that is held', { pledged: ['trainer 1'] }, 'its stake is not free'],
    ['books that do not balance', { books: { ...balanced, balance: '200' } }, '200 is not 201'],
    [
      'an audit with findings',
      { audit: { outcome: 'failed', proofs: 9, checks: 99, findings: ['failed: sum'], seconds: 1 } },
      'its audit is failed',
    ],
    ['a file left over', { left: ['half a file'] }, 'half a file'],
  ])('of %s says so', (_, change, text) => {
    expect(wrongIn([ended()])).toEqual([]);
    expect(wrongIn([ended(change)]).join('\n')).toContain(text);
  });

  it('at whose end money or halves are left says so', () => {
    const over: Line = { is: 'over', seconds: 9, books: balanced, halves: 2, ...held(1) };
    expect(wrongIn([over]).join('\n')).toMatch(/are left of members who are all gone\n.*2 halves/);
  });

  it('that was cut keeps all lines but the torn one, and its page says of how many rounds it is', () => {
    const file = join(folder, 'run', 'record.jsonl');
    const note = beginRecord(file);
    const lines: Line[] = [
      { is: 'begun', at: '2026-11-27T14:00:00.000Z', seed: 1, tasks: 50, rounds: 10 },
      { is: 'task', task: 1, adversary: 'noise', newcomers: ['trainer 1'] },
      { is: 'round', task: 1, round: 1, seconds: 3, ...held(5) },
    ];
    for (const line of lines) note(line);
    appendFileSync(file, '{"is":"round","task":1,"ro');
    expect(readRecord(file)).toEqual(lines);
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
    expect(readRecord(`${file}.gz`)).toEqual(lines);
    const text = churnSection(readRecord(file));
    expect(text).toContain('1 of 500 rounds, 0 of 50 tasks to their end. The run was cut');
    for (const line of text.split('\n')) expect(line.startsWith('|') || line.length <= 120).toBe(true);
    appendFileSync(file, 'und":"two"}\n');
    expect(() => readRecord(file)).toThrow(/line 4: .*round/s);
  });

  it('that found nothing wrong says that, beside its books', () => {
    const begun: Line = { is: 'begun', at: '2026-11-27T14:00:00.000Z', seed: 1, tasks: 1, rounds: 2 };
    const text = churnSection([begun, ended(), ...closedAfter(7)]);
    expect(text).toContain('`noise`, lost 4 and its seat');
    expect(text).toContain('Found wrong: nothing.');
  });
});

describe('the plan', () => {
  it('is decided by its seed, and is of the length that it is asked for', () => {
    const plan = tasksOf({ seed: 1, ...longest });
    expect(tasksOf({ seed: 1, ...longest })).toEqual(plan);
    expect(tasksOf({ seed: 2, ...longest })).not.toEqual(plan);
    expect(plan.reduce((sum, { rounds }) => sum + rounds, 0)).toBe(500);
    for (const { rounds, kills, outages } of plan)
      for (const { round } of [...kills, ...outages]) expect(round >= 1 && round <= rounds).toBe(true);
  });

  it('kills and changes members that are honest in every task', () => {
    const last = { trainer: `trainer ${company.trainers - 1}`, validator: `validator ${company.validators}` };
    for (const { adversary, newcomers, kills } of tasksOf({ seed: 3, ...longest })) {
      const { seat } = adversaryOf(adversary);
      expect(honest).not.toContain(seat === 'prover' ? 'prover 2' : last[seat]);
      for (const name of [...newcomers, ...kills.map(({ member }) => member)]) expect(honest).toContain(name);
    }
  });
});

it('a member dies once a kill, at its next effect, and what it shows is noted, addresses apart', () => {
  const died: string[] = [];
  const fates: Mortality = mortality(({ fate }, at, torn) => {
    died.push(`${fate} at ${at.name}${torn ? ', torn' : ''}`);
  });
  const kill = (fate: Kill['fate']): Kill => ({ round: 1, phase: 'submit', member: 'trainer 1', fate });
  const put: Effect = { kind: 'put', name: 'content', digest: 'aa' };
  const call: Effect = { kind: 'call', name: 'submit/1', digest: 'bb' };
  expect(fates.of(put)).toBe('lives');
  fates.done(put, false);
  fates.done({ kind: 'put', name: 'address', digest: 'cc' }, false);
  expect([...fates.shown]).toEqual(['aa']);
  fates.arm(kill('torn'));
  // A call is one transaction: it is not made in halves.
  expect(fates.of(call)).toBe('dies before');
  fates.died(undefined);
  fates.arm(kill('dies after'));
  expect(fates.of(put)).toBe('dies after');
  fates.died(undefined);
  expect(fates.of(put)).toBe('lives');
  expect(died).toEqual(['torn at submit/1', 'dies after at content']);
});
