// A site's log in a folder of its own, with a few entries of each kind.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../../node/protocol/index.ts';
import { openSiteLog, type SiteLog, type SiteLogSettings } from '../../../node/site/index.ts';

export const newFolder = (): string => join(mkdtempSync(join(tmpdir(), 'murmuration-site-')), 'site-log');

export const settings = (folder: string, more: Partial<SiteLogSettings> = {}): SiteLogSettings => ({
  folder,
  account: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
  chainId: 31337,
  marketplace: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  sent: 0,
  software: 'a test',
  round: () => 3,
  ...more,
});

/** Something to send: different for every number. */
export const content = (number: number) => {
  const bytes = new TextEncoder().encode(`content ${number}`);
  return {
    place: 'store',
    what: 'update',
    to: 'all',
    bytes: bytes.length,
    digest: digestOf(bytes),
  } as const;
};

/** Writes `count` contents, and closes. */
export async function written(folder: string, count: number): Promise<void> {
  const log = await openSiteLog(settings(folder));
  await writeSome(log, count);
  await log.close();
}

export async function writeSome(log: SiteLog, count: number): Promise<void> {
  for (let number = 0; number < count; number++) (await log.leaving(content(number))).became('left');
}
