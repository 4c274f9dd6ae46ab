// A planner's files and flags: what they leave out has its default, what they get wrong is named.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from '@murmuration/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { readDescription, readPolicy } from '../../../node/cli/files/policy.ts';
import { checkPreset } from '../../../node/cli/open/post_plan.ts';
import { createFlags } from '../../../node/cli/verbs/planner/help.ts';
import { defaultDeadlines, defaultEconomics, defaultRules, demoTask } from '../../../node/demo/index.ts';
import { faultOf } from './fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const flags = (...args: string[]) => readFlags('murmur planner create', createFlags, args);
function file(value: unknown): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

describe('a policy', () => {
  it('has defaults: more than half of the seats decrypt, one more of them suffices', async () => {
    expect(await readPolicy(flags())).toEqual({
      trainers: { min: 4, max: 5 },
      validators: { min: 4, max: 6 },
      threshold: 3,
      members: `0x${'00'.repeat(32)}`,
      economics: defaultEconomics,
      rules: defaultRules,
      deadlines: defaultDeadlines,
    });
  });

  it('takes flags over the file over the defaults', async () => {
    const policy = file({
      threshold: 4,
      rules: { minGain: 5, ejectAt: 3 },
      economics: { strike: '7' },
      deadlines: { settle: 9, join: 8 },
    });
    const read = await readPolicy(
      flags('--policy', policy, '--min-gain', '50', '--join', '60', '--trainers', '7'),
    );
    expect(read).toMatchObject({ threshold: 4, trainers: { min: 5, max: 7 } });
    expect(read.rules).toEqual({ ...defaultRules, minGain: 50, ejectAt: 3 });
    expect(read.economics).toEqual({ ...defaultEconomics, strike: 7n });
    expect(read.deadlines).toEqual({ ...defaultDeadlines, settle: 9, join: 60 });
    const phases = (await readPolicy(flags('--phase', '20'))).deadlines;
    expect(phases).toMatchObject({
      submit: 20,
      settle: 20,
      join: defaultDeadlines.join,
      appeal: defaultDeadlines.appeal,
    });
  });

  it.each([
    ['{', /is no JSON/],
    [{ threshold: 1 }, /file\.json: threshold: /],
    [{ economics: { strike: 7 } }, /file\.json: economics\.strike: /],
    [{ economics: { strikes: '7' } }, /file\.json: economics: .*strikes/],
    [{ members: '0x12' }, /file\.json: members: a Merkle root/],
    [{ deadlines: { submit: 0 } }, /file\.json: deadlines\.submit: /],
  ])('%j is refused by name', async (value, message) => {
    await expect(readPolicy(flags('--policy', file(value)))).rejects.toThrow(message);
  });
});

describe('a description', () => {
  it('is the file, or the demonstration', async () => {
    expect(await readDescription(flags('--preset', 'tiny', '--rounds', '3'))).toEqual(
      demoTask({ preset: 'tiny', rounds: 3 }),
    );
    const task = demoTask({ preset: 'tiny' });
    expect(await readDescription(flags('--description', file(task)))).toEqual(task);
    await expect(readDescription(flags('--description', file(task), '--rounds', '3'))).rejects.toThrow(
      /--rounds is for the demonstration/,
    );
    await expect(readDescription(flags('--description', file({ ...task, rounds: 0 })))).rejects.toThrow(
      /file\.json: rounds: /,
    );
  });
});

describe('a preset', () => {
  it('that is not deployed is refused before anything is sent, with those that are', async () => {
    const verifiers = { quick: {}, tiny: {} } as unknown as Deployment['verifiers'];
    expect(() => checkPreset('quick', { verifiers })).not.toThrow();
    for (const preset of ['base', 'constructor'])
      expect(await faultOf((async () => checkPreset(preset, { verifiers }))())).toMatch(
        new RegExp(`preset ${preset}, but the deployment has quick, tiny.*murmur deploy --presets`),
      );
  });
});
