// What lies in a process's memory, and in core files: every mapping that can be read is searched for every way in which a
// secret can be written.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type ChunkVector, fieldOrder } from '@murmuration/core';

/** Bytes that are read at a time. */
const step = 1 << 24;
/** Bytes of a page. */
const pageSize = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

/** Ways of writing a vector, by name; the longest that can be told from chance. */
export type Marks = Readonly<Record<string, Buffer>>;

/** Whether memory of other processes can be read here: of one's own children under Linux, unless a policy forbids it. */
export const memoryCanBeRead = (() => {
  try {
    closeSync(openSync('/proc/self/mem', 'r'));
    return true;
  } catch {
    return false;
  }
})();

/** How the blinding and the first coordinates of a vector look: in digits, in words of either order, as lanes. */
export function marksOf({ coordinates, blinding }: ChunkVector, laneBits = 8): Marks {
  const hex = (value: bigint) => value.toString(16).padStart(64, '0');
  const secret = blinding[0];
  const montgomery = (secret << 256n) % fieldOrder;
  const lanes = Array.from(coordinates.subarray(0, 32), (value) => value + 2 ** (laneBits - 1));
  const words = (values: readonly number[], width: number) => {
    const bytes = Buffer.alloc(values.length * width);
    values.forEach((value, i) => {
      if (value < 0) for (let byte = 0; byte < width; byte++) bytes[i * width + byte] = 0xff;
      bytes.writeUInt8(value & 0xff, i * width);
    });
    return bytes;
  };
  const big = Buffer.from(hex(secret), 'hex');
  const signed = [...coordinates.subarray(0, 32)];
  return {
    'blinding in decimal digits': Buffer.from(String(secret)),
    'blinding in hexadecimal digits': Buffer.from(hex(secret)),
    'blinding, big end first': big,
    'blinding, little end first': Buffer.from(big).reverse(),
    "blinding in Montgomery's form": Buffer.from(hex(montgomery), 'hex').reverse(),
    'lanes as JSON': Buffer.from(
      lanes
        .slice(0, 8)
        .map((lane) => `"${lane}"`)
        .join(','),
    ),
    'lanes as JSON with spaces': Buffer.from(
      lanes
        .slice(0, 8)
        .map((lane) => `"${lane}"`)
        .join(', '),
    ),
    'lanes as elements': words(lanes, 32),
    'lanes in bytes': words(lanes, 1),
    'lanes in two bytes': words(lanes, 2),
    'lanes in four bytes': words(lanes, 4),
    'lanes in eight bytes': words(lanes, 8),
    'coordinates in bytes': words(signed, 1),
    'coordinates in four bytes': words(signed, 4),
  };
}

/**
 * The marks that lie in a process's memory, by name. A process that has ended has none. Files that are mapped to be read
 * alone are left out, since a process cannot write into them, and pages that hold nothing: an engine asks for
 * many times what it uses.
 */
export function foundIn(pid: number, marks: Marks): string[] {
  if (!existsSync(`/proc/${pid}`)) return [];
  const file = openSync(`/proc/${pid}/mem`, 'r');
  const map = openSync(`/proc/${pid}/pagemap`, 'r');
  const found = new Set<string>();
  try {
    for (const mapping of readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
      const [, from, to, rights, name] = /^(\w+)-(\w+) (\S+) \S+ \S+ \S+[ ]*(.*)$/m.exec(mapping)!;
      const written = rights!.includes('w') || !name!.startsWith('/');
      if (!rights!.startsWith('r') || !written || name!.startsWith('[v')) continue;
      if (/^(Rss|Swap): +[1-9]/m.test(mapping))
        for (const [start, end] of held(map, Number(`0x${from}`), Number(`0x${to}`)))
          search({ file, from: start, to: end }, marks, found);
    }
  } finally {
    closeSync(map);
    closeSync(file);
  }
  return [...found];
}

/** Most pages that hold nothing and are read with those around them. */
const gap = 16;

/** Ranges of pages that lie in memory or were swapped out: Linux, Documentation/admin-guide/mm/pagemap.rst. */
function* held(map: number, from: number, to: number): Generator<[number, number]> {
  const pages = (to - from) / pageSize;
  // A page of which the system says nothing is searched.
  const entries = Buffer.alloc(8 * pages, 0xff);
  readSync(map, entries, 0, entries.length, (8 * from) / pageSize);
  let [start, end] = [0, 0];
  const range = (): [number, number] => [from + start * pageSize, from + end * pageSize];
  for (let page = 0; page < pages; page++) {
    // The last byte's two high bits.
    if (entries[8 * page + 7]! < 0x40) continue;
    if (page - end > gap) {
      if (end > start) yield range();
      start = page;
    }
    end = page + 1;
  }
  if (end > start) yield range();
}

/** The marks that lie in a file, such as a core, which may have gigabytes. */
export function foundInFile(path: string, marks: Marks): string[] {
  const file = openSync(path, 'r');
  const found = new Set<string>();
  try {
    search({ file, from: 0, to: fstatSync(file).size }, marks, found);
  } finally {
    closeSync(file);
  }
  return [...found];
}

const buffer = Buffer.allocUnsafe(step);
const overlap = 2048;

function search(
  { file, from, to }: { readonly file: number; readonly from: number; readonly to: number },
  marks: Marks,
  found: Set<string>,
): void {
  for (let at = from; at < to; at += step - overlap) {
    const length = Math.min(step, to - at);
    let read = 0;
    try {
      read = readSync(file, buffer, 0, length, at);
    } catch {
      // A mapping that went away, or of a device.
    }
    const part = buffer.subarray(0, read);
    for (const [name, mark] of Object.entries(marks)) if (part.includes(mark)) found.add(name);
  }
}
