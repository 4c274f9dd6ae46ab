// A proof as tasks for threads, and what each task does. Tasks are taken in order, each after those that it needs.
import { ProverError } from '../../errors.ts';
import { kernels, numberBytes } from '../kernel.ts';
import { type Allocator, wipeMemory } from '../memory.ts';
import type { KernelInstance } from '../module.ts';
import { type Job, jobsOf, longJobs } from '../msm/bases.ts';
import {
  allocateSummer,
  createSummer,
  type Summer,
  type SummerLayout,
  type Weighted,
} from '../msm/summer.ts';
import { createTableMaker } from '../msm/tables.ts';
import { toCoset } from '../scalar/domain.ts';
import { type VectorName, vectorNames } from './key_file.ts';
import { degreeOf, extraScalars, type KeyLayout, limitsOf, type SlotLayout } from './layout.ts';

export type TaskWork =
  /** From the witness's bytes to scalars. */
  | { readonly type: 'scalars' }
  /** A w or B w. */
  | { readonly type: 'rows'; readonly matrix: 0 | 1 }
  | { readonly type: 'products' }
  /** A w, B w or C w to the coset. */
  | { readonly type: 'transform'; readonly which: 0 | 1 | 2 }
  | { readonly type: 'quotient' }
  | { readonly type: 'sum'; readonly vector: VectorName; readonly job: Job }
  /** Scalars of likely bits that are none. */
  | { readonly type: 'long'; readonly vector: VectorName }
  /** Points of a key file to packed points and their multiples. */
  | { readonly type: 'table'; readonly vector: VectorName; readonly first: number; readonly count: number };

export interface Task {
  readonly work: TaskWork;
  /** Numbers of tasks that must be done before. */
  readonly after: readonly number[];
}

/** A part of a sum. */
export interface SumPart {
  readonly vector: VectorName;
  readonly terms: readonly Weighted[];
}

/** The tasks of a proof. @param threads that will share them. */
export function proofTasks({ vectors }: KeyLayout, threads: number): Task[] {
  const tasks: Task[] = [];
  const add = (work: TaskWork, ...after: number[]) => tasks.push({ work, after }) - 1;
  const scalars = add({ type: 'scalars' });
  const rows = ([0, 1] as const).map((matrix) => add({ type: 'rows', matrix }, scalars));
  const products = add({ type: 'products' }, ...rows);
  const transforms = ([0, 1, 2] as const).map((which) => add({ type: 'transform', which }, products));
  const sums = (vector: VectorName, after: number, parts: number) => {
    for (const job of jobsOf(vectors[vector].shape, parts)) add({ type: 'sum', vector, job }, after);
    if (vectors[vector].shape.short > 0) add({ type: 'long', vector }, after);
  };
  sums('b2', scalars, 1);
  const quotient = add({ type: 'quotient' }, ...transforms);
  // The longest sum in parts of like size, as many for each thread, so that all end at about the same time.
  const { sets } = vectors.h.shape;
  let parts = 1;
  while ((sets * parts) % threads !== 0 && sets * parts < 4 * threads) parts++;
  sums('h', quotient, parts);
  for (const vector of ['c', 'a', 'b1'] as const) sums(vector, scalars, 1);
  return tasks;
}

/** The tasks that turn the points of a key file into tables. */
export function tableTasks({ vectors }: KeyLayout): Task[] {
  return vectorNames.flatMap((vector) => {
    const { full, short } = vectors[vector].shape;
    const chunk = 1 << 13;
    const split = (from: number, points: number): Task[] =>
      Array.from({ length: Math.ceil(points / chunk) }, (_, i) => {
        const first = from + i * chunk;
        return {
          work: { type: 'table', vector, first, count: Math.min(chunk, from + points - first) },
          after: [],
        };
      });
    return [...split(0, full), ...split(full, short)];
  });
}

/** Does tasks of one key in one thread. */
export interface TaskRunner {
  run(work: TaskWork, slot: SlotLayout): SumPart | undefined;
}

/** Where the memory of a thread lies. */
export type RunnerLayout = readonly [SummerLayout, SummerLayout];

export function allocateRunner(layout: KeyLayout, allocator: Allocator): RunnerLayout {
  const kernel = kernels[layout.kernel];
  return [
    allocateSummer(kernel, 1, limitsOf(layout, 1), allocator),
    allocateSummer(kernel, 2, limitsOf(layout, 2), allocator),
  ];
}

/**
 * @param tables the module for tables over the same memory; without it tables cannot be made.
 * @param checkpoint called before each batch of work; throws to stop.
 */
export function createTaskRunner(
  instance: KernelInstance,
  layout: KeyLayout,
  runner: RunnerLayout,
  tables: KernelInstance | undefined,
  checkpoint: () => void,
): TaskRunner {
  const { call, memory } = instance;
  const { lanes } = kernels[instance.name];
  const size = 2 ** layout.domain.log2Size;
  const rows = size / lanes;
  const summers = runner.map((memory) => createSummer(instance, memory, checkpoint)) as [Summer, Summer];
  const makers =
    tables &&
    ([1, 2] as const).map((degree) => createTableMaker(tables, degree, summers[degree - 1]!.sums.batch));

  const work: {
    [Type in TaskWork['type']]: (
      work: Extract<TaskWork, { type: Type }>,
      slot: SlotLayout,
    ) => SumPart | undefined;
  } = {
    scalars(_, { witness, numbers, signed, scalars }) {
      const invalid = call.countNotBelow!(witness, layout.wires, layout.order);
      if (invalid > 0) {
        throw new ProverError(
          'backend',
          `${invalid} entries of the witness are r or more, but an entry lies in [0, r)`,
        );
      }
      // The extra scalars lie behind the witness's entries, in both forms; the last row may write over them.
      const kept = new Uint8Array(memory.buffer).slice(
        signed + 32 * layout.wires,
        signed + 32 * (layout.wires + extraScalars),
      );
      call.importScalars!(witness, Math.ceil(layout.wires / lanes), numbers, signed);
      new Uint8Array(memory.buffer).set(kept, signed + 32 * layout.wires);
      for (const name of vectorNames) {
        const { shape, indices, offset } = layout.vectors[name];
        if (indices !== undefined) {
          call.gatherScalars!(signed, shape.full + shape.short, offset, scalars[name], indices);
        }
      }
      return undefined;
    },
    rows({ matrix }, { numbers, rows }) {
      wipeMemory(memory, rows[matrix], numberBytes * size);
      call.rowSums!(layout.matrices[matrix].plan, layout.matrices[matrix].groups, numbers, rows[matrix]);
      return undefined;
    },
    products(_, slot) {
      call.products!(slot.rows[0], slot.rows[1], rows, slot.rows[2]);
      return undefined;
    },
    transform({ which }, slot) {
      toCoset(instance, layout.domain, slot.rows[which]);
      return undefined;
    },
    quotient(_, slot) {
      call.quotient!(...slot.rows, rows, slot.scalars.h);
      call.offsetScalars!(slot.scalars.h, size, layout.vectors.h.offset, slot.scalars.h);
      return undefined;
    },
    sum({ vector, job }, { scalars }) {
      const terms = summers[degreeOf(vector) - 1]!.run([job], layout.vectors[vector].table, scalars[vector]);
      return { vector, terms };
    },
    long({ vector }, { scalars }) {
      const { shape, table, offset } = layout.vectors[vector];
      const first = scalars[vector] + 32 * shape.full;
      if (call.countLong!(first, shape.short, offset, shape.windows.width) === 0) return undefined;
      const summer = summers[degreeOf(vector) - 1]!;
      return { vector, terms: longJobs(shape).flatMap((job) => summer.run([job], table, scalars[vector])) };
    },
    table({ vector, first, count }) {
      const { shape, table } = layout.vectors[vector];
      const maker = makers![degreeOf(vector) - 1]!;
      maker.importPoints(table + 64 * degreeOf(vector) * first, count, table, first);
      if (first < shape.full) maker.fillLevels(shape, table, first, count);
      return undefined;
    },
  };
  return {
    run(one, slot) {
      checkpoint();
      return (work[one.type] as (work: TaskWork, slot: SlotLayout) => SumPart | undefined)(one, slot);
    },
  };
}
