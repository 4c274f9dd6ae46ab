// Fates of a role: to die at every write and call, at one of them, or to find the disk full at each.
import type { Effect, Fate, Fates } from './mortal.ts';

/** What came about and left a role, over all of its lives. */
export interface Trace {
  /** Each thing once, in the order in which it came about first. */
  readonly effects: readonly Effect[];
  /** How often the role died. */
  readonly deaths: number;
  /** Effects that were under way when another one killed their life, and came about all the same. */
  readonly late: number;
  /** How often it found the disk full. */
  readonly full: number;
}

/** How one member is to die. */
export type Plan =
  /** Nowhere: its effects are noted. */
  | { readonly how: 'nowhere' }
  /** After each effect, and in the middle of each write. */
  | { readonly how: 'everywhere' }
  /** Once, at the effect of this number, from 0. */
  | { readonly how: 'at'; readonly point: number; readonly fate: 'dies before' | 'torn' | 'dies after' }
  /** Not at all, but each write finds the disk full once. */
  | { readonly how: 'full' };

/** A member's fates by a plan, and their trace. @param onDeath is to bring it back, on what it has left. */
export function fatesOf(
  plan: Plan,
  onDeath: (torn: Effect | undefined) => void,
): Fates & { readonly trace: Trace } {
  const known = new Map<string, Effect>();
  /** Effects before which this member was stopped, by how many had come about by then. */
  const stopped = new Set<number>();
  let [deaths, late, full] = [0, 0, 0];

  const isWrite = ({ kind }: Effect) => kind === 'write' || kind === 'put';
  function fateOf(effect: Effect): Fate {
    if (plan.how === 'nowhere' || known.has(idOf(effect))) return 'lives';
    const point = known.size;
    if (plan.how === 'at') {
      if (point !== plan.point || stopped.has(point)) return 'lives';
      stopped.add(point);
      return plan.fate === 'torn' && !isWrite(effect) ? 'dies before' : plan.fate;
    }
    const first = isWrite(effect) && !stopped.has(point);
    if (first) stopped.add(point);
    if (plan.how === 'full') return first ? 'full' : 'lives';
    return first ? 'torn' : 'dies after';
  }

  return {
    of(effect) {
      const fate = fateOf(effect);
      if (fate === 'full') full += 1;
      return fate;
    },
    done(effect, dead) {
      if (dead && !known.has(idOf(effect))) late += 1;
      known.set(idOf(effect), effect);
    },
    died(torn) {
      deaths += 1;
      onDeath(torn);
    },
    get trace() {
      return { effects: [...known.values()], deaths, late, full };
    },
  };
}

/** Addresses of peers are others in each life, and are one effect. */
const idOf = ({ kind, name, digest }: Effect): string =>
  isAddress({ kind, name }) ? `${kind}/${name}` : `${kind}/${name}/${digest}`;

/** Whether an effect makes a peer's addresses known. */
export const isAddress = ({ kind, name }: Pick<Effect, 'kind' | 'name'>): boolean =>
  (kind === 'put' && name === 'address') || (kind === 'call' && name.startsWith('announce/peer'));
