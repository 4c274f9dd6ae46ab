import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Comparison,
  completeReport,
  type ModelScore,
  type ReportInput,
  renderReport,
  reportSchema,
  writeReport,
} from '../../../node/report/index.ts';
import { niceTicks } from '../../../node/report/plot.ts';
import { storyOf } from '../../../node/report/story.ts';

const input = (): ReportInput => ({
  kind: 'federation',
  title: 'Digits <script>alert(1)</script> & "more"',
  created: '2026-11-22T12:00:00.000Z',
  config: { preset: 'quick', 'a <b>': '"><img src=x onerror=alert(1)>' },
  rounds: [1, 2, 3].map((round) => ({
    round,
    accepted: round !== 2,
    accuracy: 0.3 * round,
    mirroredAccuracy: 0.2 * round,
    density: 0.039,
    bytesPerTrainer: 131_221,
    milliseconds: 15_000,
    proofs: { update: { count: 5, milliseconds: 9000 }, aggregate: { count: 2, milliseconds: 4000 } },
    gas: { submitUpdate: 2_000_000, submitAggregate: 800_000 },
    trainers: [
      { stake: 100, strikes: 0, struck: false, reward: 4, cosine: 0.5 },
      { stake: 100 - round, strikes: round, struck: true, reward: round === 3 ? 3 : 0 },
    ],
  })),
  trainers: [
    {
      name: 'trainer 1',
      kind: 'plain',
      account: '0xabc',
      stakeStart: 100,
      stakeEnd: 100,
      strikes: 0,
      ejected: false,
      reward: 12,
    },
    {
      name: 'trainer <2>',
      kind: 'mirrored',
      stakeStart: 100,
      stakeEnd: 97,
      strikes: 3,
      ejected: true,
      reward: 3,
    },
  ],
  model: { parameters: 25_450, digest: 'ab'.repeat(32) },
});

const score = (logLoss: number, auc: number): ModelScore => ({
  logLoss,
  auc,
  accuracy: 0.8,
  calibration: 0.1,
});
const scores = (bias: number, half: number): Comparison['all'] => ({
  own: score(0.45, 0.8),
  federated: score(0.55, 0.79),
  bias: score(bias, 0.81),
  half: score(half, 0.82),
  blend: score(half, 0.82),
  pooled: score(0.5, 0.82),
  pooledBias: score(0.43, 0.83),
});
const comparison: Comparison = {
  word: 'hospital',
  sites: ['North', 'South'].map((name, i) => ({
    name,
    rows: { train: 60, holdout: 15, test: 25 },
    weight: 4 - i,
    bias: -0.2,
    share: 0.5,
    scores: i === 0 ? scores(0.4, 0.39) : scores(0.5, 0.44),
    everywhere: score(0.5, 0.75 - 0.1 * i),
  })),
  all: scores(0.45, 0.42),
};

describe('report.json', () => {
  test('adds up its totals', () => {
    expect(completeReport(input()).totals).toEqual({
      milliseconds: 45_000,
      accepted: 2,
      bytes: 6 * 131_221,
      proofs: 21,
      gas: 8_400_000,
      rewards: 15,
      slashed: 3,
    });
  });
  test('is refused where it is not one', () => {
    const report = completeReport(input());
    expect(reportSchema.safeParse(report).success).toBe(true);
    const bad = (change: object) => reportSchema.safeParse({ ...report, ...change }).success;
    expect(bad({ model: { parameters: 1, digest: 'no' } })).toBe(false);
    expect(bad({ trainers: [] })).toBe(false);
    expect(bad({ extra: 1 })).toBe(false);
    expect(bad({ rounds: [{ ...report.rounds[0]!, accuracy: Number.NaN }] })).toBe(false);
  });
});

describe('the page', () => {
  const page = renderReport(completeReport(input()));
  test('escapes every text', () => {
    expect(page).not.toMatch(/<script|<img|<b>"|trainer <2>/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('trainer &lt;2&gt;');
  });
  test('fetches nothing and runs nothing', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<[^>]*\s(src|href)=|url\(|@import|https?:/);
  });
  test('shows accuracy, rewards, stakes, strikes, costs and rejected rounds', () => {
    expect(page.match(/<figure>/g)).toHaveLength(4);
    for (const text of [
      '90.0 %',
      'rejected',
      'submitUpdate',
      '25,450',
      'ejected',
      '97.00',
      'model rejected, rolled back',
      'trainer &lt;2&gt; (mirrored), round 1: 99, struck',
    ])
      expect(page).toContain(text);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
  test("shows each site's models beside each other", () => {
    const told = renderReport(completeReport({ ...input(), comparison }));
    for (const text of [
      'What joining is worth to each hospital',
      'federated, bias, half own',
      '0.390',
      'South',
    ])
      expect(told).toContain(text);
    expect(page).not.toContain('What joining is worth');
  });
  test('of a run without rounds is still a page', () => {
    const empty = renderReport(completeReport({ ...input(), rounds: [] }));
    expect(empty).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the paragraph', () => {
  const told = (change: (report: ReportInput) => ReportInput) => storyOf(completeReport(change(input())));
  test('says what the figures say: rounds, accuracy, strikes, rewards, stake', () => {
    expect(told((report) => report)).toBe(
      'Two trainers trained for three rounds; the new model of round 2 was not accepted, so the model before it ' +
        'stayed. Accuracy on the test data went from 30.0 % after round 1 to 90.0 % after round 3; on the same data ' +
        'mirrored it went from 20.0 % after round 1 to 60.0 % after round 3. Trainer <2> (mirrored) was struck in ' +
        'rounds 1 to 3; it was ejected. Stake was lost by trainer <2> (mirrored) (3.00), in tokens.',
    );
  });
  test('gives the reason of a strike where every one has it, and who earned most', () => {
    const text = told((report) => ({
      ...report,
      rounds: report.rounds.map((round) => ({
        ...round,
        trainers: [round.trainers[0]!, { ...round.trainers[1]!, struck: round.round !== 2, cosine: -0.1 }],
      })),
      trainers: [report.trainers[0]!, { ...report.trainers[1]!, ejected: false, stakeEnd: 100, reward: 36 }],
    }));
    expect(text).toContain(
      "was struck in rounds 1 and 3, for updates that pointed away from what was new in the validators' probes; it " +
        'earned 75.0 % of the rewards, the largest share. No trainer lost stake.',
    );
  });
  test('of a task that nobody judged claims no accuracy', () => {
    const text = told((report) => ({
      ...report,
      kind: 'task',
      rounds: report.rounds.map(({ accuracy: _, mirroredAccuracy: __, ...round }) => ({
        ...round,
        accepted: true,
      })),
    }));
    expect(text).not.toContain('ccuracy');
    expect(text).toContain('every new model was accepted');
  });
  test('says what joining was worth to each site, and to whom it was not', () => {
    const text = told((report) => ({ ...report, comparison }));
    expect(text).toContain(
      'Each hospital kept a part of its rows from everybody. By log loss there, the best model of its own rows alone ' +
        "was beaten by the federation's with a bias of its own at North (0.400 against 0.450), but not at South (0.500 " +
        'against 0.450); mixed half and half with that one, it was beaten at North (0.390 against 0.450) and South ' +
        '(0.440 against 0.450). On all of these rows the area under the ROC curve was 0.810 with the bias and 0.820 ' +
        "mixed; 0.800 for each hospital's own model, 0.750 for the best single one (North), and 0.830 for a model of all " +
        "hospitals' rows together, which nobody has.",
    );
  });
  test('of a run without rounds says so', () => {
    expect(told((report) => ({ ...report, rounds: [] }))).toBe('Two trainers took part; no round has ended.');
  });
});

test('both files are written whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  try {
    const paths = await writeReport(completeReport(input()), folder);
    expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.json']);
    expect(reportSchema.safeParse(JSON.parse(await readFile(paths.json, 'utf8'))).success).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('ticks are round numbers that span the range', () => {
  expect(niceTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(82.5, 100)).toEqual([80, 85, 90, 95, 100]);
  expect(niceTicks(3, 3)).toEqual([3]);
});
