// The kernel of this process: selected once in a thread of its own, so that compiling and checking hold up nobody.
import { once } from 'node:events';
import { startSibling } from '@murmuration/core/sibling';
import { ProverError } from '../../errors.ts';
import type { KernelName } from '../kernel.ts';
import type { Selection } from '../select.ts';

export type SelectionAnswer = { readonly selection: Selection } | { readonly error: string };

const known = new Map<KernelName | undefined, Promise<Selection>>();

/**
 * The fastest kernel that computes correctly here, or `wanted` if it does.
 * @throws {ProverError} `backend` if none does.
 */
export function selectedKernel(wanted?: KernelName): Promise<Selection> {
  const selection = known.get(wanted) ?? selectInThread(wanted);
  known.set(wanted, selection);
  selection.catch(() => known.delete(wanted));
  return selection;
}

async function selectInThread(wanted: KernelName | undefined): Promise<Selection> {
  const worker = startSibling(import.meta.url, 'selection.worker', wanted);
  try {
    const [answer] = (await once(worker, 'message')) as [SelectionAnswer];
    if ('error' in answer) throw new ProverError('backend', answer.error);
    return answer.selection;
  } finally {
    await worker.terminate();
  }
}
