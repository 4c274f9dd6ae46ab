// A site's log: it is on the disk before anything leaves, goes on after a crash at any byte, and every change of it
// is found and named.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { NodeError } from '../../../node/errors.ts';
import { Appender } from '../../../node/site/append.ts';
import {
  type EntryOf,
  encodeLine,
  fileBytes,
  type LoggedEntry,
  openSiteLog,
  readSiteLog,
} from '../../../node/site/index.ts';
import { origin } from '../../../node/site/line.ts';
import { Refusals } from '../../../node/site/refusals.ts';
import { content, newFolder, settings, writeSome, written } from './fixture.ts';

const first = (folder: string) => join(folder, '000001.log');
const kinds = (entries: readonly LoggedEntry[]) => entries.map(({ entry }) => entry.kind);
const leaves = (entries: readonly LoggedEntry[]) =>
  entries.flatMap(({ entry }) => (entry.kind === 'leaves' ? [entry] : []));
const fates = (entries: readonly LoggedEntry[]) =>
  entries.flatMap(({ entry }) => (entry.kind === 'became' ? entry.of : []));

describe('a site’s log', () => {
  it('has what is about to leave before it may, with what became of it', async () => {
    const folder = newFolder();
    const log = await openSiteLog(settings(folder));
    const departure = await log.leaving({ ...content(1), nonce: 7 });
    const { entries, faults } = await readSiteLog(folder);
    expect(faults).toEqual([]);
    expect(entries.at(-1)).toMatchObject({
      head: departure.head,
      entry: { kind: 'leaves', ...content(1), nonce: 7, round: 3 },
    });
    departure.became('left', { as: content(2).digest });
    log.refused({ what: 'a share', to: 'all', why: 'it tells a secret' });
    await log.close();
    const { entries: all } = await readSiteLog(folder);
    expect(kinds(all).toSorted()).toEqual(['became', 'closed', 'leaves', 'opened', 'refused']);
    expect(fates(all)).toEqual([{ n: leaves(all)[0]!.n, fate: 'left', as: content(2).digest, why: '' }]);
  });

  it('lets nothing leave while it cannot be written, and goes on from what is there', async () => {
    const folder = newFolder();
    const log = await openSiteLog(settings(folder));
    await writeSome(log, 2);
    const handle = await open(first(folder), 'r');
    const prototype = Object.getPrototypeOf(handle) as { datasync(): Promise<void> };
    await handle.close();
    const full = vi.spyOn(prototype, 'datasync').mockRejectedValue(new Error('ENOSPC: no space left'));
    const refused = await Promise.allSettled([log.leaving(content(3)), log.leaving(content(4))]);
    for (const each of refused)
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'state', prospect: 'passing' } });
    full.mockRestore();
    await log.leaving(content(5));
    await log.close();
    const { entries, faults } = await readSiteLog(folder);
    expect(faults).toEqual([]);
    expect(leaves(entries).map(({ digest }) => digest)).toEqual([0, 1, 5].map((n) => content(n).digest));
  });

  it('mends a line that a crash has torn at any byte, and keeps the chain', async () => {
    const folder = newFolder();
    await written(folder, 3);
    const whole = readFileSync(first(folder));
    const lines = whole.toString().split('\n');
    const lastLine = Buffer.byteLength(lines.at(-2)!) + 1;
    for (const cut of [1, 2, 40, 70, lastLine - 1]) {
      writeFileSync(first(folder), whole.subarray(0, whole.length - cut));
      const log = await openSiteLog(settings(folder));
      await log.leaving(content(9));
      await log.close();
      const { entries, faults, torn } = await readSiteLog(folder);
      expect(faults).toEqual([]);
      expect(torn).toBe(0);
      const mended = entries.filter(({ entry }) => entry.kind === 'mended');
      expect(mended).toMatchObject([{ entry: { bytes: lastLine - cut } }]);
      expect(leaves(entries)).toHaveLength(4);
    }
    // A power cut may leave room for what never came.
    writeFileSync(first(folder), Buffer.concat([whole, Buffer.alloc(4096)]));
    await (await openSiteLog(settings(folder))).close();
    expect((await readSiteLog(folder)).faults).toEqual([]);
  });

  it('tells what an earlier process was about to send, of which nobody knows', async () => {
    const [folder, killed] = [newFolder(), newFolder()];
    const process = await openSiteLog(settings(killed));
    await process.leaving(content(1));
    await process.leaving(content(2));
    // As a kill leaves it.
    cpSync(killed, folder, { recursive: true });
    await process.close();
    const log = await openSiteLog(settings(folder));
    expect(log.unresolved.map(({ digest }) => digest)).toEqual([content(1).digest, content(2).digest]);
    log.resolve(log.unresolved[0]!.n, 'left');
    await log.close();
    const { entries } = await readSiteLog(folder);
    expect(fates(entries).map(({ fate }) => fate)).toEqual(['left', 'unsure']);
    const again = await openSiteLog(settings(folder));
    expect(again.unresolved).toEqual([]);
    await again.close();
  });

  it('that is closed writes nothing of what its process tells too late, nor lets it leave', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const folder = newFolder();
      const before = await openSiteLog(settings(folder));
      const open = await before.leaving(content(1));
      await before.close();
      const after = await openSiteLog(settings(folder));
      open.became('left');
      for (const what of ['a share', 'a key']) before.refused({ what, to: 'all', why: 'it tells a secret' });
      vi.runAllTimers();
      await expect(before.leaving(content(2))).rejects.toThrow(/is closed/);
      await before.close();
      await after.leaving(content(3));
      await after.close();
      const { entries, faults } = await readSiteLog(folder);
      expect(faults).toEqual([]);
      expect(leaves(entries).map(({ digest }) => digest)).toEqual([1, 3].map((n) => content(n).digest));
      expect(fates(entries)).toMatchObject([{ fate: 'unsure' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('writes what is asked for in the turn in which the line before it came to the disk', async () => {
    const folder = newFolder();
    const appender = new Appender(folder, { file: 1, size: 0, previous: origin, next: 0 });
    mkdirSync(folder);
    const refused = {
      kind: 'refused',
      what: 'a share',
      to: 'all',
      why: 'it tells',
      round: 1,
      times: 1,
    } as const;
    const next = appender.append(refused).durable.then(() => appender.append(refused).durable);
    await next;
    await appender.close({ kind: 'closed' });
    expect(kinds((await readSiteLog(folder)).entries)).toEqual(['refused', 'refused', 'closed']);
  });

  it('refuses to go on from a line that was altered, and names it', async () => {
    const folder = newFolder();
    await written(folder, 3);
    const text = readFileSync(first(folder), 'utf8');
    writeFileSync(first(folder), text.replace('update', 'copies'));
    const opening = openSiteLog(settings(folder));
    await expect(opening).rejects.toBeInstanceOf(NodeError);
    await expect(opening).rejects.toMatchObject({
      code: 'state',
      message: expect.stringContaining('000001.log, line 2'),
    });
  });

  it('goes on in another file, and a missing file is named', async () => {
    const folder = newFolder();
    // A log that is nearly full.
    const log = await openSiteLog(settings(folder));
    await log.close();
    const { entries } = await readSiteLog(folder);
    let { head, entry } = entries.at(-1)!;
    let text = '';
    while (text.length < fileBytes) {
      const next = { ...leavesOf(entry.n + 1), to: 'x'.repeat(300) };
      const line = encodeLine(head, next);
      text += new TextDecoder().decode(line.bytes);
      [head, entry] = [line.head, next];
    }
    appendFileSync(first(folder), text);
    const full = await openSiteLog(settings(folder));
    await writeSome(full, 3);
    await full.close();
    const read = await readSiteLog(folder);
    expect(read.files).toEqual(['000001.log', '000002.log']);
    expect(read.faults).toEqual([]);
    const again = await openSiteLog(settings(folder));
    await again.close();
    renameSync(first(folder), join(folder, 'elsewhere'));
    const rest = await readSiteLog(folder);
    expect(rest).toMatchObject({ faults: [], files: ['000002.log'] });
    expect(rest.missing).toBeGreaterThan(1000);
    expect(rest.entries[0]?.entry.kind).toBe('continued');
    // What is there still holds together: a change is found without the files before.
    const second = readFileSync(join(folder, '000002.log'), 'utf8');
    writeFileSync(join(folder, '000002.log'), second.replace('update', 'copies'));
    expect((await readSiteLog(folder)).faults).toHaveLength(1);
  });

  it('begins a file anew that a crash left empty', async () => {
    const folder = newFolder();
    writeFileSync(join(await madeFolder(folder), '000001.log'), '');
    await written(folder, 1);
    expect((await readSiteLog(folder)).faults).toEqual([]);
  });
});

describe('a log that was changed', () => {
  it('shows it, whatever byte it is, and names the line', async () => {
    const folder = newFolder();
    await written(folder, 6);
    const whole = readFileSync(first(folder));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= change;
        writeFileSync(first(folder), bytes);
        const { faults, torn } = await readSiteLog(folder);
        const line = whole.subarray(0, at).toString().split('\n').length;
        const lines = whole.toString().split('\n').length - 1;
        // At the end a change may look like what a crash leaves, which is named as such.
        if (torn > 0) expect(line).toBe(lines);
        else expect(faults.map((fault) => fault.line)).toContain(line);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['taken out', (lines: string[]) => lines.toSpliced(3, 1), 4, 'entries 3 to 3 were taken out'],
    ['moved', (lines: string[]) => lines.with(3, lines[4]!).with(4, lines[3]!), 5, 'it was moved, or put in'],
    ['put in twice', (lines: string[]) => lines.toSpliced(4, 0, lines[3]!), 5, 'it was moved, or put in'],
  ])('names a line that was %s', async (_, change, line, why) => {
    const folder = newFolder();
    await written(folder, 6);
    const lines = readFileSync(first(folder), 'utf8').trimEnd().split('\n');
    writeFileSync(first(folder), `${change(lines).join('\n')}\n`);
    const { faults } = await readSiteLog(folder);
    expect(faults).toContainEqual({ file: '000001.log', line, why: expect.stringContaining(why) });
  });

  it('names where another log was spliced in', async () => {
    const [folder, other] = [newFolder(), newFolder()];
    await written(folder, 6);
    await written(other, 6);
    const [own, foreign] = [folder, other].map((each) =>
      readFileSync(first(each), 'utf8').trimEnd().split('\n'),
    );
    writeFileSync(first(folder), `${[...own!.slice(0, 4), ...foreign!.slice(4)].join('\n')}\n`);
    const { faults } = await readSiteLog(folder);
    expect(faults).toMatchObject([{ line: 5, why: expect.stringContaining('put in from elsewhere') }]);
  });

  it('that was cut off at a line holds together by itself: the chain has to tell', async () => {
    const folder = newFolder();
    await written(folder, 6);
    const lines = readFileSync(first(folder), 'utf8').split('\n');
    truncateSync(first(folder), Buffer.byteLength(`${lines.slice(0, 4).join('\n')}\n`));
    expect((await readSiteLog(folder)).faults).toEqual([]);
    rmSync(folder, { recursive: true });
    await expect(readSiteLog(folder)).rejects.toMatchObject({ code: 'input' });
  });
});

describe('refusals', () => {
  it('are told once, then counted, and of many kinds the rest together', () => {
    let now = 0;
    const refusals = new Refusals(() => now);
    const knock = (from: number) =>
      refusals.enter({ what: 'a connection', to: `${from}`, why: 'a stranger' });
    expect(knock(1)).toMatchObject([{ to: '1', times: 1 }]);
    for (let times = 0; times < 1000; times++) expect(knock(1)).toEqual([]);
    const told = Array.from({ length: 1000 }, (_, from) => knock(from + 2)).flat();
    expect(told.length).toBeLessThan(64);
    now = 60_000;
    const counted = knock(1);
    // Of 2002 in all, one was told at first.
    expect(counted.reduce((sum, { times }) => sum + times, 0)).toBe(2001 - told.length);
  });
});

async function madeFolder(folder: string): Promise<string> {
  const log = await openSiteLog(settings(folder));
  await log.close();
  rmSync(first(folder));
  return folder;
}

const leavesOf = (n: number): EntryOf<'leaves'> => ({
  n,
  at: '2026-11-26T12:00:00.000Z',
  kind: 'leaves',
  ...content(n),
  round: 1,
  nonce: null,
});
