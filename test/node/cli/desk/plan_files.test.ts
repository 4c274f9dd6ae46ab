// The files that a plan comes with in the page: a program, who may join, a policy. What is wrong with one is said of it.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pad, toHex } from 'viem';
import { afterAll, describe, expect, it } from 'vitest';
import { type PlanAsked, planAskedSchema } from '../../../../desk/index.ts';
import { readPlan } from '../../../../node/cli/desk/plans/read_plan.ts';
import { listMembers } from '../../../../node/cli/files/members.ts';
import { root } from '../../../suites/suite.ts';
import { walls } from '../../learn/program/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'murmuration-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));
const source = join(root, 'examples/programs/layers.ts');
const exec = `"${process.execPath}" "${source}"`;

const clinics = readFileSync(join(root, 'examples/clinics/task.json'), 'utf8');
const inputs = 3;
const program = {
  kind: 'program',
  files: [{ name: 'layers.ts', sha256: createHash('sha256').update(readFileSync(source)).digest('hex') }],
  settings: { inputs, hidden: 4, classes: 2 },
  parameters: [
    { name: 'hidden weights', shape: [inputs, 4] },
    { name: 'hidden bias', shape: [4] },
    { name: 'output weights', shape: [4, 2] },
    { name: 'output bias', shape: [2] },
  ],
};
const { preset } = JSON.parse(clinics) as { preset: string };
const deployment = { verifiers: { [preset]: {}, tiny: {} } } as never;
const file = (value: unknown, name = 'model.json') => ({ name, text: JSON.stringify(value) });
const read = (asked: Partial<PlanAsked>, command?: string) =>
  readPlan(
    {
      deployment,
      preset: 'tiny',
      program: command === undefined ? {} : { exec: command, execWalls: walls, execShows: [root] },
    },
    planAskedSchema.parse({ template: 'digits', fields: {}, ...asked }),
  );
const own = (value: unknown, command?: string) =>
  read({ template: 'own', description: clinics, files: { program: file(value) } }, command);
const messages = async (found: Promise<{ faults: readonly { field: string; message: string }[] }>) =>
  (await found).faults.map(({ field, message }) => `${field}: ${message}`);

describe('a program', () => {
  it('takes the place of the model, is said with its digests, and makes the first model', async () => {
    const found = await own(program, exec);
    expect(found.faults).toEqual([]);
    expect(found.plan!.description.model.kind).toBe('program');
    expect(found.says.join()).toContain(`layers.ts ${program.files[0]!.sha256.slice(0, 12)}`);
    const first = await found.firstModel!();
    expect(first.length).toBe(inputs * 4 + 4 + 4 * 2 + 2);
    expect(first.some((value) => value !== 0)).toBe(true);
  });

  it('is refused where the desk was started without it: the page names no command', async () => {
    expect(await messages(own(program))).toEqual([
      expect.stringMatching(/^program: .*murmur open --exec COMMAND.*a page names no command/),
    ]);
    // Nothing that a page sends is one.
    for (const more of [{ exec }, { program: { exec } }])
      expect(planAskedSchema.safeParse({ template: 'digits', fields: {}, ...more }).success).toBe(false);
  });

  it('is refused where the file that is installed is another one than the task says', async () => {
    const altered = join(folder, 'layers.ts');
    copyFileSync(source, altered);
    writeFileSync(altered, '\nconsole.error("altered");\n', { flag: 'a' });
    expect(await messages(own(program, `"${process.execPath}" "${altered}"`))).toEqual([
      expect.stringMatching(/^program: .*is not the task's: layers.ts has SHA-256/),
    ]);
  });

  it.each([
    ['a file outside its folder', { ...program, files: [{ ...program.files[0], name: '../layers.ts' }] }],
    ['more files than are taken', { ...program, files: Array(65).fill(program.files[0]) }],
    ['a model of layers', { input: [3], layers: [], loss: 'binary' }],
    ['what nobody knows', { ...program, exec }],
  ])('with %s is refused by its schema', async (_, value) => {
    expect((await messages(own(value, exec)))[0]).toMatch(
      /^program: model\.json: .*`murmur model describe` makes it$/,
    );
  });

  it('that is too large, or no JSON, goes no further', async () => {
    const text = 'x'.repeat(400_001);
    const asked = { template: 'own', fields: {}, files: { program: { name: 'model.json', text } } };
    expect(planAskedSchema.safeParse(asked).success).toBe(false);
    const files = { program: { name: 'model.json', text: '{' } };
    expect(await messages(read({ template: 'own', description: clinics, files }, exec))).toEqual([
      expect.stringMatching(/^program: model\.json is no JSON/),
    ]);
  });
});

describe('who may join, and a policy', () => {
  const list = join(folder, 'list.json');
  const member = (label: string, at: number, role = 'trainer') => ({
    label,
    account: pad(toHex(at + 1), { size: 20 }),
    role,
  });
  const people = [
    ...['north', 'south', 'east', 'west'].map((label, at) => member(label, at)),
    ...['registry', 'university'].map((label, at) => member(label, at + 4, 'validator')),
  ];
  const members = async () => {
    writeFileSync(list, JSON.stringify({ members: people }));
    return listMembers(list);
  };

  it('give the seats and their root; a field wins over the policy, the policy over the defaults', async () => {
    const listed = await members();
    const policy = { rules: { minGain: -2000 }, deadlines: { appeal: 60 } };
    const files = { members: file(listed, 'members.json'), policy: file(policy, 'policy.json') };
    const { plan, says } = await read({ files, fields: { appeal: '90' } });
    expect(plan!.policy).toMatchObject({
      members: listed.root,
      trainers: { max: 4 },
      validators: { max: 2 },
      rules: { minGain: -2000 },
      deadlines: { appeal: 90 },
    });
    expect(says[0]).toMatch(/^4 trainers and 2 validators may join, and nobody else: north, south/);
    expect(says[1]).toContain('rules.minGain, deadlines.appeal');
  });

  it('are refused where the list is not what its root says, or the policy names another', async () => {
    const listed = await members();
    const [first, ...others] = listed.members;
    const stranger = { ...listed, members: [{ ...first!, account: pad('0x99', { size: 20 }) }, ...others] };
    expect(await messages(read({ files: { members: file(stranger, 'members.json') } }))).toEqual([
      expect.stringMatching(/^members: members\.json: its members have the root/),
    ]);
    const policy = file({ members: `0x${'11'.repeat(32)}` }, 'policy.json');
    expect(await messages(read({ files: { members: file(listed, 'members.json'), policy } }))).toEqual([
      expect.stringMatching(/^members: .*but --policy names/),
    ]);
  });

  it.each([
    [{ rules: { minimalGain: 1 } }, /minimalGain/],
    [{ economics: { minStake: 1 } }, /economics\.minStake/],
    [{ trainers: { min: 1, max: 99 } }, /trainers/],
  ])('a policy of %j is refused by its schema', async (value, words) => {
    const [message] = await messages(read({ files: { policy: file(value, 'policy.json') } }));
    expect(message).toMatch(/^policy: policy\.json: /);
    expect(message).toMatch(words);
  });
});
