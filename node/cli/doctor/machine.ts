// The machine: processors, memory, room on the disks.
import { access, constants, stat, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { betweenMembers } from '../open/content_place.ts';
import { bad, type Check, type Finding, note, ok } from './check.ts';

const gib = 2 ** 30;
/** A role or an agent holds 0.6 GiB at its peak (prover/README.md, "Measured"), and beside it a model and data. */
const neededMemory = gib;
/** What the largest preset's circuits and keys take, and some days of a task's state. */
const neededDisk = 2 * gib;

export const threads: Check = {
  name: 'threads',
  of: ['member', 'service'],
  async look() {
    const count = availableParallelism();
    return [
      count > 1
        ? ok(`${count} processors`)
        : note('1 processor: proofs hold up everything else; two or more are better'),
    ];
  },
};

export const memory: Check = {
  name: 'memory',
  of: ['member', 'service'],
  async look() {
    const [free, limit] = [process.availableMemory(), process.constrainedMemory()];
    const bound = limit > 0 && limit < 2 ** 50 ? `, limit ${size(limit)}` : '';
    const says = `${size(free)} of memory can be had${bound}`;
    return [
      free >= neededMemory
        ? ok(says)
        : bad(says, 'A role or an agent needs 1 GiB: end other work, or run fewer agents here.'),
    ];
  },
};

export const disk: Check = {
  name: 'disk',
  of: ['member', 'service'],
  async look({ settings: { home, cache, store, service } }) {
    const isFolder = store !== undefined && store !== betweenMembers && !store.startsWith('kubo:');
    const folders = [home, cache, ...(isFolder && !service ? [store] : [])];
    return Promise.all([...new Set(folders)].map(room));
  },
};

async function room(folder: string): Promise<Finding> {
  const place = await existing(folder);
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const says = `${folder}: ${size(free)} free`;
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return bad(
      `${says}, but this user cannot write there`,
      'Give it to this user: chown, or another --home.',
    );
  return free >= neededDisk ? ok(says) : bad(says, 'Make room: 2 GiB at least for keys, circuits and state.');
}

/** The folder, or the one in which it will be made. */
async function existing(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found || dirname(folder) === folder ? folder : existing(dirname(folder));
}

const size = (bytes: number): string => `${(bytes / gib).toFixed(1)} GiB`;
