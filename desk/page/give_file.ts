// The file that somebody gives: sent to the node, held against the tasks, taken back. The tab remembers it by an id of its
// own before the node has it, so that a reload in the middle loses nothing and leaves no copy behind.
import { effect } from '@preact/signals';
import type { Files, Matches, Reading } from '../api/file.ts';
import type { Fault } from '../api/words.ts';
import { bytes } from './format.ts';
import { ask, faultOf, request } from './session.ts';
import { fileFault, how, matches, place, reading } from './state.ts';

const key = 'murmuration-file';
interface Kept {
  readonly id: string;
  readonly name: string;
  readonly how: Reading;
  /** The one before, which the node has until this one is there. */
  readonly before?: Kept | undefined;
}

const remember = (kept: Kept): void => sessionStorage.setItem(key, JSON.stringify(kept));
const remembered = (): Kept | undefined => {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Kept);
};

const matchesOf = (id: string, read: Reading): Promise<Matches> =>
  ask<Matches>('POST', `/api/files/${id}/matches`, read);
const remove = (id: string): Promise<unknown> => ask('DELETE', `/api/files/${id}`);

/** Gives a file to the node and holds it against the tasks; it takes the place of the one before once it is there. */
export async function giveFile(file: File): Promise<void> {
  const before = matches.value && remembered();
  reading.value = true;
  fileFault.value = undefined;
  try {
    // Refused before it is sent: a browser that still sends does not hear a refusal.
    const { mostBytes } = await ask<Files>('GET', '/api/files');
    if (file.size > mostBytes) {
      fileFault.value = tooLarge(file, mostBytes);
      return;
    }
    const name = file.name.slice(0, 200);
    const given: Kept = { id: crypto.randomUUID(), name, how: how.value };
    remember({ ...given, before });
    try {
      const path = `/api/files?name=${encodeURIComponent(name)}&id=${given.id}`;
      await request('POST', path, file, 'application/octet-stream');
      matches.value = await matchesOf(given.id, how.value);
    } catch (error) {
      await remove(given.id).catch(() => undefined);
      if (before) remember(before);
      else sessionStorage.removeItem(key);
      throw error;
    }
    await settle({ ...given, before });
  } catch (error) {
    fileFault.value = faultOf(error);
  } finally {
    reading.value = false;
  }
}

/** The one before goes, once the other is there. */
async function settle({ before, ...kept }: Kept): Promise<void> {
  if (before) await remove(before.id);
  remember(kept);
}

const tooLarge = (file: File, most: number): Fault => ({
  code: 'too-large',
  message: `${file.name} has ${bytes(file.size)}, but at most ${bytes(most)} are taken.`,
  mend: 'Take fewer rows or columns. What was given before is still there.',
});

/** Reads the file that was given otherwise, and holds it against the tasks again. */
export async function readOtherwise(to: Reading): Promise<void> {
  how.value = to;
  const given = matches.value?.file;
  if (!given) return;
  reading.value = true;
  fileFault.value = undefined;
  remember({ id: given.id, name: given.name, how: to });
  try {
    matches.value = await matchesOf(given.id, to);
  } catch (error) {
    fileFault.value = faultOf(error);
  } finally {
    reading.value = false;
  }
}

/** Takes the file back: the node removes its copy. */
export async function takeFileBack(): Promise<void> {
  const given = matches.value?.file;
  matches.value = undefined;
  sessionStorage.removeItem(key);
  if (given) await remove(given.id).catch(() => undefined);
}

// After a reload the node has its copy still.
let restored = false;
effect(() => {
  if (place.value?.state !== 'open' || restored) return;
  restored = true;
  const kept = remembered();
  if (kept && !matches.peek()) void restore(kept);
});

async function restore(kept: Kept): Promise<void> {
  reading.value = true;
  try {
    const read = await matchesOf(kept.id, kept.how);
    how.value = kept.how;
    matches.value = read;
    await settle(kept);
  } catch (error) {
    const fault = faultOf(error);
    if (fault.code === 'not-found') await fallBack(kept);
    else fileFault.value = fault;
  } finally {
    reading.value = false;
  }
}

/** A file that had not arrived when the page was reloaded, or that was removed meanwhile, is given again by hand. */
async function fallBack({ id, name, before }: Kept): Promise<void> {
  await remove(id).catch(() => undefined);
  sessionStorage.removeItem(key);
  if (before) {
    remember(before);
    await restore(before);
  }
  fileFault.value = {
    code: 'gone',
    message: `${name} has not arrived: the page was reloaded meanwhile, or the file was removed.`,
    mend: before ? 'Choose it again; what was given before is still there.' : 'Choose it again.',
  };
}
