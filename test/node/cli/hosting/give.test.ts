// A package leaves only once the owner's own log has it; a file that is handed on is in it as much as one in the store.
import { describe, expect, it } from 'vitest';
import { handOver } from '../../../../node/cli/hosting/give.ts';
import { packageWord } from '../../../../node/hosting/index.ts';
import { digestOf } from '../../../../node/protocol/index.ts';
import { openSiteLog, readSiteLog } from '../../../../node/site/index.ts';
import { newFolder, settings } from '../../site/fixture.ts';

const operator = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const sealed = Uint8Array.of(1, 2, 3);

const entriesOf = async (folder: string) => (await readSiteLog(folder)).entries.map(({ entry }) => entry);
const fatesOf = async (folder: string) =>
  (await entriesOf(folder)).flatMap((entry) => (entry.kind === 'became' ? entry.of : []));

describe('what is handed to a host', () => {
  it.each(['store', 'file'] as const)('is in the owner’s log before it leaves by a %s', async (place) => {
    const folder = newFolder();
    const log = await openSiteLog(settings(folder));
    const before = await handOver(log, { operator, sealed, place }, () => entriesOf(folder));
    expect(before.at(-1)).toMatchObject({
      kind: 'leaves',
      place,
      what: packageWord,
      to: expect.stringContaining(operator),
      bytes: sealed.length,
      digest: digestOf(sealed),
    });
    await log.close();
    expect(await fatesOf(folder)).toMatchObject([{ fate: 'left' }]);
  });

  it('counts as left where the store took perhaps a part of it', async () => {
    const folder = newFolder();
    const log = await openSiteLog(settings(folder));
    const handing = handOver(log, { operator, sealed, place: 'store' }, async () => {
      throw new Error('the disk is full');
    });
    await expect(handing).rejects.toThrow('the disk is full');
    await log.close();
    expect(await fatesOf(folder)).toMatchObject([{ fate: 'unsure', why: 'the disk is full' }]);
  });

  it('does not leave while the log cannot be written', async () => {
    const log = { leaving: () => Promise.reject(new Error('the log is full')) };
    const handing = handOver(log, { operator, sealed, place: 'store' }, async () => expect.fail('it left'));
    await expect(handing).rejects.toThrow('the log is full');
  });
});
