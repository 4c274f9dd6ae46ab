// Enters logs into a task's journal, one after the other as the chain has them.
import {
  bulletinAbi,
  disputesAbi,
  faults,
  keyRegistryAbi,
  marketplaceAbi,
  outcomes,
  phases,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  standings,
  taskStatuses,
  validationAbi,
  verdicts,
} from '@murmuration/contracts';
import { type Address, type Hex, type Log, parseEventLogs } from 'viem';
import { basisOfOpening, basisOfProposal, basisOfProvenSum, subjectOf, topicOf } from '../protocol/index.ts';
import { keepPost, openEpochTopics, openRoundTopics } from './bulletin.ts';
import {
  type DisputeStatus,
  type Draft,
  isRejected,
  type Journal,
  type RoundEntry,
  rejectionName,
} from './journal.ts';

/** The contracts whose logs make a task's journal. */
export const journalAbi = [
  ...bulletinAbi,
  ...disputesAbi,
  ...keyRegistryAbi,
  ...marketplaceAbi,
  ...roundsAbi,
  ...settlementAbi,
  ...stakeVaultAbi,
  ...validationAbi,
] as const;

/**
 * Enters logs, which come in the order of the chain, into journals.
 *
 * @param journalsOf those that a log belongs to, by its task; a log that names no task may belong to any.
 */
export function enterLogs(
  journalsOf: (task: bigint | undefined, event: JournalEvent) => Iterable<Draft<Journal>>,
  logs: Log[],
): void {
  for (const event of parseEventLogs({ abi: journalAbi, logs })) {
    // What becomes of a dispute is told by its id alone.
    const task = 'task' in event.args ? event.args.task : undefined;
    for (const journal of journalsOf(task, event)) enter(journal, event);
  }
}

/** A log of a deployment's contracts. */
export type JournalEvent = ReturnType<typeof parseEventLogs<typeof journalAbi>>[number];

function enter(journal: Draft<Journal>, event: JournalEvent): void {
  const round = (number: bigint): Draft<RoundEntry> =>
    journal.rounds.find((entry) => entry.number === Number(number))!;
  const add = (map: Map<Address, bigint>, account: Address, amount: bigint) =>
    map.set(account, (map.get(account) ?? 0n) + amount);
  switch (event.eventName) {
    case 'TaskPosted':
      journal.origin = { block: event.blockNumber, hash: event.blockHash };
      break;
    case 'StageEntered':
      journal.status = taskStatuses[event.args.status]!;
      break;
    case 'Left': {
      const { account } = event.args;
      const epoch = Math.max(0, ...journal.epochs.keys());
      const rejected = isRejected(journal, epoch, account);
      const { status } = journal;
      journal.departures.push({ account, status, epoch, slashed: 0n, rejected, block: event.blockNumber });
      break;
    }
    case 'SecretRevealed':
      journal.revealed.add(event.args.account);
      break;
    case 'CommitteeSet': {
      const { epoch, trainers, validators } = event.args;
      journal.epochs.set(Number(epoch), {
        trainers: [...trainers],
        validators: [...validators],
        keys: new Map(),
        confirmed: new Map(),
      });
      openEpochTopics(journal, Number(epoch));
      break;
    }
    case 'KeysRegistered': {
      const { epoch, account, peer, sealingKey, keyShare } = event.args;
      journal.epochs.get(Number(epoch))?.keys.set(account, { peer, sealingKey, keyShare });
      break;
    }
    case 'KeyConfirmed':
      journal.epochs
        .get(Number(event.args.epoch))
        ?.confirmed.set(event.args.account, event.args.collectiveKey);
      break;
    case 'Dealt': {
      const { epoch, account: sender, digest } = event.args;
      const topic = topicOf('sealed-shares', Number(epoch));
      journal.announcements.push({ sender, topic, digest, block: event.blockNumber });
      break;
    }
    case 'Rejected':
      journal.rejections.add(rejectionName(event.args));
      break;
    case 'TaskStarted':
      journal.collectiveKey = event.args.collectiveKey;
      break;
    case 'Posted': {
      const { sender, topic, digest } = event.args;
      keepPost(journal, { sender, topic, digest, block: event.blockNumber });
      break;
    }
    case 'RoundOpened':
      journal.rounds.push(openedRound(journal, event.args));
      openRoundTopics(journal, Number(event.args.round));
      break;
    case 'PhaseEntered':
      Object.assign(round(event.args.round), {
        phase: phases[event.args.phase],
        deadline: event.args.deadline,
      });
      break;
    case 'SupportProposed': {
      const { proposer, digest } = event.args;
      const entry = round(event.args.round);
      entry.proposals.push({ proposer, digest });
      entry.basis = basisOfProposal(entry.basis, proposer, digest);
      entry.voteBasis = entry.basis;
      break;
    }
    case 'Submitted': {
      const { sender, weight, commitments, digests } = event.args;
      const sum = Number(event.args.sum);
      round(event.args.round).submitted[subjectOf(sum)].push({
        sender,
        sum,
        weight: Number(weight),
        commitments: [...commitments],
        digests: [...digests],
      });
      break;
    }
    case 'LeftOut': {
      const entry = round(event.args.round);
      const { update } = entry.submitted;
      entry.submitted.update = update.filter(({ sender }) => sender !== event.args.account);
      entry.leftOut.push(event.args.account);
      break;
    }
    case 'Excluded': {
      const entry = round(event.args.round);
      const subject = subjectOf(Number(event.args.sum));
      entry.submitted[subject] = entry.submitted[subject].filter(
        ({ sender }) => sender !== event.args.account,
      );
      entry.excluded.push(event.args.account);
      break;
    }
    case 'SubmissionRejected':
      round(event.args.round).rejected.push({
        sender: event.args.sender,
        subject: subjectOf(Number(event.args.sum)),
      });
      break;
    case 'SumProven': {
      const { prover, digests, h } = event.args;
      const entry = round(event.args.round);
      const sum = Number(event.args.sum);
      entry.sums.set(sum, { prover, digests: [...digests], h: [...h] });
      entry.voteBasis = basisOfProvenSum(entry.voteBasis, sum, digests);
      break;
    }
    case 'SumRejected':
      round(event.args.round).rejectedSums.push(event.args.prover);
      break;
    case 'VoteRevealed': {
      const { validator, judgement } = event.args;
      const { model, references, quality, qualityBefore: before } = judgement;
      round(event.args.round).votes.push({ validator, model, references, quality, before });
      break;
    }
    case 'Abstained':
      round(event.args.round).abstained.push(event.args.validator);
      break;
    case 'Tallied':
      round(event.args.round).tally = { quality: Number(event.args.quality), gain: Number(event.args.gain) };
      break;
    case 'RoundSettled':
      round(event.args.round).medians = event.args.medians.map(Number);
      break;
    case 'TrainerSettled': {
      const { trainer, seen, verdict, level, reward } = event.args;
      round(event.args.round).settled.push({
        trainer,
        seen: Number(seen),
        verdict: verdicts[verdict]!,
        struck: Number(level) > levelOf(journal, trainer),
        level: Number(level),
        reward,
      });
      break;
    }
    case 'Penalised': {
      const { account, fault, amount } = event.args;
      round(event.args.round)?.penalties.push({ account, fault: faults[fault]!, amount });
      break;
    }
    case 'RoundClosed':
      Object.assign(round(event.args.round), {
        outcome: outcomes[event.args.outcome],
        modelAfter: event.args.model,
        phase: 'closed',
      });
      break;
    case 'StandingChanged':
      if (standings[event.args.standing] === 'ejected') journal.ejected.add(event.args.account);
      break;
    case 'DisputeFiled': {
      const { dispute: id, round: number, culprit, fault, evidence, appealEnds } = event.args;
      const filed = { id, round: Number(number), culprit, fault, evidence, appealEnds };
      journal.disputes.set(id, { ...filed, status: 'pending' });
      break;
    }
    case 'DisputeExecuted':
      setStatus(journal, event.args.dispute, 'executed');
      break;
    case 'DisputeOverturned':
      setStatus(journal, event.args.dispute, 'overturned');
      break;
    case 'Credited':
      add(journal.credits, event.args.account, event.args.amount);
      break;
    case 'HeldBurnt':
    case 'Slashed': {
      const { account, amount } = event.args;
      add(journal.slashed, account, amount);
      // The vault slashes in the transaction that removed the account.
      const { blockNumber } = event;
      const left = journal.departures.findLast((one) => one.account === account && one.block === blockNumber);
      if (left) left.slashed += amount;
      break;
    }
  }
}

/** Sets where a dispute stands; one of another task is not in this journal. */
function setStatus({ disputes }: Draft<Journal>, id: Hex, status: DisputeStatus): void {
  const dispute = disputes.get(id);
  if (dispute) dispute.status = status;
}

/** The level of a trainer after the last round that settled it. */
const levelOf = ({ rounds }: Draft<Journal>, account: Address): number =>
  rounds.flatMap(({ settled }) => settled).findLast(({ trainer }) => trainer === account)?.level ?? 0;

function openedRound(
  journal: Draft<Journal>,
  opened: { round: bigint; model: Hex; scale: bigint; leader: Address },
): Draft<RoundEntry> {
  const { round, model, scale, leader } = opened;
  const opening = basisOfOpening(journal.rounds.at(-1)?.voteBasis ?? journal.collectiveKey!, model, scale);
  return {
    number: Number(round),
    index: journal.rounds.length,
    model,
    scale,
    leader,
    opening,
    basis: opening,
    voteBasis: opening,
    phase: 'none',
    deadline: 0n,
    proposals: [],
    submitted: { update: [], probe: [] },
    excluded: [],
    leftOut: [],
    rejected: [],
    sums: new Map(),
    rejectedSums: [],
    votes: [],
    abstained: [],
    tally: undefined,
    medians: undefined,
    settled: [],
    penalties: [],
    outcome: 'pending',
    modelAfter: undefined,
  };
}
