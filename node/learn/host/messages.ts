// What a model's thread is told and answers.
import type { NodeErrorCode } from '../../errors.ts';
import type { BackendName } from '../backend.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Evaluation } from '../evaluate.ts';
import type { ModelLayout } from '../layout.ts';
import type { ModelSpec } from '../model_spec.ts';
import type { WholeGradient } from '../network.ts';
import type { RoundSteps } from './host.ts';

/** What the thread starts with. */
export interface ThreadStart {
  readonly spec: ModelSpec;
  readonly backend: BackendName;
  /** One 32-bit word: the number of the order that is to end. */
  readonly stop: SharedArrayBuffer;
}

/** What the thread can be asked, and what it gives. Tables are named by number. */
export interface Orders {
  readonly describe: { readonly asked: object; readonly given: ModelLayout };
  readonly take: { readonly asked: { table: number; data: Dataset }; readonly given: undefined };
  readonly train: { readonly asked: OnTable & { steps: RoundSteps }; readonly given: Float32Array };
  readonly evaluate: { readonly asked: OnTable; readonly given: Evaluation };
  readonly gradient: { readonly asked: OnTable; readonly given: WholeGradient };
}

interface OnTable {
  readonly table: number;
  readonly model: Float32Array;
}

/** One order. */
export type Order = { [Type in keyof Orders]: { readonly type: Type } & Orders[Type]['asked'] }[keyof Orders];

/** An order on its way; numbers count from 1. */
export interface Envelope {
  readonly number: number;
  readonly order: Order;
}

/** How an order ended. Errors of the program travel by their parts, since a copy loses code and mend. */
export type Answer =
  | { readonly given: Orders[keyof Orders]['given'] }
  | { readonly code: NodeErrorCode; readonly message: string; readonly mend: string | undefined }
  | { readonly error: unknown };
