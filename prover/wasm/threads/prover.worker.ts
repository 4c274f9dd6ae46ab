// Thread of the prover: does tasks of proofs over keys in shared memory; the first also opens and saves keys.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { alteredKey } from '../../backends/result.ts';
import { errorMessage } from '../../errors.ts';
import { buildKey } from '../groth16/build.ts';
import { readTables, saveTables } from '../groth16/cache.ts';
import { parseKeyFile } from '../groth16/key_file.ts';
import { allocateSlot, type KeyLayout } from '../groth16/layout.ts';
import { clearSlot } from '../groth16/slot.ts';
import { allocateRunner, createTaskRunner, type SumPart, type TaskRunner } from '../groth16/tasks.ts';
import { createAllocator } from '../memory.ts';
import { compileKernel, createKernelMemory, instantiateKernel, type KernelModule } from '../module.ts';
import { selfCheckTables } from '../selfcheck.ts';
import { checkBoard, leaveBoard, Stopped, workOnBoard } from './board.ts';
import { hashFile } from './hash_file.ts';
import type { Answer, Envelope, KeyRequest, OpenKey, Order } from './messages.ts';

const port = parentPort!;
let module: KernelModule | undefined;
/** The board that is worked on. */
let board: SharedArrayBuffer | undefined;
const checkpoint = () => {
  if (board) checkBoard(board);
};
const keys = new Map<string, { key: OpenKey; runner: TaskRunner }>();

/** Proofs' and threads' memory, behind the key's own. */
function layOutRoom(layout: KeyLayout, { slots, threads }: KeyRequest) {
  const allocator = createAllocator(layout.end);
  return {
    slots: Array.from({ length: slots }, () => allocateSlot(layout, allocator)),
    runners: Array.from({ length: threads }, () => allocateRunner(layout, allocator)),
    // Vectors are read whole.
    end: allocator.top + 1024,
  };
}

let tables: KernelModule | undefined;
/** The module for tables, compiled when it is needed first. */
function tablesModule(sums: KernelModule): KernelModule {
  if (tables) return tables;
  const compiled = compileKernel(sums.name, 'tables');
  selfCheckTables(compiled, sums);
  tables = compiled;
  return compiled;
}

function openKey(request: KeyRequest): OpenKey {
  const { id, path, sha256, levels, cache } = request;
  const kernel = module!;
  const room = (layout: KeyLayout) => layOutRoom(layout, request);
  const cached =
    cache === undefined
      ? undefined
      : readTables({ folder: cache, sha256, kernel: kernel.name, levels }, (layout) =>
          createKernelMemory(room(layout).end),
        );
  // Whole only where it is parsed: a proving key takes up to half as much memory as its tables.
  const bytes = cached ? undefined : readFileSync(path);
  const actual = bytes ? hash('sha256', bytes) : hashFile(path);
  if (actual !== sha256) throw alteredKey({ id, zkeyPath: path, sha256 }, actual);
  const { memory, layout } =
    cached ??
    buildKey(parseKeyFile(bytes!), kernel, { levels, room: (layout) => room(layout).end - layout.end });
  const { slots, runners } = room(layout);
  return { sha256, memory, layout, slots, runners, tables: cached ? undefined : tablesModule(kernel) };
}

/** What is said of an order; `stopped` where the board was stopped. */
function obey(order: Order): Omit<Extract<Answer, { done: true }>, 'number'> | Record<string, unknown> {
  switch (order.type) {
    case 'module':
      module = order.module;
      return { done: true };
    case 'open':
      return { key: openKey(order.key) };
    case 'key': {
      const { key, thread } = order;
      const instance = instantiateKernel(module!, key.memory);
      const making = key.tables && instantiateKernel(key.tables, key.memory);
      const runner = createTaskRunner(instance, key.layout, key.runners[thread]!, making, checkpoint);
      keys.set(key.sha256, { key, runner });
      return { done: true };
    }
    case 'save': {
      const { key } = keys.get(order.sha256)!;
      const { kernel } = key.layout;
      saveTables(
        { folder: order.cache, sha256: order.sha256, kernel, levels: order.levels },
        key.memory,
        key.layout,
      );
      return { done: true };
    }
    case 'run': {
      const { key, runner } = keys.get(order.sha256)!;
      const { memory, layout, runners } = key;
      const slot = key.slots[order.slot]!;
      const parts: SumPart[] = [];
      board = order.board;
      try {
        workOnBoard(order.board, order.tasks, ({ work }) => {
          const part = runner.run(work, slot);
          if (part) parts.push(part);
        });
      } finally {
        board = undefined;
        if (leaveBoard(order.board) === runners.length) clearSlot({ memory, layout, slot });
      }
      return { parts };
    }
  }
}

port.on('message', ({ number, order }: Envelope) => {
  try {
    port.postMessage({ number, ...obey(order) } as Answer);
  } catch (error) {
    if (error instanceof Stopped) port.postMessage({ number, stopped: true } satisfies Answer);
    else port.postMessage({ number, error: errorMessage(error) } satisfies Answer);
  }
});
