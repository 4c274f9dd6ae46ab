// A thread in which targets read what is made for them. What it does next it says before it does it, so that whoever
// watches knows the input at which it hangs, dies or runs out of memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { inputOf } from './input.ts';
import { type Prepared, type Target, wrongRefusal } from './target.ts';
import type { Finding, Order, Progress, Tally } from './watch.ts';

/** Processor time of one input, milliseconds, and memory beside it, bytes: a hundred times what the dearest takes. */
const mostTime = 30_000;
const mostMemory = 2 ** 30;

const { at, table, target: name, seed, numbers, until } = workerData as Order;
const say = (progress: Progress) => parentPort!.postMessage(progress);

const { targets } = (await import(table)) as { readonly targets: readonly Target[] };
const target = targets.find((each) => each.name === name)!;
const scratch = await mkdtemp(join(tmpdir(), 'murmuration-fuzz-'));
const tally: Tally = { read: 0, taken: 0, refused: {} };

try {
  const prepared = await target.prepare(scratch);
  const known = [...prepared.corpus, ...(target.regressions?.(prepared.corpus) ?? [])];
  for (const [place, input] of prepared.corpus.entries()) await tryOut(prepared, input, -1 - place);
  if (tally.taken !== prepared.corpus.length)
    found({ number: -1, what: `of ${prepared.corpus.length} right inputs ${tally.taken} are taken` });
  for (const input of known.slice(prepared.corpus.length))
    await tryOut(prepared, input, -1 - known.indexOf(input));
  for (let number = numbers[0]; number < numbers[1] && (until === null || Date.now() < until); number++)
    await tryOut(prepared, inputOf({ seed, target: name }, prepared, number), number);
  await prepared.close?.();
  say({ kind: 'done', tally });
} finally {
  await rm(scratch, { recursive: true, force: true });
}

function found(finding: Omit<Finding, 'target'>): void {
  say({ kind: 'found', finding: { target: name, ...finding } });
}

async function tryOut(prepared: Prepared, input: Uint8Array, number: number): Promise<void> {
  Atomics.store(at, 0, number);
  Atomics.add(at, 1, 1);
  const before = process.threadCpuUsage();
  try {
    await prepared.read(input);
    tally.taken += 1;
  } catch (error) {
    const what = wrongRefusal(prepared, error);
    if (what !== undefined) found({ number, what });
    const code = (error as { code?: string }).code ?? 'none';
    tally.refused[code] = (tally.refused[code] ?? 0) + 1;
  }
  tally.read += 1;
  const { user, system } = process.threadCpuUsage(before);
  if ((user + system) / 1000 > mostTime)
    found({ number, what: `took ${Math.round((user + system) / 1000)} ms of a processor` });
  const { arrayBuffers } = process.memoryUsage();
  if (arrayBuffers > mostMemory) found({ number, what: `${arrayBuffers} bytes of memory are held after it` });
  if (Object.hasOwn(Object.prototype, 'polluted')) {
    delete (Object.prototype as { polluted?: unknown }).polluted;
    found({ number, what: 'it reached the prototype of all objects' });
  }
}
