// A model's file at work in a thread of its own.
import { once } from 'node:events';
import { startSibling } from '@murmuration/core/sibling';
import type { evaluationSchema, predictionsSchema } from '@murmuration/desk';
import type { z } from 'zod';
import { Refusal } from '../../../http/index.ts';
import type { Reading, TableSource } from '../../../learn/index.ts';
import type { DataChoice } from '../../command/rules.ts';
import type { Exported, ExportTask } from '../../model/exported.ts';
import type { Fault } from '../../output/fault.ts';

/** What a thread is asked, and what it gives. */
export interface Orders {
  evaluate: {
    readonly asked: { readonly data: DataChoice; readonly reading: Reading; readonly seed: number };
    readonly given: z.output<typeof evaluationSchema>;
  };
  predict: {
    readonly asked: {
      readonly data: TableSource;
      readonly reading: Reading;
      readonly ids: readonly string[];
    };
    readonly given: z.output<typeof predictionsSchema>;
  };
  export: { readonly asked: { readonly task: ExportTask }; readonly given: Exported };
}

/** An order with the path of the model's file. */
export type UseOrder = {
  [Type in keyof Orders]: { readonly type: Type; readonly path: string } & Orders[Type]['asked'];
}[keyof Orders];

export type UseAnswer = { readonly given: Orders[keyof Orders]['given'] } | { readonly fault: Fault };

/**
 * Has an order obeyed in a thread.
 * @param named the file of rows as its owner knows it: the copy of the desk has another name.
 * @throws Refusal `malformed` with the fault of the model or the rows.
 */
export async function useModel<Type extends keyof Orders>(
  type: Type,
  path: string,
  asked: Orders[Type]['asked'],
  named?: { readonly file: string; readonly name: string },
): Promise<Orders[Type]['given']> {
  const worker = startSibling(import.meta.url, 'use.worker', { type, path, ...asked });
  try {
    // It rejects where the thread fails.
    const [answer] = (await once(worker, 'message')) as [UseAnswer];
    if ('given' in answer) return answer.given as Orders[Type]['given'];
    const { message, mend } = answer.fault;
    const told = named ? message.replaceAll(named.file, named.name) : message;
    throw new Refusal('malformed', told, mend === undefined ? {} : { mend });
  } finally {
    await worker.terminate();
  }
}
