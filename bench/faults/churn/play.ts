// Plays a long run with churn: its tasks one after the other, in this process, on one chain; each line of its record is
// written when it is known.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { createClosers } from '../../../node/local/closers.ts';
import { heldNow } from '../sample.ts';
import { auditOf } from './audit.ts';
import { readBooks } from './books.ts';
import { halvesAfterAnHour, type LongGround, openGround, stateOf } from './ground.ts';
import { halves, leftInState, leftInStore } from './left_over.ts';
import { type Length, type TaskPlan, tasksOf } from './plan.ts';
import { beginRecord, type Line } from './record.ts';
import { playTask } from './task.ts';

/** Where a run is played. */
export interface LongRun extends Length {
  /** Its record, line by line. */
  readonly file: string;
  readonly cacheFolder: string;
  /** Hears of each line. */
  readonly say: (line: Line) => void;
}

/**
 * Plays it. An interrupt lets it end after the task that is on, with everything that is looked at in the end.
 * @throws where a member does not come back, or the chain is gone. The record keeps what was before.
 */
export async function playLong({ file, cacheFolder, say, ...length }: LongRun): Promise<void> {
  const append = beginRecord(file);
  const note = (line: Line) => {
    append(line);
    say(line);
  };
  note({ is: 'begun', at: new Date().toISOString(), ...length });
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-long-'));
  mkdirSync(join(folder, 'state'));
  const closers = createClosers();
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  try {
    const ground = await openGround(folder, cacheFolder, closers);
    const run = new Run({ ground, cacheFolder, note, began, seed: length.seed });
    const plans = tasksOf(length);
    for (const [at, plan] of plans.entries()) {
      await run.task(plan, plans[at + 1]);
      if (stopped) break;
    }
    await run.end();
  } finally {
    process.off('SIGINT', stop);
    await closers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunPlace {
  readonly ground: LongGround;
  readonly cacheFolder: string;
  readonly began: number;
  readonly seed: number;
  note(line: Line): void;
}

class Run {
  readonly #place: RunPlace;
  readonly #tasks: bigint[] = [];
  /** Of all tasks so far. */
  readonly #named = new Set<Hex>();
  readonly #shown = new Set<Hex>();

  constructor(place: RunPlace) {
    this.#place = place;
  }

  /** Plays a task, and looks at what it leaves. @param next whose members are other ones. */
  async task(plan: TaskPlan, next: TaskPlan | undefined): Promise<void> {
    const { ground, note } = this.#place;
    const { number, adversary, newcomers } = plan;
    note({ is: 'task', task: number, adversary, newcomers: [...newcomers] });
    note({ is: 'ended', task: number, ...(await this.#outcome(plan)) });
    // Who cheats comes for one task, like the planner; its seat is an honest member's in the next one.
    const leaving = next ? ['planner', 'trainer 3', 'validator 3', 'prover 2', ...next.newcomers] : [];
    for (const name of leaving) await ground.dismiss(name);
    note({ is: 'closed', task: number, ...heldNow(join(ground.folder, 'state')) });
  }

  async #outcome(plan: TaskPlan) {
    const { ground, cacheFolder, note, began, seed } = this.#place;
    const outcome = await playTask({
      ground,
      plan,
      seed: seed * 1000 + plan.number,
      cacheFolder,
      seconds: () => (performance.now() - began) / 1000,
      note,
    });
    const { task, rounds, members, pledged, faults, named, shown } = outcome;
    this.#tasks.push(task);
    const books = await readBooks(ground.client, ground.deployment, this.#tasks);
    const { audit, artifacts } = await auditOf(ground, task, cacheFolder);
    for (const digest of [...named, ...artifacts.map((artifact) => artifact.digest as Hex)])
      this.#named.add(digest);
    for (const digest of shown) this.#shown.add(digest);
    const store = join(ground.folder, 'store');
    const own = members.flatMap(({ name }) =>
      leftInState(stateOf(ground.folder, name), ground.tasksOf(name)),
    );
    const unnamed = [...this.#shown].filter((digest) => !this.#named.has(digest));
    return {
      rounds: [...rounds],
      members: members.map((member) => ({ ...member, faults: { ...member.faults } })),
      pledged: [...pledged],
      faults: [...faults],
      books,
      audit,
      left: [...own, ...unnamed.map((digest) => `${digest} was shown and is named nowhere`)],
      strays: leftInStore(store, [...this.#named, ...this.#shown]).length,
      halves: halves(store).length,
    };
  }

  /** Lets everybody go, and looks at what is left. */
  async end(): Promise<void> {
    const { ground, note, began } = this.#place;
    await ground.dismissAll();
    const books = await readBooks(ground.client, ground.deployment, this.#tasks);
    const left = await halvesAfterAnHour(join(ground.folder, 'store'));
    const seconds = (performance.now() - began) / 1000;
    note({ is: 'over', seconds, books, halves: left, ...heldNow(join(ground.folder, 'state')) });
  }
}
