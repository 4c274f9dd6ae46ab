// A consortium of hospitals with CSV files, each with an account and a folder of its own, through the command
// line alone: the statistics that scale the data are added under encryption, the model comes back to the
// planner, and everybody is paid.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anvil, createAnvil, deploymentSchema } from '@murmuration/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditReport } from '../../node/audit/index.ts';
import { openKeystore } from '../../node/keystore/index.ts';
import { parseCsv, sha256Of } from '../../node/learn/index.ts';
import { fund } from '../../node/local/index.ts';
import { clinicCsv, clinicTask } from '../node/learn/clinics.ts';
import { walls } from '../node/learn/program/programs.ts';
import { root } from '../suites/suite.ts';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-clinics-'));
const password = 'only for tests';
const anvil: Anvil = createAnvil();
const commands = createCommands({ MURMURATION_PASSWORD: password });
const { murmur, json } = commands;
const token = 10n ** 18n;
const given = 1_000_000n * token;

beforeAll(async () => {
  await anvil.start();
  await json('deploy', '--home', home, '--rpc', anvil.url, '--presets', 'tiny');
});
afterAll(async () => {
  await commands.stop();
  await anvil.stop();
  rmSync(home, { recursive: true, force: true });
});

const shared = () => ['--rpc', anvil.url, '--deployment', join(home, 'deployment.json')];
const withStore = () => [...shared(), '--store', join(home, 'store')];

/** A party with a folder of its own. Its key is cheap to unlock; `account new` takes scrypt's full cost. */
async function party(own: string): Promise<string[]> {
  const account = await openKeystore(join(own, 'keystore'), 10).createAccount(password);
  const deployment = deploymentSchema.parse(JSON.parse(readFileSync(join(home, 'deployment.json'), 'utf8')));
  await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: given });
  return ['--home', own];
}

interface Plan {
  description: object;
  trainers: Record<string, string>;
  validators: Record<string, string>;
  /** The command of a program, where the model is one. */
  exec?: string;
}

/** Posts a task, joins, and starts every role in a process of its own. */
async function launch({ description, trainers, validators, exec }: Plan) {
  const program = exec === undefined ? [] : ['--exec', exec, '--exec-walls', walls, '--exec-shows', root];
  const folder = mkdtempSync(join(home, 'consortium-'));
  const planner = await party(join(folder, 'planner'));
  const file = join(folder, 'task.json');
  writeFileSync(file, JSON.stringify(description));
  // What a test asserts must not hang on which way three small hospitals point: nobody is struck, every round
  // is accepted.
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify({ rules: { minGain: -10_000 }, deadlines: { appeal: 1 } }));
  const seats = [
    '--trainers',
    `${Object.keys(trainers).length}`,
    '--validators',
    `${Object.keys(validators).length}`,
  ];
  const { task } = await json<{ task: string }>(
    'planner',
    'create',
    ...planner,
    ...withStore(),
    ...['--description', file, '--policy', policy, ...seats, ...program],
  );
  const start = new Map<string, () => ReturnType<typeof murmur>>();
  const homes = new Map<string, string[]>([['planner', planner]]);
  const enrol = async (role: 'trainer' | 'validator', name: string, csv: string) => {
    const own = await party(join(folder, name));
    homes.set(name, own);
    const path = `${own[1]}/data.csv`;
    writeFileSync(path, csv);
    await json(role, 'join', ...own, ...withStore(), '--task', task, ...program);
    start.set(name, () =>
      murmur(role, 'run', ...own, ...withStore(), '--task', task, '--data', `csv:${path}`, ...program),
    );
  };
  for (const [name, csv] of Object.entries(trainers)) await enrol('trainer', name, csv);
  for (const [name, csv] of Object.entries(validators)) await enrol('validator', name, csv);
  const prover = await party(join(folder, 'prover'));
  homes.set('prover', prover);
  start.set('prover', () => murmur('prover', 'run', ...prover, ...withStore(), '--task', task));
  await json('planner', 'start', ...planner, ...shared(), '--task', task);
  const running = new Map([...start].map(([name, begin]) => [name, begin()]));
  return {
    task,
    as: (name: string) => [...homes.get(name)!, ...shared()],
    running,
    async killAndRestart(name: string, when: RegExp) {
      const role = running.get(name)!;
      await role.prints(when);
      await role.kill();
      running.set(name, start.get(name)!());
    },
    async ended() {
      const roles = [...running.values()];
      const codes = await Promise.all(roles.map(({ ended }) => ended));
      expect(codes, roles.map((each) => each.output()).join('\n----\n')).toEqual(roles.map(() => 0));
    },
  };
}

const numbers = (csv: string, column: number): number[] => {
  const limits = { maxRows: 1e6, maxBytes: 1e9, maxColumns: 100 };
  const { rows } = parseCsv(new TextEncoder().encode(csv), limits);
  return rows.flatMap((row) => (row[column] === '?' ? [] : [Number(row[column])]));
};

interface Status {
  earned: string;
  slashed: string;
  claimable: string;
}

describe('hospitals with CSV files', () => {
  it('learn together, get paid, and the planner gets a model that it can use', async () => {
    const trainers = {
      north: clinicCsv('north', { shift: -3, rows: 150, missing: 0.1 }),
      south: clinicCsv('south', { shift: 1, rows: 120, missing: 0 }),
      east: clinicCsv('east', { shift: 4, rows: 90, missing: 0.4 }),
    };
    const validators = {
      registry: clinicCsv('registry', { shift: 0, rows: 200, missing: 0.1 }),
      university: clinicCsv('university', { shift: 3, rows: 150, missing: 0.1 }),
    };
    const federation = await launch({ description: clinicTask(2), trainers, validators });
    const { task, as, running } = federation;
    // Killed as it sends its part of the statistics: it sends it once, or once more, and the first one
    // counts.
    await federation.killAndRestart('south', /sends the statistics of its columns/);
    await federation.ended();
    expect(running.get('registry')!.output()).toMatch(
      /judges the new model on 200 rows: accuracy .*AUC 0\.\d/,
    );

    const paid = async (name: string) => {
      const role = name in trainers ? 'trainer' : 'validator';
      const status = await json<Status>(role, 'status', ...as(name), '--task', task);
      expect(status, name).toMatchObject({ standing: 'good', round: 2, slashed: '0', claimable: '0' });
      // Claimed when the task was over: what it was given, less its stake, with what it earned.
      const { tokens } = await json<{ tokens: string }>('account', 'show', ...as(name));
      expect(BigInt(tokens), name).toBe(given - 100n * token + BigInt(status.earned));
      return BigInt(status.earned);
    };
    const rewards = await Promise.all(Object.keys(trainers).map(paid));
    const shared = rewards.reduce((sum, reward) => sum + reward, 0n);
    // Two rounds of ten tokens, but for what rounding leaves to the planner.
    expect(shared).toBeGreaterThan(20n * token - 10n);
    expect(shared).toBeLessThanOrEqual(20n * token);
    expect(await Promise.all(Object.keys(validators).map(paid))).toEqual([token, token]);

    const model = join(home, 'model.json');
    const saved = await json('model', 'save', ...withStore(), '--task', task, '--out', model);
    expect(saved).toMatchObject({ status: 'ended', rounds: 2 });
    const { statistics, lineage } = JSON.parse(readFileSync(model, 'utf8'));
    expect(lineage.rounds).toHaveLength(2);
    for (const [column, name] of ['age', undefined, 'pressure', 'chol'].entries()) {
      if (!name) continue;
      const pooled = Object.values(trainers).flatMap((csv) => numbers(csv, column));
      const mean = pooled.reduce((a, b) => a + b, 0) / pooled.length;
      const deviation = Math.sqrt(pooled.reduce((a, b) => a + (b - mean) ** 2, 0) / pooled.length);
      expect(statistics[name].mean, name).toBeCloseTo(mean, 1);
      expect(statistics[name].deviation, name).toBeCloseTo(deviation, 1);
    }

    // An honest task audits clean, with everything that it left.
    const out = join(home, 'audit');
    const audit = ['audit', ...as('north'), '--store', join(home, 'store'), '--task', task, '--out', out];
    const report = await json<AuditReport>(...audit);
    expect(report).toMatchObject({ outcome: 'clean', misconduct: [], findings: [] });
    const passed = (kind: string) => report.checks.find((check) => check.kind === kind)!.passed;
    // Three statistics, three updates and two probes a round.
    expect(passed('encryption')).toBe(3 + 2 * (3 + 2));
    expect(await json('audit', 'verify', '--out', out)).toMatchObject({ holds: true, outcome: 'clean' });

    const test = join(home, 'test.csv');
    writeFileSync(test, clinicCsv('elsewhere', { shift: 1, rows: 300, missing: 0.1 }));
    const found = await json<{ count: number; auc: number }>(
      ...(['model', 'evaluate', '--model', model, '--data', `csv:${test}`] as const),
    );
    expect(found.count).toBe(300);
    expect(found.auc).toBeGreaterThan(0.75);

    const patients = join(home, 'patients.csv');
    writeFileSync(patients, 'age,sex,pressure,chol,chest pain\n85,m,180,?,typical\n25,f,90,200,none\n');
    const scores = await json<{ class: string }[]>(
      ...(['model', 'predict', '--model', model, '--data', `csv:${patients}`] as const),
    );
    expect(scores.map((row) => row.class)).toEqual(['yes', 'no']);
  });

  it('learn together by a program of their own, which is killed on the way', async () => {
    const program = join(root, 'examples/programs/layers.ts');
    const exec = `"${process.execPath}" "${program}"`;
    const model = {
      kind: 'program',
      files: [{ name: 'layers.ts', sha256: await sha256Of(program) }],
      settings: { inputs: 8, hidden: 6, classes: 2 },
      parameters: [
        { name: 'hidden weights', shape: [8, 6] },
        { name: 'hidden bias', shape: [6] },
        { name: 'output weights', shape: [6, 2] },
        { name: 'output bias', shape: [2] },
      ],
    };
    const federation = await launch({
      description: { ...clinicTask(1), model },
      exec,
      trainers: {
        north: clinicCsv('north', { shift: -3, rows: 150, missing: 0.1 }),
        south: clinicCsv('south', { shift: 1, rows: 120, missing: 0 }),
        east: clinicCsv('east', { shift: 4, rows: 90, missing: 0.4 }),
      },
      validators: {
        registry: clinicCsv('registry', { shift: 0, rows: 200, missing: 0.1 }),
        university: clinicCsv('university', { shift: 3, rows: 150, missing: 0.1 }),
      },
    });
    const { task, running, as } = federation;
    await federation.killAndRestart('registry', /proposes a support/);
    await federation.ended();
    expect(running.get('university')!.output()).toMatch(/judges the new model on 150 rows: accuracy/);
    const status = await json<Status>('trainer', 'status', ...as('north'), '--task', task);
    expect(status).toMatchObject({ standing: 'good', round: 1, slashed: '0' });

    const saved = join(home, 'program.json');
    await json('model', 'save', ...withStore(), '--task', task, '--out', saved);
    const test = join(home, 'program.csv');
    writeFileSync(test, clinicCsv('elsewhere', { shift: 1, rows: 300, missing: 0.1 }));
    const evaluation = ['model', 'evaluate', '--model', saved, '--data', `csv:${test}`] as const;
    const found = await json<{ auc: number }>(
      ...evaluation,
      '--exec',
      exec,
      '--exec-walls',
      walls,
      '--exec-shows',
      root,
    );
    expect(found.auc).toBeGreaterThan(0.65);
  });
});
