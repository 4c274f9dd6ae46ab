// A site's own log: every thing that leaves an account's process is written down before it leaves, durably; so is
// what was refused. Each line holds the hash of all before it, and each transaction of the account carries that
// hash, so that nothing can be put in, taken out or moved afterwards.
import { randomBytes } from 'node:crypto';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type Address, bytesToHex, type Hex } from 'viem';
import { NodeError } from '../errors.ts';
import { digestOf } from '../protocol/index.ts';
import { makeFolder } from '../state/index.ts';
import { Appender } from './append.ts';
import { type EntryOf, type Fate, type NewEntry, type Place, shortened } from './entry.ts';
import { origin } from './line.ts';
import { bytesOf, fileName, fileNumbers, type LoggedEntry, readBytes } from './read.ts';
import { type Refusal, Refusals } from './refusals.ts';

/** Something that is about to leave. */
export interface Leaving {
  readonly place: Place;
  readonly what: string;
  readonly to: string;
  readonly bytes: number;
  /** SHA-256 of it. */
  readonly digest: Hex;
  /** Of a transaction. */
  readonly nonce?: number;
}

/** Something that the log has as about to leave. */
export interface Departure {
  /** The head of the log after it. */
  readonly head: Hex;
  /** Notes what became of it. @param as a transaction's hash. */
  became(fate: Fate, more?: { readonly as?: Hex; readonly why?: string }): void;
}

/** Whose log it is. */
export interface SiteLogSettings {
  /** Of the log alone; its lock is its owner's affair. */
  readonly folder: string;
  readonly account: Address;
  readonly chainId: number;
  readonly marketplace: Address;
  /** Transactions of the account that the chain has. */
  readonly sent: number;
  readonly software: string;
  /** The round that runs, 0 before the first. */
  readonly round: () => number;
}

/** An open log. */
export interface SiteLog {
  /** Writes that something is about to leave; it may when this resolves. @throws NodeError `state` where it must not. */
  leaving(what: Leaving): Promise<Departure>;
  /** Notes that something was refused. */
  refused(refusal: Refusal): void;
  /** Entries of an earlier process of which nobody knows what became of them: they count as left unless it is told. */
  readonly unresolved: readonly EntryOf<'leaves'>[];
  /** Tells what became of such. */
  resolve(n: number, fate: Fate): void;
  /**
   * Writes what is left, and lets go of the files: what comes later is not written, and must not leave. The fates that
   * it would have told are those of the next process to tell.
   */
  close(): Promise<void>;
}

/** Fates that one entry tells, at most. */
const mostFates = 256;
/** Milliseconds until fates are written that no other entry took along. */
const laterOn = 1000;

/**
 * Opens a log, or begins it. A torn end is cut off.
 * @throws NodeError `state` where a line of it was altered.
 */
export async function openSiteLog(settings: SiteLogSettings): Promise<SiteLog> {
  const { folder, round } = settings;
  await makeFolder(folder, 0o700);
  const { place, mended, unresolved } = await resume(folder);
  const appender = new Appender(folder, place);
  const refusals = new Refusals();
  const fates: EntryOf<'became'>['of'] = [];
  let later: NodeJS.Timeout | undefined;

  const write = (entry: NewEntry) => {
    const placed = appender.append(entry);
    // Who waits for it hears of a failure; of what nobody waits for the next write tells.
    placed.durable.catch(() => undefined);
    return placed;
  };
  function writeFates(): void {
    clearTimeout(later);
    later = undefined;
    while (fates.length > 0) write({ kind: 'became', of: fates.splice(0, mostFates) });
  }
  function tell(n: number, fate: Fate, { as, why = '' }: { as?: Hex; why?: string } = {}): void {
    fates.push({ n, fate, as: as ?? null, why: shortened(why) });
    later ??= setTimeout(writeFates, laterOn).unref();
  }
  const writeRefused = (counted: ReturnType<Refusals['rest']>) => {
    for (const { what, to, why, times } of counted)
      write({ kind: 'refused', what, to, why, round: round(), times });
  };

  if (mended) write({ kind: 'mended', ...mended });
  const { account, chainId: chain, marketplace: contract, sent, software } = settings;
  const salt = bytesToHex(randomBytes(32));
  await write({ kind: 'opened', account, chain, contract, sent, software: shortened(software), salt })
    .durable;
  const open = new Map(unresolved.map((entry) => [entry.n, entry]));

  const resolve = (n: number, fate: Fate) => {
    if (open.delete(n)) tell(n, fate, { why: 'the process ended before it was told' });
  };

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    for (const n of [...open.keys()]) resolve(n, 'unsure');
    writeFates();
    writeRefused(refusals.rest());
    await appender.close({ kind: 'closed' });
  }

  return {
    async leaving({ place: where, what, to, bytes, digest, nonce }) {
      writeFates();
      const { n, head, durable } = write({
        kind: 'leaves',
        place: where,
        what: shortened(what),
        to: shortened(to),
        bytes,
        digest,
        round: round(),
        nonce: nonce ?? null,
      });
      await durable;
      return { head, became: (fate, more) => tell(n, fate, more) };
    },
    refused(refusal) {
      writeRefused(refusals.enter(refusal));
    },
    get unresolved() {
      return [...open.values()];
    },
    resolve,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Where a log goes on, and what was left open. */
interface Resumed {
  readonly place: ConstructorParameters<typeof Appender>[1];
  /** What was cut off. */
  readonly mended: { readonly bytes: number; readonly digest: Hex } | undefined;
  readonly unresolved: readonly EntryOf<'leaves'>[];
}

/** Reads the end of a log, and cuts a torn line off. */
async function resume(folder: string): Promise<Resumed> {
  const numbers = (await fileNumbers(folder)).slice(-2);
  const last = numbers.at(-1);
  if (last === undefined)
    return { place: { file: 1, size: 0, previous: origin, next: 0 }, mended: undefined, unresolved: [] };
  const entries: LoggedEntry[] = [];
  let place: { previous: Hex; next: number } | undefined =
    numbers[0] === 1 ? { previous: origin, next: 0 } : undefined;
  let [file, size] = [last, 0];
  let mended: Resumed['mended'];
  for (const number of numbers) {
    const path = join(folder, fileName(number));
    const bytes = await bytesOf(path);
    const read = readBytes(fileName(number), bytes, place);
    const [fault] = read.faults;
    if (fault || (read.torn > 0 && number !== last))
      throw new NodeError(
        'state',
        `the site's log in ${folder} was altered: ${fileName(number)}, line ${fault?.line ?? 'at the end'}, ` +
          `${fault?.why ?? 'is torn, though the log goes on'}`,
        { mend: 'Keep the folder for the audit under another name; a new log is begun in its place.' },
      );
    if (read.torn > 0) {
      await truncate(path, read.whole);
      mended = { bytes: read.torn, digest: digestOf(bytes.subarray(read.whole)) };
    }
    entries.push(...read.entries);
    place = read.end;
    // A file that was made and not begun is begun anew, by what tells how it goes on.
    if (read.whole > 0 || number === numbers[0]) [file, size] = [number, read.whole];
  }
  return { place: { ...place!, file, size }, mended, unresolved: unresolvedOf(entries) };
}

/** Entries about to leave of which no later one says what became of them. */
export function unresolvedOf(entries: readonly Pick<LoggedEntry, 'entry'>[]): EntryOf<'leaves'>[] {
  const open = new Map<number, EntryOf<'leaves'>>();
  for (const { entry } of entries) {
    if (entry.kind === 'leaves') open.set(entry.n, entry);
    if (entry.kind === 'became') for (const { n } of entry.of) open.delete(n);
  }
  return [...open.values()];
}
