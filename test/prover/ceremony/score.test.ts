// A ceremony for the statement `score`: the steps are those of any ceremony, and so is what a third party must notice.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyBeacon,
  type CeremonyCircuit,
  checkCeremony,
  checkContributors,
  checkScoreCeremonyKeys,
  contribute,
  finalizeCeremony,
  finalizeScoreCeremony,
  initScoreCeremony,
  readScoreKeysTranscript,
  type ScoreTranscript,
} from '@murmuration/prover/ceremony';
import { loadScoreKeys, type ScoreKeys } from '@murmuration/prover/score';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256File } from '../../../prover/keys/manifest.ts';
import { smallScoreCircuits } from '../support/instances.ts';
import { writeTestPtau } from '../support/ptau.ts';

const beacon = '00112233445566778899aabbccddeeff';
let root: string;
let ptau: string;
let folder: string;
let circuits: CeremonyCircuit[];
let keys: readonly ScoreKeys[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-score-ceremony-'));
  ptau = join(root, 'powers.ptau');
  folder = join(root, 'ceremony');
  circuits = await smallScoreCircuits(join(root, 'circuits'));
  await writeTestPtau(ptau, 5);
  await initScoreCeremony({ ptau, folder }, { circuits });
  await contribute({ folder, name: 'First Bank' });
  await contribute({ folder, name: 'Second Bureau', entropy: 'dice' });
  await applyBeacon({ folder, beacon });
  keys = await finalizeScoreCeremony({ folder, ptau, out: join(root, 'keys') }, { circuits });
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function editTranscript(at: string, edit: (transcript: ScoreTranscript) => void): Promise<void> {
  const path = join(at, 'transcript.json');
  const transcript = JSON.parse(await readFile(path, 'utf8')) as ScoreTranscript;
  edit(transcript);
  await writeFile(path, JSON.stringify(transcript));
}

/** A copy of the logistic keys whose manifest lists what is there after the change. */
async function republish(name: string, change: (at: string) => Promise<void>): Promise<ScoreKeys> {
  const at = join(root, name);
  await cp(keys[0]!.folder, at, { recursive: true });
  await change(at);
  const manifest = JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8'));
  const transcript = join(at, 'transcript.json');
  manifest.transcript.bytes = (await readFile(transcript)).length;
  manifest.transcript.sha256 = await sha256File(transcript);
  await writeFile(join(at, 'manifest.json'), JSON.stringify(manifest));
  return loadScoreKeys(join(at, 'manifest.json'));
}

describe('a ceremony for score', () => {
  it('ends in keys of each shape, complete by themselves and with their contributors', async () => {
    expect(keys.map(({ kind, shape }) => [kind, shape.shape])).toEqual([
      ['ceremony', 'logistic'],
      ['ceremony', 'network'],
    ]);
    for (const each of keys) {
      const { transcript } = await checkScoreCeremonyKeys({ keys: each, ptau }, { circuits });
      expect(checkContributors(transcript)).toEqual(['First Bank', 'Second Bureau']);
      expect(each.verifyingKey.ic).toHaveLength(10);
    }
  });

  it('gives no keys of a preset', async () => {
    const out = join(root, 'preset-keys');
    await expect(finalizeCeremony({ folder, ptau, out }, { circuits })).rejects.toThrow(
      /is a ceremony for score, but keys of a preset are asked for/,
    );
  });

  it('is refused with a key that was altered, and for other circuits', async () => {
    const at = join(root, 'altered');
    await cp(folder, at, { recursive: true });
    const path = join(at, 'network.0003.zkey');
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(
      /network\.0003\.zkey has SHA-256/,
    );
    const other = circuits.map((one) => ({ ...one, r1cs: { ...one.r1cs, sha256: '0'.repeat(64) } }));
    await expect(checkCeremony({ folder, ptau }, { circuits: other })).rejects.toThrow(
      /score\/logistic: the ceremony is for another circuit/,
    );
  });

  it('is no ceremony in which a name or a key is changed afterwards', async () => {
    const renamed = await republish('renamed', (at) =>
      editTranscript(at, ({ steps }) => {
        steps[0]!.name = 'Somebody Else';
      }),
    );
    await expect(checkScoreCeremonyKeys({ keys: renamed, ptau }, { circuits })).rejects.toThrow(
      /is not the transcript's/,
    );
    const foreign = await republish('foreign', (at) =>
      editTranscript(at, ({ steps }) => {
        steps.at(-1)!.circuits.logistic.zkey = '0'.repeat(64);
      }),
    );
    await expect(readScoreKeysTranscript(foreign)).rejects.toThrow(
      /its transcript is that of other keys \(logistic\)/,
    );
  });

  it('is not claimed by one contributor for a set of two names', async () => {
    const alone = await republish('alone', (at) => editTranscript(at, ({ steps }) => steps.splice(1, 1)));
    const transcript = await readScoreKeysTranscript(alone);
    expect(() => checkContributors(transcript)).toThrow(/the ceremony of score has one contributor/);
    await expect(checkScoreCeremonyKeys({ keys: alone, ptau }, { circuits })).rejects.toThrow(
      /records 3 contributions, but the transcript 2/,
    );
  });

  it('lists its transcript, which is hashed as every file is', async () => {
    const at = join(root, 'unlisted');
    await cp(keys[0]!.folder, at, { recursive: true });
    await editTranscript(at, ({ steps }) => {
      steps[0]!.name = 'Somebody Else';
    });
    await expect(loadScoreKeys(join(at, 'manifest.json'))).rejects.toMatchObject({ code: 'key-file' });
    const manifest = JSON.parse(await readFile(join(keys[0]!.folder, 'manifest.json'), 'utf8'));
    delete manifest.transcript;
    await writeFile(join(at, 'manifest.json'), JSON.stringify(manifest));
    await expect(loadScoreKeys(join(at, 'manifest.json'))).rejects.toMatchObject({ code: 'key-file' });
  });
});
