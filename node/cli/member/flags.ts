// The flags that trainer, validator and prover have in common, action by action.
import { flag, saying, toggle, withShown } from '../command/flag.ts';
import * as flags from '../command/flags.ts';
import { path, whole } from '../command/rules.ts';

const { accountFlags, task, state, stake, keys, cache, confirmations, window, interval } = flags;

/** Flags of `join`. */
export const joinFlags = {
  task,
  stake,
  members: saying(flags.members, "the task's allow-list: a file of `murmur planner members`"),
  weight: withShown(flag('N', 'without --members: its weight on the allow-list', whole(1, 1023)), '1'),
  proof: flag('FILE', 'without --members: its place on the allow-list, a Merkle proof as a JSON list', path),
  acceptRisks: flags.acceptRisks,
  ...flags.programFlags,
  confirmations,
  state,
  keys,
  cache,
  ...accountFlags,
} as const;

/** Flags of `status`: no password, since it only looks. */
export const statusFlags = {
  task,
  explain: toggle('every movement of its money, in all tasks, with round, transaction and rule; the sums'),
  ...flags.lookingFlags,
} as const;

/** Flags of `leave`. */
export const leaveFlags = { task, state, ...accountFlags } as const;

/** Flags of `run`, for all roles. */
export const runFlags = {
  keys,
  cache,
  state,
  confirmations,
  window,
  interval,
  ...accountFlags,
  json: saying(flags.json, 'print one line of JSON an event'),
} as const;
