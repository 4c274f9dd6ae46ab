import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  completeReport,
  type ReportInput,
  renderReport,
  reportSchema,
  writeReport,
} from '../../../node/report/index.ts';
import { niceTicks } from '../../../node/report/plot.ts';

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
    ])
      expect(page).toContain(text);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
  test('of a run without rounds is still a page', () => {
    const empty = renderReport(completeReport({ ...input(), rounds: [] }));
    expect(empty).not.toMatch(/NaN|undefined|Infinity/);
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
