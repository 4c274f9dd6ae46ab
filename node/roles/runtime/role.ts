// A role's whole life: from joining to getting its stake back, one due step after the other.
import type { RoundEntry, TaskChain, TaskState } from '../../chain/index.ts';
import { type LoopSettings, loop, type Startable } from './loop.ts';

/** What a role does; each is called again and again while its time lasts. */
export interface Duties {
  /** Reveals the secret of its application, when seats are drawn. */
  draw?(): Promise<void>;
  keying?(epoch: number): Promise<void>;
  round?(entry: RoundEntry, signal: AbortSignal): Promise<void>;
  /** When the task is over, until it resolves to true. */
  over?(): Promise<boolean>;
}

export interface RoleSettings extends LoopSettings {
  chain: TaskChain;
  duties: Duties;
  /**
   * Whether this role pushes the state machine on as soon as it may, or leaves it to others for some seconds.
   */
  patience: number;
  onOver?(): void;
}

/** Milliseconds after which a role looks around even if no block has come. */
const idle = 1500;

/** A role as a service: it follows its task until that is over. */
export function createRole(settings: RoleSettings): Startable {
  const { chain, duties, patience, onOver } = settings;
  let over = false;
  let seen = -1n;
  let looked = 0;

  /** Pushes the state machine on where that is this role's business. */
  async function push({ status, deadline: ofTask }: TaskState): Promise<void> {
    const deadline = status === 'running' ? (await chain.stage()).deadline : ofTask;
    const late = Date.now() / 1000 - Number(deadline) > patience;
    if (patience === 0 || late) await chain.advance();
  }

  return loop(async (signal) => {
    if (over) return;
    await chain.refresh();
    // Without a new block little can be due: content that has come, or a deadline that has passed.
    if (chain.height === seen && performance.now() - looked < idle) return;
    seen = chain.height;
    looked = performance.now();
    const state = await chain.state();
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
      // Also when its duty fails, for what another has sent, say: or all whom that concerns would stand
      // still.
      if (!signal.aborted) await push(state);
    }
  }, settings);
}
