// A thread in which targets read what is made for them. What it does next it says before it does it, so that whoever
// watches knows the input at which it hangs, dies or runs out of memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { inputOf } from './input.ts';
import { type Prepared, type Target, wrongRefusal } from './target.ts';
import type { Finding, Order, Progress, Start, Tally } from './watch.ts';

/** Processor time of one input, milliseconds, and memory beside it, bytes: a hundred times what the dearest takes. */
const mostTime = 30_000;
const mostMemory = 2 ** 30;

const { at, table } = workerData as Start;
const say = (progress: Progress) => parentPort!.postMessage(progress);

const { targets } = (await import(table)) as { readonly targets: readonly Target[] };
parentPort!.on('message', (order: Order) => void fuzz(order));
/** What keeps the thread alive while it has nothing to do. */
const waiting = process.getActiveResourcesInfo().length;

async function fuzz({ target: name, seed, numbers, until }: Order): Promise<void> {
  const target = targets.find((each) => each.name === name)!;
  const scratch = await mkdtemp(join(tmpdir(), 'murmuration-fuzz-'));
  const run: Run = { name, tally: { read: 0, taken: 0, refused: {} } };
  const { tally } = run;
  try {
    const prepared = await target.prepare(scratch);
    const known = [...prepared.corpus, ...(target.regressions?.(prepared.corpus) ?? [])];
    for (const [place, input] of prepared.corpus.entries()) await tryOut(run, prepared, input, -1 - place);
    if (tally.taken !== prepared.corpus.length)
      found(run, { number: -1, what: `of ${prepared.corpus.length} right inputs ${tally.taken} are taken` });
    for (const input of known.slice(prepared.corpus.length))
      await tryOut(run, prepared, input, -1 - known.indexOf(input));
    for (let number = numbers[0]; number < numbers[1] && (until === null || Date.now() < until); number++)
      await tryOut(run, prepared, inputOf({ seed, target: name }, prepared, number), number);
    await prepared.close?.();
    await quiet();
    say({ kind: 'done', tally });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Waits for all that the target has left under way. What it throws late is found with this target then, not with the
 * next, and a timer or a socket that never ends hangs.
 */
async function quiet(): Promise<void> {
  while (process.getActiveResourcesInfo().length > waiting)
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
}

/** A target's name, and what has become of its inputs. */
interface Run {
  readonly name: string;
  readonly tally: Tally;
}

function found({ name }: Run, finding: Omit<Finding, 'target'>): void {
  say({ kind: 'found', finding: { target: name, ...finding } });
}

async function tryOut(run: Run, prepared: Prepared, input: Uint8Array, number: number): Promise<void> {
  Atomics.store(at, 0, number);
  Atomics.add(at, 1, 1);
  const before = process.threadCpuUsage();
  try {
    await prepared.read(input);
    run.tally.taken += 1;
  } catch (error) {
    const what = wrongRefusal(prepared, error);
    if (what !== undefined) found(run, { number, what });
    const code = (error as { code?: string }).code ?? 'none';
    run.tally.refused[code] = (run.tally.refused[code] ?? 0) + 1;
  }
  run.tally.read += 1;
  const { user, system } = process.threadCpuUsage(before);
  if ((user + system) / 1000 > mostTime)
    found(run, { number, what: `took ${Math.round((user + system) / 1000)} ms of a processor` });
  const { arrayBuffers } = process.memoryUsage();
  if (arrayBuffers > mostMemory)
    found(run, { number, what: `${arrayBuffers} bytes of memory are held after it` });
  if (Object.hasOwn(Object.prototype, 'polluted')) {
    delete (Object.prototype as { polluted?: unknown }).polluted;
    found(run, { number, what: 'it reached the prototype of all objects' });
  }
}
