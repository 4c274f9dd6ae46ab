// How a role stands, in a word.
import type { Run } from '../../api/run.ts';

const words = {
  locked: ['partly', 'waits for its account to be unlocked'],
  unsigned: ['partly', 'waits for the signature of its owner'],
  joining: ['', 'begins'],
  working: ['fits', 'works'],
  stopping: ['', 'stops'],
  stopped: ['partly', 'stopped'],
  over: ['', 'the task is over'],
  failed: ['not', 'failed'],
} as const;

export function RunState({ run: { state } }: { readonly run: Run }) {
  const [kind, says] = words[state];
  return <span class={`chip ${kind}`}>{says}</span>;
}
