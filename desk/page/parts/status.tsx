// Where a task stands.
import type { Task } from '../../api/task.ts';
import { isOpen } from '../format.ts';

export const statusWords = (task: Task): string => {
  if (task.fault !== undefined) return 'cannot be joined';
  if (task.status === 'open') return isOpen(task) ? 'seats free' : 'all seats taken';
  return {
    none: 'not posted',
    drawing: 'seats are drawn',
    keying: 'the key is made',
    running: 'running',
    ended: 'ended',
    cancelled: 'cancelled',
  }[task.status];
};

export function Status({ task }: { readonly task: Task }) {
  return (
    <span class={`chip ${isOpen(task) && task.fault === undefined ? 'fits' : ''}`}>{statusWords(task)}</span>
  );
}
