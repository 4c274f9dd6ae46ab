// What the page shows, as signals; the node says when something of it has changed.
import { computed, signal } from '@preact/signals';
import type { Match, Matches } from '../api/file.ts';
import type { Place } from '../api/place.ts';
import type { Market, Task } from '../api/task.ts';
import type { Fault } from '../api/words.ts';
import { readEvents } from './events.ts';
import { ask, barred, faultOf, request } from './session.ts';

export const place = signal<Place | undefined>(undefined);
export const market = signal<readonly Task[] | undefined>(undefined);
/** Why what is shown may be old; undefined while the node answers. */
export const stale = signal<Fault | undefined>(undefined);

/** The file that somebody has given, and what the tasks make of it. */
export const matches = signal<Matches | undefined>(undefined);
export const reading = signal(false);
export const fileFault = signal<Fault | undefined>(undefined);

/** Matches by the numbers of their tasks. */
export const matchOf = computed(
  () => new Map<string, Match>(matches.value?.matches.map((match) => [match.task, match])),
);

/** Milliseconds before the node is asked again. */
const pause = 1000;

/** Follows the node, as long as the page is there. */
export async function follow(): Promise<void> {
  while (!barred.value) {
    try {
      const response = await request('GET', '/api/events');
      stale.value = undefined;
      for await (const name of readEvents(response.body!)) await refresh(name);
    } catch (error) {
      stale.value = faultOf(error);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function refresh(name: string): Promise<void> {
  if (name === 'place') place.value = await ask<Place>('GET', '/api/place');
  if (place.value?.state === 'open') market.value = (await ask<Market>('GET', '/api/market')).tasks;
}

/** Gives a file to the node, in place of the one before, and holds it against the tasks. */
export async function giveFile(file: File): Promise<void> {
  const before = matches.value?.file;
  reading.value = true;
  fileFault.value = undefined;
  matches.value = undefined;
  try {
    if (before) await ask('DELETE', `/api/files/${before.id}`);
    const name = encodeURIComponent(file.name.slice(0, 200));
    const response = await request('POST', `/api/files?name=${name}`, file, 'application/octet-stream');
    const { id } = (await response.json()) as { id: string };
    matches.value = await ask<Matches>('GET', `/api/files/${id}/matches`);
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
  if (given) await ask('DELETE', `/api/files/${given.id}`).catch(() => undefined);
}
