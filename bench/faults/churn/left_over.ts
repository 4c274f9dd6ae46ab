// Files that nobody needs: halves of files, memory of a task that a member never had, contents that no chain names.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Hex } from 'viem';
import { cidOf } from '../../../node/protocol/index.ts';
import { filesBelow } from '../sample.ts';

/** What a member remembers of a task (node/roles/README.md), and of how many rounds at most. */
const remembered: readonly (readonly [name: RegExp, most: number])[] = [
  [/^party-\d+$/, 0],
  [/^member-key-\d+$/, 1],
  [/^statistics(-rows|-sealed-\d+)?$/, 3],
  [/^(progress|change|history)$/, 3],
  [/^decryptions$/, 1],
  // Of the last two rounds.
  [/^vote-\d+$/, 2],
];
/** What a folder of state has besides, whatever it remembers. */
const always = /^(origins\.json|lock|lock\.db)$/;

/**
 * Files of one member's closed state folder that should not be there, one line each.
 * @param tasks how many it has taken part in.
 */
export function leftInState(folder: string, tasks: number): string[] {
  const found: string[] = [];
  const byTask = new Map<string, string[]>();
  for (const file of filesBelow(folder)) {
    const name = basename(file);
    if (file.startsWith(join(folder, 'site-log')) || always.test(name)) continue;
    const [, scope, memory] = /^([0-9a-f]{12})-(.+)\.bin$/.exec(name) ?? [];
    if (!scope || !memory) found.push(`${file} is nothing that a member keeps`);
    else byTask.set(scope, [...(byTask.get(scope) ?? []), memory]);
  }
  if (byTask.size > tasks) found.push(`${folder} remembers ${byTask.size} tasks, of ${tasks}`);
  for (const [scope, names] of byTask) {
    for (const name of names)
      if (!remembered.some(([form]) => form.test(name))) found.push(`${folder}: ${scope}-${name} is unknown`);
    for (const [form, most] of remembered) {
      const like = names.filter((name) => form.test(name));
      if (like.length > most) found.push(`${folder}: ${like.length} of ${most} are left, ${like.join(', ')}`);
    }
  }
  return found;
}

/** Contents of a store's folder that are none of those named, by their names in the store. */
export function leftInStore(folder: string, named: Iterable<Hex>): string[] {
  const known = new Set(Array.from(named, cidOf));
  const aside = join(folder, 'unfinished');
  return filesBelow(folder)
    .filter((file) => !file.startsWith(aside))
    .map((file) => basename(file))
    .filter((cid) => !known.has(cid));
}

/** Halves of contents that writers who died have left in a store's folder. */
export const halves = (folder: string): string[] => readdirSync(join(folder, 'unfinished'));
