// What a door leaves behind: processes that still run after it, and temporary files.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './place.ts';

/** How long what ends by itself may take: a process whose parent is gone looks for it from time to time. */
const patience = 15_000;

/** What npm and the compiler keep there of their own modules, for every program of the machine. */
const shared = ['node-compile-cache'];

/** What is left of a door that is over, in words; nothing where all is gone. */
export async function leftOf(
  { home, temporary }: Pick<Place, 'home' | 'temporary'>,
  milliseconds = patience,
): Promise<string[]> {
  const mark = `HOME=${home}`;
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const left = [
      ...processesWith(mark).map((command) => `a process: ${command}`),
      ...temporary()
        .filter((name) => !shared.includes(name))
        .map((name) => `a temporary file: ${name}`),
    ];
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(500);
  }
}

/** Command lines of other processes that were started with a variable; none on systems without /proc. */
function processesWith(variable: string): string[] {
  const found: string[] = [];
  for (const id of numbersIn('/proc')) {
    if (id === `${process.pid}`) continue;
    try {
      if (!readFileSync(`/proc/${id}/environ`, 'latin1').split('\0').includes(variable)) continue;
      const words = readFileSync(`/proc/${id}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      // One that is over, and whose parent has not asked yet, has no command line.
      if (words) found.push(`${id} ${words.slice(0, 120)}`);
    } catch {
      // It ended meanwhile, or it is another user's.
    }
  }
  return found;
}

function numbersIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
