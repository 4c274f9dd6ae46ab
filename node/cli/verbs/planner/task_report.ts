// A task as a report: what its chain and description tell, in the form of a local federation's.
import type { Address } from 'viem';
import type { Journal, PostedTask, RoundEntry } from '../../../chain/index.ts';
import { type ModelLayout, supportShape, type TaskDescription } from '../../../learn/index.ts';
import { standingOf } from '../../../ledger/index.ts';
import { figureUnit, noScore, wholeTokens } from '../../../protocol/index.ts';
import { completeReport, type Report, type ReportRound } from '../../../report/index.ts';
import { labelsOf, type MembersFile } from '../../files/members.ts';

/** What a report is made of. */
export interface TaskFacts {
  readonly posted: PostedTask;
  readonly journal: Journal;
  readonly description: TaskDescription;
  readonly layout: ModelLayout;
  /** Stake that each trainer pledged to the task, in the token's smallest unit. */
  readonly pledged: ReadonlyMap<Address, bigint>;
  /** Who is called what; others by their seats. */
  readonly members?: MembersFile | undefined;
  /** When it is made, ISO 8601. */
  readonly created: string;
}

/** The report of a task, up to the last round that has ended. */
export function taskReport(facts: TaskFacts): Report {
  const { posted, journal, description, layout, members, created } = facts;
  const labels = labelsOf(members);
  const { task, planner, status, parameters } = posted;
  const done = journal.rounds.filter(({ outcome }) => outcome !== 'pending');
  const seats = trainersOf(facts);
  return completeReport({
    kind: 'task',
    title: `Task ${task}: ${description.name}`.slice(0, 200),
    created,
    config: {
      status,
      planner,
      rounds: parameters.rounds,
      preset: description.preset,
      chunks: parameters.chunks,
      'trainers needed to decrypt': parameters.threshold,
      validators: posted.validators.length,
      'checked by': `murmur audit --task ${task} --out audit-${task}`,
    },
    rounds: done.map((entry, at) => roundOf(facts, entry, done.slice(0, at + 1))),
    trainers: seats.map((account, at) => {
      const { stake, level, reward } = standing(facts, account, done);
      return {
        name: labels.get(account) ?? `trainer ${at + 1}`,
        kind: 'trainer',
        account,
        stakeStart: wholeTokens(facts.pledged.get(account) ?? 0n),
        stakeEnd: stake,
        strikes: level,
        reward,
        ejected: journal.ejected.has(account),
      };
    }),
    model: { parameters: layout.size, digest: done.at(-1)?.modelAfter ?? parameters.model },
  });
}

/** Who has trained, in the order of joining: members of now, and those that are no more. */
function trainersOf({ posted, journal }: TaskFacts): Address[] {
  const settled = journal.rounds.flatMap((entry) => entry.settled.map(({ trainer }) => trainer));
  return [...new Set([...posted.trainers, ...settled])];
}

/** A trainer after some rounds; amounts in tokens. */
function standing(facts: TaskFacts, account: Address, upTo: readonly RoundEntry[]) {
  const { level, lost, reward } = standingOf(account, upTo, facts.posted.economics.strike);
  const pledged = facts.pledged.get(account) ?? 0n;
  return {
    // A penalty of stake that was added later is no part of the pledge.
    stake: wholeTokens(lost > pledged ? 0n : pledged - lost),
    level,
    reward: wholeTokens(reward),
  };
}

function roundOf(facts: TaskFacts, entry: RoundEntry, upTo: readonly RoundEntry[]): ReportRound {
  const { posted, description, layout } = facts;
  const { chunks } = posted.parameters;
  const { submitted, sums, settled, tally } = entry;
  const made = (count: number) => ({ count: count * chunks });
  return {
    round: entry.number,
    accepted: entry.outcome === 'accepted',
    ...(tally && { accuracy: tally.quality / 10_000 }),
    density: supportShape(description, layout, entry.index).count / layout.size,
    proofs: {
      update: made(submitted.update.length),
      probe: made(submitted.probe.length),
      aggregate: made(sums.size),
      alignment: made(settled.filter(({ seen }) => seen !== noScore).length),
    },
    gas: {},
    trainers: trainersOf(facts).map((account) => {
      const own = settled.find(({ trainer }) => trainer === account);
      const { stake, level } = standing(facts, account, upTo);
      return {
        stake,
        strikes: level,
        struck: own?.struck ?? false,
        reward: wholeTokens(own?.reward ?? 0n),
        ...(own && own.seen !== noScore && { cosine: own.seen / figureUnit }),
      };
    }),
  };
}
