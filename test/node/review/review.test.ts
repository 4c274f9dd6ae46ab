// The review of a task's terms: each rule finds what it is for, at its boundary, and says it in whole sentences.
import { presets } from '@murmuration/prover';
import { zeroHash } from 'viem';
import { describe, expect, it, test } from 'vitest';
import { localEpsilon } from '../../../node/compress/index.ts';
import { defaultDeadlines, defaultEconomics, defaultRules, demoTask } from '../../../node/demo/index.ts';
import { type TaskDescription, taskDescription } from '../../../node/learn/index.ts';
import { token } from '../../../node/protocol/index.ts';
import {
  costsOf,
  describePrivacy,
  type Finding,
  type ReviewedMember,
  type ReviewedTask,
  reviewTask,
  rules,
  statedPrivacy,
} from '../../../node/review/index.ts';
import { clinicTask } from '../learn/clinics.ts';

/** Terms in which no rule finds anything. */
const sound: ReviewedTask = {
  parameters: {
    metadata: zeroHash,
    model: zeroHash,
    preset: presets.base.id,
    members: `0x${'11'.repeat(32)}`,
    normBound: 1n,
    probeNormBound: 96n * 1600n,
    modelSize: 100_000,
    chunks: 2,
    rounds: 10,
    selector: 0,
    minTrainers: 6,
    maxTrainers: 8,
    minValidators: 6,
    maxValidators: 8,
    threshold: 5,
    scale: 1n,
    target: 30,
  },
  economics: defaultEconomics,
  rules: defaultRules,
  deadlines: defaultDeadlines,
};
const { parameters, economics, deadlines } = sound;

const validator = (pledged: number): ReviewedMember => ({
  role: 'validator',
  weight: 1,
  pledged: BigInt(pledged) * token,
});
const trainer = (weight: number): ReviewedMember => ({ role: 'trainer', weight, pledged: token });
const seats = (changed: Partial<typeof parameters>): Partial<ReviewedTask> => ({
  parameters: { ...parameters, ...changed },
});
const judging = (changed: Partial<ReviewedTask['rules']>) => ({ rules: { ...defaultRules, ...changed } });
const money = (changed: Partial<typeof economics>) => ({ economics: { ...economics, ...changed } });
const time = (changed: Partial<typeof deadlines>) => ({ deadlines: { ...deadlines, ...changed } });
const carrying = (density: number, chunks: number): Partial<ReviewedTask> => {
  const task = demoTask({ preset: 'quick' });
  return {
    parameters: { ...parameters, modelSize: 25_450, chunks },
    description: { ...task, compression: { ...task.compression, density, chunks } },
  };
};

const noisy = ({ sigma }: { readonly sigma: number }): Partial<ReviewedTask> => ({
  description: demoTask({ preset: 'tiny', selector: 'probe', privacy: { clip: 0.1, sigma, delta: 1e-5 } }),
});
const clinical = (privacy: TaskDescription['privacy']) =>
  taskDescription.parse({ ...clinicTask(4), privacy });

/** Of each rule: terms, and how bad it finds them; undefined where it says nothing. */
const cases: Readonly<Record<string, readonly [Partial<ReviewedTask>, Finding['severity'] | undefined][]>> = {
  'threshold-low': [
    [seats({ threshold: 4 }), 'danger'],
    [seats({ threshold: 5 }), undefined],
    [seats({ threshold: 2, minTrainers: 3, maxTrainers: 3 }), undefined],
  ],
  'threshold-high': [
    [seats({ threshold: 7, minTrainers: 8 }), 'warning'],
    [seats({ threshold: 8, minTrainers: 8 }), 'warning'],
    [seats({ threshold: 6, minTrainers: 7 }), undefined],
    [seats({ threshold: 3, minTrainers: 4, maxTrainers: 4 }), undefined],
    [seats({ threshold: 4, minTrainers: 5, maxTrainers: 5 }), 'warning'],
    [seats({ threshold: 3, minTrainers: 3, maxTrainers: 3 }), 'warning'],
    [seats({ threshold: 2, minTrainers: 2, maxTrainers: 2 }), 'warning'],
  ],
  'lone-update': [
    [seats({ threshold: 2, minTrainers: 2, maxTrainers: 3 }), 'danger'],
    [seats({ minTrainers: 5 }), 'warning'],
    [seats({ minTrainers: 6 }), undefined],
  ],
  'nobody-to-leave-out': [
    [seats({ minTrainers: 8 }), 'warning'],
    [seats({ minTrainers: 7 }), 'note'],
    [seats({ minTrainers: 6 }), undefined],
  ],
  'few-validators': [
    [seats({ minValidators: 5 }), 'warning'],
    [seats({ minValidators: 6 }), undefined],
  ],
  'open-to-all': [
    [seats({ members: zeroHash }), 'note'],
    [{}, undefined],
  ],
  'weights-apart': [
    [{ members: [trainer(1), trainer(5)] }, 'danger'],
    [{ members: [trainer(300), trainer(301)] }, 'danger'],
    [{ members: [trainer(10), trainer(40), validator(1)] }, undefined],
    [{ members: [trainer(7)] }, undefined],
  ],
  'thin-chunk': [
    [carrying(993 / 25_450, 2), 'warning'],
    [carrying(900 / 25_450, 2), 'warning'],
    [carrying((992 + 64) / 25_450, 2), undefined],
    [carrying(992 / 25_450, 1), undefined],
    [{ ...carrying(993 / 25_450, 2), description: undefined }, undefined],
  ],
  'weak-noise': [
    [noisy({ sigma: 3 }), undefined],
    [noisy({ sigma: 2.9 }), 'warning'],
    [{ ...noisy({ sigma: 2.9 }), description: undefined }, undefined],
    [{ description: demoTask({ preset: 'tiny' }) }, undefined],
  ],
  'exact-statistics': [
    [{ description: clinical({ clip: 1, sigma: 50, delta: 1e-5 }) }, 'warning'],
    [{ description: clinical(undefined) }, undefined],
    [noisy({ sigma: 50 }), undefined],
  ],
  'most-of-the-stake': [
    [{ members: [validator(101), ...Array.from({ length: 5 }, () => validator(20))] }, 'danger'],
    [{ members: [validator(100), ...Array.from({ length: 5 }, () => validator(20))] }, undefined],
    [{ members: [validator(21), validator(20)] }, 'warning'],
    [{ members: [validator(21)] }, undefined],
    [{ members: [validator(20), validator(20), trainer(1)] }, undefined],
  ],
  'slash-beyond-pledge': [
    [money({ noShow: economics.minStake + 1n }), 'danger'],
    [money({ dispute: economics.minStake + 1n }), 'danger'],
    [money({ dispute: economics.minStake }), undefined],
  ],
  'mishap-ejects': [
    [money({ noShow: economics.minStake - economics.stakeFloor + 1n }), 'warning'],
    [money({ outlier: economics.minStake }), 'warning'],
    [money({ noShow: economics.minStake - economics.stakeFloor }), undefined],
    [money({ invalidProof: economics.minStake }), undefined],
  ],
  'min-gain-positive': [
    [judging({ minGain: 1 }), 'warning'],
    [judging({ minGain: 10_000 }), 'danger'],
    [judging({ minGain: 0 }), undefined],
  ],
  'min-gain-low': [
    [judging({ minGain: -1001 }), 'warning'],
    [judging({ minGain: -1000 }), undefined],
  ],
  'eject-soon': [
    [judging({ ejectAt: 1 }), 'danger'],
    [judging({ ejectAt: 3 }), 'warning'],
    [judging({ ejectAt: 4 }), undefined],
  ],
  'phase-too-short': [
    [time({ reveal: 59 }), 'warning'],
    [time({ submit: 1 }), 'danger'],
    [{ ...seats({ chunks: 32 }), ...time({ settle: 380 }) }, 'warning'],
    [{ ...seats({ chunks: 32 }), ...time({ settle: 38 }) }, 'danger'],
    [{ ...seats({ chunks: 32 }), ...time({ settle: 384 }) }, undefined],
    [seats({ chunks: 32, maxTrainers: 9, threshold: 5 }), undefined],
    // 64 trainers' and 32 validators' ciphertexts, read in a quarter of the phase.
    [seats({ chunks: 32, maxTrainers: 64, maxValidators: 32, threshold: 40, minTrainers: 41 }), 'warning'],
    [{ ...seats({ preset: zeroHash }), ...time({ submit: 60 }) }, undefined],
  ],
  'appeal-short': [
    [time({ appeal: 86_399 }), 'warning'],
    [time({ appeal: 86_400 }), undefined],
  ],
};

describe('a review', () => {
  it('finds nothing in sound terms', () => {
    expect(reviewTask(sound)).toEqual([]);
  });
  it('has a case here for each of its rules', () => {
    expect(Object.keys(cases)).toEqual(rules.map(({ name }) => name));
  });
  test.each(
    Object.entries(cases).flatMap(([rule, each]) =>
      each.map(([changed, severity], at) => [`${rule}, case ${at + 1}`, rule, changed, severity] as const),
    ),
  )('%s', (_, rule, changed, severity) => {
    const found = reviewTask({ ...sound, ...changed }).find((finding) => finding.rule === rule);
    expect(found?.severity).toBe(severity);
    if (!found) return;
    // Whole sentences, without a name from the code but those that a planner writes.
    expect(found.says).toMatch(/^[A-Z].*\.$/);
    expect(found.mend).toMatch(/^[A-Z].*\.$/);
    expect(`${found.says} ${found.mend}`).not.toMatch(/undefined|NaN|basis points/);
  });
  it('tells the worst first', () => {
    const findings = reviewTask({
      ...sound,
      ...seats({ members: zeroHash, minValidators: 2 }),
      ...judging({ ejectAt: 1 }),
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['danger', 'warning', 'note']);
  });
  it('says how many rounds one trainer can void, where one can be left out', () => {
    const { says } = reviewTask({ ...sound, ...seats({ minTrainers: 7 }) })[0]!;
    expect(says).toContain('keeps up to 8 rounds from counting');
  });
  it('says whom it is about, and what to do', () => {
    const [finding] = reviewTask({ ...sound, ...seats({ threshold: 4 }) });
    expect(finding).toEqual({
      rule: 'threshold-low',
      severity: 'danger',
      says: "Any 4 of the 8 trainers together can decrypt each single trainer's update: half of them or fewer are enough.",
      mend: 'Set the threshold to 5, more than half of the seats.',
    });
  });
});

describe('the privacy that a task states', () => {
  it('is of every update that it may ask for, and names what is opened exactly beside it', () => {
    const stated = statedPrivacy(clinical({ clip: 1, sigma: 20, delta: 1e-5 }))!;
    expect(stated).toMatchObject({ updates: 4, delta: 1e-5, exactColumns: ['age', 'pressure', 'chol'] });
    expect(stated.epsilon).toBe(localEpsilon({ sigma: 20, delta: 1e-5 }, 4).epsilon);
    expect(describePrivacy(stated)).toMatch(
      /^epsilon 0\.\d\d at delta 0\.00001 .* after 4 updates at most.*exact sums of age, pressure, chol$/,
    );
  });
  it('is said to be none where a task adds no noise', () => {
    expect(statedPrivacy(clinical(undefined))).toBeUndefined();
    expect(describePrivacy(undefined)).toMatch(/^no noise is added/);
  });
});

describe('what a seat can cost', () => {
  const told = (changed: Partial<ReviewedTask>, role: 'trainer' | 'validator') =>
    costsOf({ ...sound, ...changed }, role).join('\n');
  it('is told with the amounts of the terms, of the role alone', () => {
    const changed = money({ noShow: 3n * token, invalidProof: 7n * token, outlier: token / 4n });
    expect(told(changed, 'trainer')).toMatch(/missed while most are there costs 3 tokens? each time/);
    expect(told(changed, 'trainer')).toMatch(/A proof that fails.* costs 7 token/);
    expect(told(changed, 'trainer')).not.toMatch(/A vote for another model/);
    expect(told(changed, 'validator')).toMatch(/A vote for another model.* costs 0\.25 token/);
    expect(told(changed, 'validator')).not.toMatch(/points elsewhere/);
  });
  it('says whether a direction costs stake', () => {
    expect(told(money({ strike: 0n }), 'trainer')).toMatch(
      /points elsewhere than most costs no stake: it earns less, or nothing; after 8 strikes that stand the seat ends/,
    );
    expect(told(money({ strike: token / 2n }), 'trainer')).toMatch(
      /each further one holds 0\.5 tokens? more/,
    );
  });
});
