// A task as a report: what is pledged, lost and held of a stake, who trained, and rounds that nobody judged.
import { type Address, zeroHash } from 'viem';
import { describe, expect, it } from 'vitest';
import type { Journal, PostedTask, RoundEntry } from '../../../node/chain/index.ts';
import { type MembersFile, membersFormat } from '../../../node/cli/files/members.ts';
import { type TaskFacts, taskReport } from '../../../node/cli/verbs/planner/task_report.ts';
import { demoTask } from '../../../node/demo/index.ts';
import { modelLayout } from '../../../node/learn/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { renderReport, storyOf } from '../../../node/report/index.ts';

const account = (digit: number): Address => `0x${String(digit).repeat(40)}`;
const [one, two, gone] = [account(1), account(2), account(3)];
const description = demoTask({ preset: 'tiny', rounds: 3, selector: 'probe' });
const layout = modelLayout(description.model);

const settled = (trainer: Address, seen: number, more: object) => ({
  trainer,
  seen,
  verdict: 'none',
  struck: false,
  level: 0,
  reward: 0n,
  ...more,
});
const round = (number: number, more: object) => ({
  number,
  index: number - 1,
  outcome: 'accepted',
  submitted: { update: [1, 2], probe: [1] },
  sums: new Map([[0, {}]]),
  settled: [],
  penalties: [],
  tally: { quality: 6000 + 1000 * number, gain: 0 },
  modelAfter: `0x${String(number).repeat(64)}`,
  ...more,
});

function facts(rounds: readonly object[]): TaskFacts {
  const posted = {
    task: 7n,
    planner: account(9),
    status: 'running',
    trainers: [one, two],
    validators: [account(4)],
    economics: { strike: 4n * token },
    parameters: { rounds: 3, chunks: 2, threshold: 2, model: zeroHash },
  };
  return {
    posted: posted as unknown as PostedTask,
    journal: { rounds: rounds as readonly RoundEntry[], ejected: new Set([gone]) } as unknown as Journal,
    description,
    layout,
    pledged: new Map([
      [one, 100n * token],
      [two, 50n * token],
      [gone, 20n * token],
    ]),
    created: '2026-11-26T12:00:00.000Z',
  };
}

const report = taskReport(
  facts([
    round(1, {
      settled: [
        settled(one, 64, { reward: 6n * token }),
        settled(two, -32, { struck: true, level: 2, reward: token }),
        settled(gone, -128, { struck: true, level: 1 }),
      ],
      penalties: [{ account: gone, fault: 'invalidProof', amount: 30n * token }],
    }),
    round(2, { outcome: 'void', tally: undefined, modelAfter: `0x${'1'.repeat(64)}` }),
    round(3, { outcome: 'pending', tally: undefined, modelAfter: undefined }),
  ]),
);

describe('a task as a report', () => {
  it('has the rounds that have ended, and accuracy where the validators judged', () => {
    expect(report.rounds.map(({ accepted, accuracy }) => [accepted, accuracy])).toEqual([
      [true, 0.7],
      [false, undefined],
    ]);
    expect(report.rounds[0]!.proofs).toEqual({
      update: { count: 4 },
      probe: { count: 2 },
      aggregate: { count: 2 },
      // Of the one whose figures never came there is none.
      alignment: { count: 4 },
    });
    expect(report.model.digest).toBe(`0x${'1'.repeat(64)}`);
  });

  it('has everybody who trained, with what is lost, and what strikes hold', () => {
    expect(report.trainers.map(({ account, stakeEnd, ejected }) => [account, stakeEnd, ejected])).toEqual([
      [one, 100, false],
      // The second strike holds a strike's price.
      [two, 46, false],
      // More than was pledged cannot be lost of it.
      [gone, 0, true],
    ]);
    expect(report.rounds[0]!.trainers.map(({ cosine }) => cosine)).toEqual([0.5, -0.25, undefined]);
  });

  it('calls members by the names of a file, and others by their seats', () => {
    const place = { label: 'Cleveland', account: one, role: 'trainer' as const, weight: 4, proof: [] };
    const members = { format: membersFormat, root: zeroHash, members: [place] } satisfies MembersFile;
    const named = taskReport({ ...facts([]), members });
    expect(named.trainers.map(({ name }) => name)).toEqual(['Cleveland', 'trainer 2']);
    expect(storyOf(named)).toContain('Two trainers took part');
  });

  it('is a page without gas or times that nobody counted', () => {
    const page = renderReport(report);
    expect(page).toContain('median of the validators&#39; votes');
    expect(page).toContain('murmur audit --task 7');
    expect(page).not.toMatch(/NaN|undefined|gas in all|bytes a trainer/);
  });
});
