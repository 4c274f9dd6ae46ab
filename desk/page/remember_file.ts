// The file that was given, after a reload: the node has its copy still.
import { effect } from '@preact/signals';
import type { Matches, Reading } from '../api/file.ts';
import { ask } from './session.ts';
import { how, matches, place, reading } from './state.ts';

const key = 'murmuration-file';
interface Kept {
  readonly id: string;
  readonly how: Reading;
}

let restored = false;
effect(() => {
  const given = matches.value?.file;
  if (given) sessionStorage.setItem(key, JSON.stringify({ id: given.id, how: how.value } satisfies Kept));
  else if (restored && !reading.value) sessionStorage.removeItem(key);
});
effect(() => {
  if (place.value?.state !== 'open' || restored) return;
  restored = true;
  const text = sessionStorage.getItem(key);
  if (text !== null && !matches.peek()) void restore(JSON.parse(text) as Kept);
});

/** A file that was removed meanwhile is given again by hand. */
async function restore(kept: Kept): Promise<void> {
  try {
    const read = await ask<Matches>('POST', `/api/files/${kept.id}/matches`, kept.how);
    how.value = kept.how;
    matches.value = read;
  } catch {
    sessionStorage.removeItem(key);
  }
}
