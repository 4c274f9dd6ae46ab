// What counts as a scenario that came to what it promises.
import { expect, it } from 'vitest';
import { completeReport, type ReportInput } from '../../node/report/index.ts';
import { cameTo } from './scenario.ts';

const trainer = {
  name: 'one',
  kind: 'plain',
  stakeStart: 100,
  stakeEnd: 100,
  strikes: 0,
  ejected: false,
  reward: 2,
};
const round = (of: number, accuracy: number): ReportInput['rounds'][number] => ({
  round: of,
  accepted: true,
  accuracy,
  density: 0.05,
  proofs: { update: { count: 4 } },
  gas: {},
  trainers: [{ stake: 100, strikes: 0, struck: false, reward: 1 }],
});
const input: ReportInput = {
  kind: 'federation',
  title: 'Digits',
  created: '2026-11-27T12:00:00.000Z',
  config: {},
  rounds: [round(1, 0.4), round(2, 0.9)],
  trainers: [trainer],
  model: { parameters: 100, digest: 'ab'.repeat(32) },
};

it('a line tells accuracy, rounds, rewards and proofs', () => {
  expect(cameTo(completeReport(input))).toBe(
    '90.0 % right, 2 of 2 rounds accepted, 2.0 tokens of rewards paid, 8 proofs',
  );
});

const never = input.rounds.map((each) => ({ ...each, accepted: false }));
const unjudged = input.rounds.map(({ accuracy: _, ...each }) => each);
it.each<[string, Partial<ReportInput>]>([
  ['no round was accepted', { rounds: never }],
  ['nobody was paid', { trainers: [{ ...trainer, reward: 0 }] }],
  ['an honest trainer was ejected', { trainers: [{ ...trainer, ejected: true }] }],
  ['the model was not judged', { rounds: unjudged }],
  ['the model is worse than after its first round', { rounds: [round(1, 0.9), round(2, 0.4)] }],
  ['what comes after the training did not: no borrower', { unfinished: 'no borrower' }],
])('%s', (fault, changes) => {
  expect(() => cameTo(completeReport({ ...input, ...changes }))).toThrow(fault);
});

it('sites are judged by the area under their curve, and may lose a row of accuracy', () => {
  const rounds = [round(1, 0.8), round(2, 0.79)];
  const score = (auc: number) => ({ logLoss: 0.5, auc, accuracy: 0.79, calibration: 0.1 });
  const scores = (federated: number) => ({
    own: score(0.7),
    federated: score(federated),
    bias: score(federated),
    half: score(federated),
    blend: score(federated),
    pooled: score(0.9),
    pooledBias: score(0.9),
  });
  const of = (auc: number): ReportInput => ({
    ...input,
    rounds,
    comparison: {
      word: 'hospital',
      sites: [
        {
          name: 'North',
          rows: { train: 100, holdout: 10, test: 40 },
          weight: 4,
          bias: 0,
          share: 0.5,
          scores: scores(auc),
          everywhere: score(0.7),
        },
      ],
      all: scores(auc),
    },
  });
  expect(cameTo(completeReport(of(0.85)))).toContain('North 0.500 alone, 0.500 joined');
  expect(() => cameTo(completeReport(of(0.55)))).toThrow('the sites learnt nothing together');
});
