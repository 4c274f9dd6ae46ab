// What the replay says of a transaction's events, entered into the checks, and whom the rules find at fault
// by them.
import { faults } from '@murmuration/contracts';
import type { Hash } from 'viem';
import type { Checks } from './checks.ts';
import type { CheckKind } from './kinds.ts';
import type { EventName } from './replay/events.ts';
import { describe, type Replayed, type ReplayedEvent } from './replay/replay.ts';

const kindsByEvent: Partial<Record<EventName, CheckKind>> = {
  TaskPosted: 'task',
  TaskToppedUp: 'task',
  StageEntered: 'task',
  TaskStarted: 'task',
  TaskCancelled: 'task',
  TaskEnded: 'task',
  Joined: 'membership',
  Left: 'membership',
  EntropySealed: 'membership',
  SecretRevealed: 'membership',
  CommitteeSet: 'membership',
  KeysRegistered: 'registration',
  Dealt: 'key',
  Rejected: 'key',
  KeyConfirmed: 'key',
  SupportProposed: 'proposal',
  ExclusionVoted: 'exclusion',
  Excluded: 'exclusion',
  Drawn: 'exclusion',
  LeftOut: 'exclusion',
  VoteCommitted: 'vote',
  VoteRevealed: 'vote',
  Abstained: 'vote',
  Tallied: 'vote',
  AlignmentProven: 'settlement',
  AlignmentRejected: 'settlement',
  TrainerSettled: 'settlement',
  RoundSettled: 'settlement',
  Funded: 'money',
  Credited: 'money',
  Pledged: 'money',
  Released: 'money',
  HeldBurnt: 'money',
  Slashed: 'money',
  Penalised: 'money',
  DisputeFiled: 'dispute',
  DisputeExecuted: 'dispute',
  DisputeOverturned: 'dispute',
  Posted: 'announcement',
};

const kindOf = (name: EventName): CheckKind => kindsByEvent[name] ?? 'round';

/** Enters what a transaction came to. @param round that runs. */
export function enterReplayed(
  checks: Checks,
  { events, missing }: Replayed,
  { hash: artifact, round }: { readonly hash: Hash; readonly round: number },
): void {
  for (const { event, verdict, reason = '' } of events) {
    const kind = kindOf(event.eventName);
    const about = { kind, subject: `${event.eventName} ${describe(event.args)}`, round, artifact } as const;
    if (verdict === 'holds') checks.pass(kind);
    else if (verdict === 'differs') checks.fail(about, reason);
    else checks.leave(about, reason);
  }
  for (const { eventName, args } of missing) {
    const about = {
      kind: kindOf(eventName),
      subject: `${eventName} ${describe(args)}`,
      round,
      artifact,
    } as const;
    checks.fail(about, 'the rules give this event, and the chain does not have it');
  }
  nameFaults(checks, events, artifact);
}

/**
 * Faults that the rules themselves find; those that rest on proofs or content are named where these are
 * checked.
 */
function nameFaults(checks: Checks, events: readonly ReplayedEvent[], shownBy: Hash): void {
  for (const [at, { event, verdict }] of events.entries()) {
    if (verdict !== 'holds') continue;
    const next = events[at + 1]?.event;
    if (event.eventName === 'Penalised') {
      const { account } = event.args;
      const fault = faults[event.args.fault];
      const of = { account, round: Number(event.args.round), shownBy };
      if (fault === 'no-show')
        checks.name({ ...of, what: 'missed-duty', text: 'did not do in time what its seat asks for' });
      if (fault === 'outlier')
        checks.name({
          ...of,
          what: 'vote-off-majority',
          text: "voted for another model or references than most of the validators' stake, or an accuracy far from the median",
        });
    }
    const isSlashed = next?.eventName === 'Slashed' && event.eventName === 'Left';
    if (isSlashed && next.args.account === event.args.account)
      checks.name({
        account: event.args.account,
        round: 0,
        what: 'missed-start',
        text: 'did not do before the start what its application asked for, or kept the common key from being made',
        shownBy,
      });
  }
}
