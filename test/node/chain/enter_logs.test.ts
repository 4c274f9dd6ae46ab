// What each log of the contracts leaves in a task's journal: the whole of it, after the whole life of a task.
import { faults, outcomes, phases, standings, taskStatuses, verdicts } from '@murmuration/contracts';
import type { Hex } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyJournal, enterLogs, type Journal } from '../../../node/chain/index.ts';
import { topicOf } from '../../../node/protocol/index.ts';
import { logOf } from './log_of.ts';

const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
/** Accounts, of digits alone: a checksum changes no digit. */
const [a, b, c, v, stranger] = [1, 2, 3, 4, 5].map((n): Hex => `0x${String(n).repeat(40)}`) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
];
const dispute = word(0xd1);
const another = word(0xd2);

/** Enters logs into a journal, each in the block that is given. */
function journalOf(
  ...logs: readonly (readonly [name: string, args: Record<string, unknown>, block?: bigint])[]
) {
  const journal = emptyJournal();
  for (const [name, args, block] of logs)
    enterLogs(() => [journal], [logOf(name, { task: 1n, round: 1n, epoch: 1n, ...args }, block)]);
  return journal as Journal;
}

const stage = (status: (typeof taskStatuses)[number]) =>
  ['StageEntered', { status: taskStatuses.indexOf(status), deadline: 9n }] as const;
const committee = (epoch: bigint) => ['CommitteeSet', { epoch, trainers: [a, b], validators: [v] }] as const;
const submitted = (sender: Hex, sum: bigint, weight: bigint) =>
  [
    'Submitted',
    { sender, sum, weight, commitments: [{ x: 1n, y: 2n }], h: [3n], digests: [word(Number(weight))] },
  ] as const;
const accepted = (sender: Hex, sum: number, weight: number) => ({
  sender,
  sum,
  weight,
  commitments: [{ x: 1n, y: 2n }],
  digests: [word(weight)],
});

describe('before a task starts', () => {
  it('a task has its post, its stage and the applicants that showed their secret', () => {
    const journal = journalOf(stage('drawing'), ['SecretRevealed', { account: a, secret: word(1) }]);
    expect(journal.status).toBe('drawing');
    expect([...journal.revealed]).toEqual([a]);
    expect(journal.origin).toBeUndefined();
  });

  it('an epoch has its committee, their keys, and what each confirmed', () => {
    const keys = { peer: '0x01', sealingKey: word(2), keyShare: word(3) };
    const { epochs, announcements, rejections, collectiveKey } = journalOf(
      committee(1n),
      committee(2n),
      ['KeysRegistered', { epoch: 2n, account: a, ...keys }],
      ['KeysRegistered', { epoch: 3n, account: b, ...keys }],
      ['KeyConfirmed', { epoch: 2n, account: a, collectiveKey: word(4) }],
      ['KeyConfirmed', { epoch: 3n, account: b, collectiveKey: word(4) }],
      ['Dealt', { epoch: 2n, account: b, digest: word(5) }, 7n],
      ['Rejected', { epoch: 2n, trainer: b, validator: v }],
      ['TaskStarted', { epoch: 2n, collectiveKey: word(4) }],
    );
    const of = { trainers: [a, b], validators: [v] };
    expect(epochs).toEqual(
      new Map([
        [1, { ...of, keys: new Map(), confirmed: new Map() }],
        [2, { ...of, keys: new Map([[a, keys]]), confirmed: new Map([[a, word(4)]]) }],
      ]),
    );
    expect(announcements).toEqual([
      { sender: b, topic: topicOf('sealed-shares', 2), digest: word(5), block: 7n },
    ]);
    expect([...rejections]).toEqual([`2/${b}/${v}`]);
    expect(collectiveKey).toBe(word(4));
  });

  it('who leaves has a reason: the stage, the epoch, votes, and what was slashed in the same block', () => {
    const slashed = (account: Hex) =>
      ['Slashed', { account, amount: 5n, reporter: c, toReporter: 1n }] as const;
    const { departures, slashed: all } = journalOf(
      ['Left', { account: c }, 1n],
      stage('keying'),
      committee(1n),
      committee(2n),
      ['Rejected', { epoch: 1n, trainer: a, validator: v }],
      ['Rejected', { epoch: 2n, trainer: b, validator: v }],
      ['Left', { account: a }, 2n],
      ['Left', { account: b }, 2n],
      [...slashed(b), 2n],
      [...slashed(b), 2n],
      // In another block, and of an account that stays: neither has to do with who left.
      [...slashed(a), 3n],
      [...slashed(v), 2n],
      ['HeldBurnt', { account: c, amount: 7n }, 4n],
    );
    expect(departures).toEqual([
      { account: c, status: 'open', epoch: 0, slashed: 0n, rejected: false, block: 1n },
      { account: a, status: 'keying', epoch: 2, slashed: 0n, rejected: false, block: 2n },
      { account: b, status: 'keying', epoch: 2, slashed: 10n, rejected: true, block: 2n },
    ]);
    expect([...all]).toEqual([
      [b, 10n],
      [a, 5n],
      [v, 5n],
      [c, 7n],
    ]);
  });
});

describe('a round', () => {
  let journal: Journal;
  beforeAll(() => {
    const settled = (trainer: Hex, level: bigint, round = 1n) =>
      [
        'TrainerSettled',
        { round, trainer, seen: -64n, weight: 2n, verdict: verdicts.indexOf('struck'), level, reward: 8n },
      ] as const;
    const opened = (round: bigint) =>
      ['RoundOpened', { round, model: word(2), scale: 6n, leader: a }] as const;
    const judgement = { model: word(3), references: word(4), quality: 80, qualityBefore: 70 };
    journal = journalOf(
      ['TaskStarted', { collectiveKey: word(1) }],
      committee(1n),
      opened(1n),
      ['PhaseEntered', { phase: phases.indexOf('submit'), deadline: 99n }],
      ['SupportProposed', { proposer: b, digest: word(7) }],
      submitted(a, 0n, 1n),
      submitted(b, 0n, 2n),
      submitted(c, 0n, 3n),
      submitted(a, 1n, 1n),
      submitted(b, 1n, 1n),
      ['LeftOut', { account: a }],
      ['Excluded', { account: b, sum: 0n }],
      ['Excluded', { account: a, sum: 1n }],
      ['SubmissionRejected', { sender: c, sum: 0n }],
      ['SubmissionRejected', { sender: c, sum: 1n }],
      ['SumRejected', { prover: stranger, sum: 0n }],
      ['SumProven', { prover: v, sum: 1n, digests: [word(8)], h: [5n] }],
      ['VoteRevealed', { validator: v, judgement }],
      ['Abstained', { validator: c }],
      ['Tallied', { verdict: 1, model: word(3), references: word(4), quality: 80n, gain: -10n }],
      ['RoundSettled', { medians: [-3n, 4n], paid: 1n, nextScale: 6n }],
      settled(a, 1n),
      settled(b, 0n),
      ['Penalised', { account: b, fault: faults.indexOf('outlier'), amount: 3n }],
      // Of a round that the journal does not have: before the first, say.
      ['Penalised', { round: 0n, account: b, fault: faults.indexOf('no-show'), amount: 3n }],
      ['RoundClosed', { outcome: outcomes.indexOf('accepted'), model: word(3), scale: 6n }],
      opened(3n),
      settled(a, 1n, 3n),
      settled(b, 1n, 3n),
    );
  });

  it('is numbered as on the chain, and counted by those that there were', () => {
    expect(journal.rounds.map(({ number, index, phase }) => [number, index, phase])).toEqual([
      [1, 0, 'closed'],
      [3, 1, 'none'],
    ]);
  });
  it('has its model, scale, leader and deadline', () => {
    expect(journal.rounds[0]).toMatchObject({ model: word(2), scale: 6n, leader: a, deadline: 99n });
    expect(journal.rounds[1]).toMatchObject({ deadline: 0n, tally: undefined, outcome: 'pending' });
  });
  it('has what was accepted, less who was excluded from that sum or left out', () => {
    const [{ submitted, leftOut, excluded, rejected, proposals }] = journal.rounds as [
      Journal['rounds'][number],
    ];
    expect(proposals).toEqual([{ proposer: b, digest: word(7) }]);
    expect(submitted).toEqual({ update: [accepted(c, 0, 3)], probe: [accepted(b, 1, 1)] });
    expect(leftOut).toEqual([a]);
    expect(excluded).toEqual([b, a]);
    expect(rejected).toEqual([
      { sender: c, subject: 'update' },
      { sender: c, subject: 'probe' },
    ]);
  });
  it('has its sums, votes and tally', () => {
    const [{ sums, rejectedSums, votes, abstained, tally, medians }] = journal.rounds as [
      Journal['rounds'][number],
    ];
    expect([...sums]).toEqual([[1, { prover: v, digests: [word(8)], h: [5n] }]]);
    expect(rejectedSums).toEqual([stranger]);
    expect(votes).toEqual([{ validator: v, model: word(3), references: word(4), quality: 80, before: 70 }]);
    expect(abstained).toEqual([c]);
    expect(tally).toEqual({ quality: 80, gain: -10 });
    expect(medians).toEqual([-3, 4]);
  });
  it('has what each trainer got, struck where its level rose', () => {
    const result = { seen: -64, verdict: 'struck', reward: 8n };
    expect(journal.rounds.map(({ settled }) => settled)).toEqual([
      [
        { trainer: a, ...result, struck: true, level: 1 },
        { trainer: b, ...result, struck: false, level: 0 },
      ],
      [
        { trainer: a, ...result, struck: false, level: 1 },
        { trainer: b, ...result, struck: true, level: 1 },
      ],
    ]);
  });
  it('has its penalties, its outcome and the model after it', () => {
    const [{ penalties, outcome, modelAfter }] = journal.rounds as [Journal['rounds'][number]];
    expect(penalties).toEqual([{ account: b, fault: 'outlier', amount: 3n }]);
    expect([outcome, modelAfter]).toEqual(['accepted', word(3)]);
  });
});

describe('a task', () => {
  const filed = (id: Hex, culprit: Hex) =>
    ['DisputeFiled', { dispute: id, culprit, fault: 2, evidence: word(9), appealEnds: 50n }] as const;

  it('has its disputes, and where each stands', () => {
    const entry = { round: 1, fault: 2, evidence: word(9), appealEnds: 50n };
    const pending = journalOf(filed(dispute, a), filed(another, b));
    expect([...pending.disputes.values()]).toEqual([
      { id: dispute, culprit: a, ...entry, status: 'pending' },
      { id: another, culprit: b, ...entry, status: 'pending' },
    ]);
    const ended = journalOf(
      filed(dispute, a),
      filed(another, b),
      ['DisputeExecuted', { dispute, culprit: a }],
      ['DisputeOverturned', { dispute: another, culprit: b }],
      ['DisputeExecuted', { dispute: word(0xd3), culprit: c }],
    );
    expect([...ended.disputes.values()].map(({ status }) => status)).toEqual(['executed', 'overturned']);
  });

  it('has credits in sum, and the ejected alone among all whose standing changed', () => {
    const changed = (account: Hex, standing: (typeof standings)[number]) =>
      ['StandingChanged', { account, standing: standings.indexOf(standing) }] as const;
    const journal = journalOf(
      ['Credited', { account: a, amount: 2n }],
      ['Credited', { account: b, amount: 3n }],
      ['Credited', { account: a, amount: 4n }],
      changed(a, 'ejected'),
      changed(b, 'suspended'),
    );
    expect([...journal.credits]).toEqual([
      [a, 6n],
      [b, 3n],
    ]);
    expect([...journal.ejected]).toEqual([a]);
  });

  it('keeps posts of members under topics of its epochs and rounds', () => {
    const posted = (sender: Hex, topic: Hex) => ['Posted', { sender, topic, digest: word(6) }, 8n] as const;
    const decryption = topicOf('decryption', 1);
    const journal = journalOf(
      committee(1n),
      ['TaskStarted', { collectiveKey: word(1) }],
      posted(a, decryption),
      ['RoundOpened', { model: word(2), scale: 6n, leader: a }],
      posted(a, decryption),
      posted(v, topicOf('self-test', 1)),
      posted(stranger, decryption),
    );
    expect(journal.announcements).toEqual([
      { sender: a, topic: decryption, digest: word(6), block: 8n },
      { sender: v, topic: topicOf('self-test', 1), digest: word(6), block: 8n },
    ]);
  });

  it('gives each log to the journals of its task; one that names no task may belong to any', () => {
    const asked: unknown[] = [];
    const of = (task: unknown) => {
      asked.push(task);
      return [];
    };
    enterLogs(of, [
      logOf('Abstained', { task: 3n, round: 1n, validator: v }),
      logOf('DisputeExecuted', { dispute, culprit: a }),
    ]);
    expect(asked).toEqual([3n, undefined]);
  });
});
