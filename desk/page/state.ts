// What the page shows, as signals; the node says when something of it has changed.
import { computed, signal } from '@preact/signals';
import type { Match, Matches, Reading } from '../api/file.ts';
import type { Place } from '../api/place.ts';
import type { Run, Runs, Train } from '../api/run.ts';
import type { Market, Task } from '../api/task.ts';
import type { Fault } from '../api/words.ts';
import { readEvents } from './events.ts';
import { ask, barred, faultOf, request } from './session.ts';

export const place = signal<Place | undefined>(undefined);
export const market = signal<readonly Task[] | undefined>(undefined);
export const runs = signal<readonly Run[]>([]);
/** Why the last thing that was asked for is not done; undefined where it is. */
export const deedFault = signal<Fault | undefined>(undefined);
// What was asked for elsewhere is no matter of this view.
addEventListener('hashchange', () => {
  deedFault.value = undefined;
});
/** What the last leaving did, by task. */
export const deeds = signal<Readonly<Record<string, readonly string[]>>>({});
/** Why what is shown may be old; undefined while the node answers. */
export const stale = signal<Fault | undefined>(undefined);

/** The file that somebody has given, and what the tasks make of it. */
export const matches = signal<Matches | undefined>(undefined);
export const reading = signal(false);
/** How it is read. */
export const how = signal<Reading>({});
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
      for await (const name of readEvents(response.body!)) void hear(name);
    } catch (error) {
      stale.value = faultOf(error);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const heard = new Set<string>();
let asking = false;

/** Asks for what has changed; what changes meanwhile is asked for once, afterwards. */
async function hear(name: string): Promise<void> {
  heard.add(name);
  if (asking) return;
  asking = true;
  try {
    while (heard.size > 0) {
      const names = new Set(heard);
      heard.clear();
      await refresh(names);
    }
  } catch (error) {
    stale.value = faultOf(error);
  } finally {
    asking = false;
  }
}

/** Asks of single views, by the names of the events after which they ask again. */
const asks = new Map<string, Set<() => Promise<void>>>();

/** Lets a view ask again after every event of a name. */
export function onEvent(name: string, act: () => Promise<void>): void {
  const acts = asks.get(name) ?? new Set();
  asks.set(name, acts.add(act));
}

async function refresh(names: ReadonlySet<string>): Promise<void> {
  if (names.has('place') || names.has('market')) place.value = await ask<Place>('GET', '/api/place');
  if (place.value?.state !== 'open') return;
  if (names.has('place') || names.has('market'))
    market.value = (await ask<Market>('GET', '/api/market')).tasks;
  for (const name of names) for (const act of asks.get(name) ?? []) await act();
  runs.value = (await ask<Runs>('GET', '/api/runs')).runs;
}

async function ordered(path: string, body: unknown = {}): Promise<readonly string[] | undefined> {
  deedFault.value = undefined;
  try {
    const { done } = await ask<{ done: string[] }>('POST', path, body);
    await hear('market');
    return done;
  } catch (error) {
    deedFault.value = faultOf(error);
    return undefined;
  }
}

/** Takes a seat, and trains. @returns whether that has begun */
export const train = async (task: string, how: Train): Promise<boolean> =>
  (await ordered(`/api/tasks/${task}/train`, how)) !== undefined;

/** Stops a role, goes on with it, or leaves its task. */
export async function order(task: string, what: 'stop' | 'start' | 'leave' | 'forget'): Promise<void> {
  const done = await ordered(`/api/tasks/${task}/${what}`);
  if (done && what === 'leave') deeds.value = { ...deeds.value, [task]: done };
}
