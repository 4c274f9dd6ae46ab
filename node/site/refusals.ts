// Refusals as a log keeps them: the first of a kind at once, those like it counted and told once a minute, and of
// many kinds at once the rest together. A stranger that knocks all day fills no disk.
import { shortened } from './entry.ts';

/** Something that was refused. */
export interface Refusal {
  /** What was asked for, or was about to leave. */
  readonly what: string;
  /** Who asked, or for whom it was. */
  readonly to: string;
  readonly why: string;
}

/** A refusal with how often it came about. */
export interface CountedRefusal extends Refusal {
  readonly times: number;
}

/** Milliseconds within which refusals alike are one entry. */
const together = 60_000;
/** Different refusals within that time. */
const mostKinds = 64;

/** Counts refusals. */
export class Refusals {
  readonly #kinds = new Map<string, { readonly refusal: Refusal; untold: number }>();
  readonly #now: () => number;
  #since: number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Enters a refusal. @returns what is to be written now. */
  enter(given: Refusal): CountedRefusal[] {
    const due = this.#now() - this.#since >= together ? this.rest() : [];
    const refusal = {
      what: shortened(given.what),
      to: shortened(given.to),
      why: shortened(given.why),
    };
    const room = this.#kinds.size < mostKinds;
    const name = JSON.stringify(refusal);
    const known = this.#kinds.get(name) ?? (room ? undefined : this.#kinds.get(others));
    if (known) {
      known.untold += 1;
      return due;
    }
    if (room) this.#kinds.set(name, { refusal, untold: 0 });
    else this.#kinds.set(others, { refusal: { what: 'much else', to: 'many', why: 'many' }, untold: 1 });
    return room ? [...due, { ...refusal, times: 1 }] : due;
  }

  /** What was counted and not written yet; counting begins anew. */
  rest(): CountedRefusal[] {
    const counted = [...this.#kinds.values()].flatMap(({ refusal, untold }) =>
      untold > 0 ? [{ ...refusal, times: untold }] : [],
    );
    this.#kinds.clear();
    this.#since = this.#now();
    return counted;
  }
}

const others = '';
