// A role's whole life: from joining to getting its stake back, one due step after the other.

import type { Hash } from 'viem';
import type { Departure, Origin, RoundEntry, TaskChain, TaskState } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { chainClock } from './chain_clock.ts';
import { type LoopSettings, loop, type Startable } from './loop.ts';

/** A role's duties. Each is called again and again while its time lasts. */
export interface Duties {
  /** Reveals the secret of its application, when seats are drawn. */
  draw?(): Promise<void>;
  /** While a key is made. */
  keying?(epoch: number): Promise<void>;
  /** While rounds run. */
  round?(entry: RoundEntry, signal: AbortSignal): Promise<void>;
  /** When the task is over, until it resolves to true. */
  over?(): Promise<boolean>;
}

/** A role and its pace. */
export interface RoleSettings extends LoopSettings {
  readonly chain: TaskChain;
  readonly duties: Duties;
  /**
   * Seconds that this role leaves it to others to push the state machine on after a deadline; 0: it pushes as
   * soon as it may.
   */
  readonly patience: number;
  /** Asked where the task's post is found in a block, once for each: throws where it is another task. */
  checkTask?(found: Origin): Promise<void>;
  /** Hears of each member that leaves before the task starts. */
  onDeparture?(departure: Departure): void;
  /** Hears of each round that is closed. */
  onClosed?(round: RoundEntry): void;
  onOver?(): void;
}

/**
 * Milliseconds after which a role looks again even if no block has come: content may have, or a deadline may have
 * passed.
 */
export const idle = 1500;

/** A role as a service: it follows its task until that is over. */
export function createRole(settings: RoleSettings): Startable {
  const { chain, duties, patience, checkTask, onDeparture, onClosed, onOver } = settings;
  let over = false;
  let seen = 0n;
  let posted = false;
  let checked: Hash | undefined;
  const departed = new Set<string>();
  const closed = new Set<number>();
  const now = chainClock(() => chain.time());

  /**
   * Pushes the state machine on where its deadline has passed long enough, or at once if the role has no
   * patience.
   */
  async function push({ status, deadline: ofTask }: TaskState): Promise<void> {
    if (patience > 0) {
      const deadline = status === 'running' ? (await chain.stage()).deadline : ofTask;
      if ((await now()) - deadline <= BigInt(patience)) return;
    }
    await chain.advance();
  }

  const step = async (signal: AbortSignal) => {
    if (over) return;
    await chain.refresh();
    seen = chain.height;
    const { origin } = chain.journal;
    if (checkTask && origin && origin.hash !== checked) {
      await checkTask(origin);
      checked = origin.hash;
    }
    for (const departure of chain.journal.departures) {
      const { account, block } = departure;
      // The journal is read anew after a reorganisation.
      if (departed.has(`${account}/${block}`)) continue;
      departed.add(`${account}/${block}`);
      onDeparture?.(departure);
    }
    for (const round of chain.journal.rounds) {
      if (round.phase !== 'closed' || closed.has(round.number)) continue;
      closed.add(round.number);
      onClosed?.(round);
    }
    const state = await chain.state();
    if (state.status !== 'none') posted = true;
    else if (posted)
      throw new NodeError('chain', `task ${chain.task} is not on the chain any more`, {
        mend: 'The chain was begun anew since this task was posted: its stake is gone with it.',
        prospect: 'final',
      });
    if (state.status === 'ended' || state.status === 'cancelled') {
      over = (await duties.over?.()) ?? true;
      if (over) onOver?.();
      return;
    }
    try {
      if (state.status === 'drawing') await duties.draw?.();
      if (state.status === 'keying') await duties.keying?.(state.epoch);
      const entry = chain.journal.rounds.at(-1);
      if (state.status === 'running' && entry) await duties.round?.(entry, signal);
    } finally {
      // Also when the duty fails, over what another member has sent, say: otherwise all whose duties fail
      // alike would stand still.
      if (!signal.aborted) await push(state);
    }
  };
  return loop(step, { rest: (signal) => chain.news(seen, { signal, atMost: idle }), ...settings });
}
