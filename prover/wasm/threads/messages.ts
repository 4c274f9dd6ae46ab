// What the pool and its threads say to each other.

import type { ErrorMessage } from '../../errors.ts';
import type { KeyLayout, SlotLayout } from '../groth16/layout.ts';
import type { RunnerLayout, SumPart, Task } from '../groth16/tasks.ts';
import type { KernelModule, SharedMemory } from '../module.ts';

/** A key in shared memory, ready for every thread. */
export interface OpenKey {
  /** SHA-256 of its file. */
  readonly sha256: string;
  readonly memory: SharedMemory;
  readonly layout: KeyLayout;
  readonly slots: readonly SlotLayout[];
  readonly runners: readonly RunnerLayout[];
  /** The module by which its tables are still to be made from the points; none if they were made before. */
  readonly tables: KernelModule | undefined;
}

/** A key file, and how much memory is spent on it. */
export interface KeyRequest {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
  readonly levels: number;
  readonly slots: number;
  readonly threads: number;
  /** Folder of tables that were made before; none are kept without it. */
  readonly cache: string | undefined;
}

export type Order =
  | { readonly type: 'module'; readonly module: KernelModule }
  | { readonly type: 'open'; readonly key: KeyRequest }
  | { readonly type: 'key'; readonly key: OpenKey; readonly thread: number }
  | { readonly type: 'save'; readonly sha256: string; readonly levels: number; readonly cache: string }
  /** The last thread that lets go of the board overwrites what is left in the slot. */
  | {
      readonly type: 'run';
      readonly sha256: string;
      readonly slot: number;
      readonly tasks: readonly Task[];
      readonly board: SharedArrayBuffer;
    };

/** Each order has a number, and one answer. */
export interface Envelope {
  readonly number: number;
  readonly order: Order;
}

export type Answer = { readonly number: number } & (
  | { readonly key: OpenKey }
  | { readonly parts: readonly SumPart[] }
  | { readonly done: true }
  | { readonly stopped: true }
  | { readonly error: ErrorMessage }
);
