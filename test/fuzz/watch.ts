// Runs targets in a thread that is watched: what crashes it, hangs it or lets it grow is found by its input.
import { Worker } from 'node:worker_threads';

/** What a thread is started with. */
export interface Start {
  /** Holds the number of the input that is read: what a thread says is lost when it dies. */
  readonly at: Int32Array;
  /** URL of the module that has the targets. */
  readonly table: string;
}

/** What a thread is to do. */
export interface Order {
  readonly target: string;
  readonly seed: string;
  /** The first input, and the one after the last. */
  readonly numbers: readonly [number, number];
  /** When it ends in any case, milliseconds since 1970. */
  readonly until: number | null;
}

/** Something wrong, and the input at which it was. Right inputs and those of regressions count down from -1. */
export interface Finding {
  readonly target: string;
  readonly number: number;
  readonly what: string;
}

/** What became of a target's inputs. */
export interface Tally {
  read: number;
  /** Of them that were no input to be refused. */
  taken: number;
  /** By code. */
  readonly refused: Record<string, number>;
}

/** What a thread says. */
export type Progress =
  | { readonly kind: 'found'; readonly finding: Finding }
  | { readonly kind: 'done'; readonly tally: Tally };

/** What came of a target. */
export interface Result {
  readonly findings: readonly Finding[];
  /** Undefined where its thread did not end by itself. */
  readonly tally: Tally | undefined;
}

/** Milliseconds without a sign of life after which an input hangs; the dearest takes a second. */
const longest = 240_000;
/** Memory of a thread's objects, MiB. */
const mostMemory = 2048;

/** The table of this folder. */
const ownTable = new URL('./targets.ts', import.meta.url).href;

interface Thread {
  readonly worker: Worker;
  readonly at: Int32Array;
}

/**
 * The thread of each table that has ended a target with nothing wrong. It goes on with the next one: most of what a
 * target takes is the loading of the table's modules. Whatever is found ends the thread, and the next one is fresh.
 */
const idle = new Map<string, Thread>();

function takeThread(table: string): Thread {
  const waiting = idle.get(table);
  if (waiting) {
    idle.delete(table);
    waiting.at.fill(0);
    waiting.worker.ref();
    return waiting;
  }
  const at = new Int32Array(new SharedArrayBuffer(8));
  const workerData: Start = { at, table };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });
  return { worker, at };
}

/** Runs one target. @param most findings after which it ends. */
export async function fuzz(
  { table = ownTable, ...order }: Order & Partial<Pick<Start, 'table'>>,
  { most = 20, patience = longest }: { readonly most?: number; readonly patience?: number } = {},
): Promise<Result> {
  const { worker, at } = takeThread(table);
  const findings: Finding[] = [];
  const ended = Promise.withResolvers<void>();
  let tally: Tally | undefined;
  const wrong = (what: string) => findings.push({ target: order.target, number: Atomics.load(at, 0), what });
  let seen = -1;
  let since = Date.now();
  const watch = setInterval(() => {
    const turns = Atomics.load(at, 1);
    if (turns !== seen) [seen, since] = [turns, Date.now()];
    else if (Date.now() - since > patience) {
      clearInterval(watch);
      wrong(`hangs: nothing came of it within ${patience / 1000} s`);
      void worker.terminate();
    }
  }, 500);
  worker.on('message', (progress: Progress) => {
    if (progress.kind === 'done') {
      tally = progress.tally;
      if (findings.length === 0) ended.resolve();
      else void worker.terminate();
    } else if (findings.push(progress.finding) >= most) void worker.terminate();
  });
  worker.on('error', (error) =>
    wrong(`crashes the thread: ${error instanceof Error ? error.stack : String(error)}`),
  );
  worker.on('exit', () => ended.resolve());
  worker.postMessage(order);
  await ended.promise;
  clearInterval(watch);
  // By name: a thread's messages come through listeners of its own, which stay.
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  if (findings.length === 0) {
    worker.unref();
    idle.set(table, { worker, at });
  }
  // What came while the thread ended is more of the same.
  return { findings: findings.slice(0, most), tally };
}
