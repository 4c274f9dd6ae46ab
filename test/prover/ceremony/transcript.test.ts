// A ceremony's transcript comes from others: what cannot be one is refused before any key is looked at, with the reason.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circuitNames } from '@murmuration/circuits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCircuits } from '../../../prover/ceremony/ceremony.ts';
import { readTranscript } from '../../../prover/ceremony/transcript.ts';
import { cacheFolder } from '../../cache_folder.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-transcript-'));
  path = join(folder, 'transcript.json');
});
afterAll(() => rm(folder, { recursive: true }));

const [sha256, blake] = ['0'.repeat(64), '0'.repeat(128)];
const each = <T>(value: T) => Object.fromEntries(circuitNames.map((name) => [name, value]));
const good = {
  format: 'murmuration-ceremony/1',
  preset: 'tiny',
  ptau: { file: 'powers.ptau', bytes: 1, sha256, power: 7 },
  circuits: each({ r1cs: sha256, wasm: sha256, zkey: sha256, circuitHash: blake }),
  steps: [] as unknown[],
};
const contribution = { kind: 'contribution', name: 'A', circuits: each({ zkey: sha256, hash: blake }) };
const beacon = { ...contribution, kind: 'beacon', beacon: '00'.repeat(16), iterationsExp: 10 };
const refused = (message: RegExp | string) =>
  expect(readTranscript(folder)).rejects.toMatchObject({
    name: 'ProverError',
    code: 'ceremony',
    message: expect.stringMatching(message),
  });

describe('a transcript', () => {
  it('that is not there is begun with, or sought elsewhere', async () => {
    await expect(readTranscript(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'ceremony',
      message: expect.stringMatching(/nowhere.transcript\.json is missing$/),
      mend: "Begin with `murmur ceremony init`, or name the ceremony's folder.",
    });
  });
  it('has 2^20 bytes at most', async () => {
    const text = JSON.stringify(good);
    await writeFile(path, text.padEnd(2 ** 20));
    expect(await readTranscript(folder)).toEqual(good);
    await writeFile(path, text.padEnd(2 ** 20 + 1));
    await refused(/has 1048577 bytes, but a transcript has fewer than 2\^20/);
  });
  it('is JSON', async () => {
    await writeFile(path, '{');
    await refused(/transcript\.json is not JSON \(/);
  });
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /transcript\.json: the transcript: /],
    ['another format', { ...good, format: 'other' }, /: format: /],
    ['an unknown preset', { ...good, preset: 'huge' }, /: preset: /],
    ['a field too many', { ...good, more: 1 }, /: the transcript: .*more/],
    [
      'a hash that is none',
      { ...good, ptau: { ...good.ptau, sha256: 'x' } },
      /: ptau\.sha256: 64 hexadecimal/,
    ],
    ['a file of no bytes', { ...good, ptau: { ...good.ptau, bytes: 0 } }, /: ptau\.bytes: /],
    ['too many steps', { ...good, steps: Array(256).fill(contribution) }, /: steps: /],
    [
      'a step of another kind',
      { ...good, steps: [{ ...contribution, kind: 'other' }] },
      /: steps\.0\.kind: /,
    ],
    [
      'a contribution with a beacon',
      { ...good, steps: [{ ...contribution, beacon: '00' }] },
      /: steps\.0: .*beacon/,
    ],
    [
      'a short beacon',
      { ...good, steps: [{ ...beacon, beacon: '00'.repeat(15) }] },
      /: steps\.0\.beacon: 16 to 128/,
    ],
    [
      'a long beacon',
      { ...good, steps: [{ ...beacon, beacon: '00'.repeat(129) }] },
      /: steps\.0\.beacon: 16 to 128/,
    ],
    ['a quick beacon', { ...good, steps: [{ ...beacon, iterationsExp: 9 }] }, /: steps\.0\.iterationsExp: /],
    [
      'an endless beacon',
      { ...good, steps: [{ ...beacon, iterationsExp: 33 }] },
      /: steps\.0\.iterationsExp: /,
    ],
    ['no name', { ...good, steps: [{ ...contribution, name: '' }] }, /: steps\.0\.name: 1 to 64 printable/],
  ])('with %s is refused', async (_, transcript, message) => {
    await writeFile(path, JSON.stringify(transcript));
    await refused(message);
  });
  it('has up to 255 steps, and beacons of 2^10 to 2^32 hashes', async () => {
    const ends = [beacon, { ...beacon, beacon: 'ff'.repeat(128), iterationsExp: 32 }];
    const most = { ...good, steps: [...Array(253).fill(contribution), ...ends] };
    await writeFile(path, JSON.stringify(most));
    expect(await readTranscript(folder)).toEqual(most);
  });
});

describe('its circuits', () => {
  it('are compiled, those that are asked for, each told by its name before', async () => {
    const told: string[] = [];
    const onProgress = ({ stage, id }: { stage: string; id: string }) => void told.push(`${stage} ${id}`);
    const names = circuitNames.slice(0, 2);
    const made = await compileCircuits('tiny', names, { cacheFolder, onProgress });
    expect(made.map(({ id, circuit }) => [id, circuit])).toEqual(names.map((name) => [`${name}/tiny`, name]));
    const score = await compileCircuits('score', ['logistic'], { cacheFolder, onProgress });
    expect(score).toMatchObject([{ id: 'score/logistic', circuit: 'logistic' }]);
    expect(told).toEqual([...names.map((name) => `compile ${name}/tiny`), 'compile score/logistic']);
    const silent = await compileCircuits('tiny', names, { cacheFolder });
    expect(silent).toEqual(made);
    const given = await compileCircuits('tiny', names.slice(1), { circuits: made });
    expect(given).toEqual(made.slice(1));
  });
});
