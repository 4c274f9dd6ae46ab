// Members that die where a plan says, and what they have put into the store meanwhile.
import { isAddress } from '../fates.ts';
import type { Effect, Fates } from '../mortal.ts';
import type { Kill } from './plan.ts';

/** A member's deaths. What it notes is bounded by what it puts into the store. */
export interface Mortality extends Fates {
  /** Has it die at its next effect. */
  arm(kill: Kill): void;
  /** Digests of what it has put into the store, addresses of its peer apart: each life has another. */
  readonly shown: ReadonlySet<string>;
  /** What it was about to die of, and has not met yet. */
  readonly armed: readonly Kill[];
}

/** @param onDeath hears of which kill it was, at which effect, and what is torn. */
export function mortality(onDeath: (kill: Kill, at: Effect, torn: Effect | undefined) => void): Mortality {
  const shown = new Set<string>();
  const armed: Kill[] = [];
  let dying: { readonly kill: Kill; readonly at: Effect } | undefined;
  return {
    shown,
    armed,
    arm: (kill) => void armed.push(kill),
    of(effect) {
      const kill = armed.shift();
      if (!kill) return 'lives';
      dying = { kill, at: effect };
      const isWrite = effect.kind === 'write' || effect.kind === 'put';
      return kill.fate === 'torn' && !isWrite ? 'dies before' : kill.fate;
    },
    done(effect) {
      if (effect.kind === 'put' && !isAddress(effect)) shown.add(effect.digest);
    },
    died(torn) {
      if (!dying) return;
      onDeath(dying.kill, dying.at, torn);
      dying = undefined;
    },
  };
}
