// A whole ceremony at the smallest size, and every way to cheat in it that a third party must notice.
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CircuitArtifact, circuitNames } from '@murmuration/circuits';
import {
  applyBeacon,
  type CeremonyProgress,
  checkCeremony,
  checkCeremonyKeys,
  checkContributors,
  contribute,
  finalizeCeremony,
  initCeremony,
  readKeysTranscript,
  type Transcript,
} from '@murmuration/prover/ceremony';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStep } from '../../../prover/ceremony/phase2.ts';
import { readPowers } from '../../../prover/ceremony/ptau.ts';
import { ensureDevelopmentKeys, type KeySet, loadKeys, readZkey } from '../../../prover/keys/index.ts';
import { sha256File } from '../../../prover/keys/manifest.ts';
import { decodeSrs, encodeSrs, verifySrs } from '../../../prover/kzg/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { smallCircuits } from '../support/instances.ts';
import { writeTestPtau } from '../support/ptau.ts';

const beacon = '00112233445566778899aabbccddeeff';
let root: string;
let ptau: string;
let folder: string;
let circuits: CircuitArtifact[];
let keys: KeySet;
/** What the ceremony told of its progress. */
const told: string[] = [];

/** A copy of the finished ceremony to tamper with. */
async function copy(name: string): Promise<string> {
  const to = join(root, name);
  await cp(folder, to, { recursive: true });
  return to;
}

async function editTranscript(at: string, edit: (transcript: Transcript) => void): Promise<void> {
  const path = join(at, 'transcript.json');
  const transcript = JSON.parse(await readFile(path, 'utf8')) as Transcript;
  edit(transcript);
  await writeFile(path, JSON.stringify(transcript));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'murmuration-ceremony-'));
  ptau = join(root, 'powers.ptau');
  folder = join(root, 'ceremony');
  circuits = await smallCircuits(join(root, 'circuits'));
  await writeTestPtau(ptau, 7);
  const options = { onProgress: ({ stage, id }: CeremonyProgress) => void told.push(`${stage} ${id}`) };
  await initCeremony({ preset: 'tiny', ptau, folder }, { circuits, ...options });
  await contribute({ folder, name: 'First University' }, options);
  await contribute({ folder, name: 'Second Hospital', entropy: 'dice' });
  await applyBeacon({ folder, beacon }, options);
  keys = await finalizeCeremony({ folder, ptau, out: join(root, 'keys') }, { circuits, ...options });
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a ceremony', () => {
  it('ends in keys of their own kind, with the powers of the same file', async () => {
    expect(keys.kind).toBe('ceremony');
    expect(keys.manifest.kind === 'ceremony' && keys.manifest.transcript.file).toBe('transcript.json');
    expect(await verifySrs(keys.srs)).toBe(true);
    expect((await loadKeys(join(keys.folder, 'manifest.json'))).circuit('update').provingKey).toEqual(
      keys.circuit('update').provingKey,
    );
  });
  it('is no ceremony with the powers of the development secret', async () => {
    const at = join(root, 'development-powers');
    await cp(keys.folder, at, { recursive: true });
    const development = await ensureDevelopmentKeys('tiny', { cacheFolder });
    await copyFile(join(development.folder, 'powers.srs'), join(at, keys.manifest.srs.file));
    const srs = { ...development.manifest.srs, file: keys.manifest.srs.file };
    await writeFile(join(at, 'manifest.json'), JSON.stringify({ ...keys.manifest, srs }));
    await expect(loadKeys(join(at, 'manifest.json'))).rejects.toThrow(/powers of the development secret/);
  });
  it('tells what it does to which key', () => {
    const ids = circuitNames.map((circuit) => `${circuit}/tiny`);
    const each = (...stages: string[]) => ids.flatMap((id) => stages.map((stage) => `${stage} ${id}`));
    expect(told).toEqual([
      'hash powers.ptau',
      ...each('new'),
      ...each('hash', 'contribute'),
      ...each('hash', 'beacon'),
      'hash powers.ptau',
      ...each('hash', 'verify'),
      'powers tiny',
    ]);
  });
  it('is closed by its beacon', async () => {
    await expect(contribute({ folder, name: 'Late' })).rejects.toThrow(/closed by a beacon/);
  });
  it('can be checked before it is finished, but not finished then', async () => {
    const at = await copy('unfinished');
    await editTranscript(at, ({ steps }) => steps.splice(1));
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(/not closed by a beacon/);
    const { transcript } = await checkCeremony({ folder: at, ptau, unfinished: true }, { circuits });
    expect(transcript.steps.map(({ name }) => name)).toEqual(['First University']);
  });
  it('is refused with another Powers of Tau file', async () => {
    const other = join(root, 'other.ptau');
    const bytes = await readFile(ptau);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(other, bytes);
    await expect(checkCeremony({ folder, ptau: other }, { circuits })).rejects.toThrow(
      /the ceremony began with/,
    );
  });
  it('is refused with too few powers, before they are hashed', async () => {
    const small = join(root, 'few.ptau');
    await writeTestPtau(small, 5);
    await expect(checkCeremony({ folder, ptau: small }, { circuits })).rejects.toMatchObject({
      code: 'key-file',
      message: `${small} is for 2^5 constraints, but tiny needs 2^7`,
    });
  });
  it('begins in a folder of its own, and ends in a new one', async () => {
    await expect(initCeremony({ preset: 'tiny', ptau, folder }, { circuits })).rejects.toMatchObject({
      code: 'ceremony',
      message: `${folder} already holds a ceremony`,
      mend: 'Contribute to it, or choose another folder.',
    });
    await expect(finalizeCeremony({ folder, ptau, out: keys.folder }, { circuits })).rejects.toMatchObject({
      code: 'ceremony',
      message: `${keys.folder} exists`,
      mend: 'Choose a new folder for the keys.',
    });
  });
  it('is refused for other circuits', async () => {
    const other = circuits.map((one) => ({ ...one, r1cs: { ...one.r1cs, sha256: '0'.repeat(64) } }));
    await expect(checkCeremony({ folder, ptau }, { circuits: other })).rejects.toThrow(/another circuit/);
  });
});

describe('a key without contribution', () => {
  it('passes snarkjs and is refused here', async () => {
    const zkey = join(folder, 'update.0000.zkey');
    expect((await runStep({ type: 'verify', r1cs: circuits[0]!.r1cs.path, ptau, zkey })).ok).toBe(true);
    await expect(readZkey(zkey)).rejects.toThrow(/gamma equals delta/);
  });
  it('ends no ceremony', async () => {
    const at = await copy('empty');
    await editTranscript(at, (transcript) => transcript.steps.splice(0));
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(/has no contribution/);
    await expect(applyBeacon({ folder: at, beacon })).rejects.toMatchObject({
      code: 'ceremony',
      mend: 'Contribute first.',
    });
  });
});

describe('tampering', () => {
  it('with the order of steps, so that somebody contributes after the beacon', async () => {
    const at = await copy('reordered');
    await editTranscript(at, ({ steps }) => steps.push(steps[2]!));
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toMatchObject({
      code: 'ceremony',
      message: `${at}: step 3 is a beacon, but contributions follow it`,
    });
  });
  it('with what a key began from is found, and so is a key that is gone', async () => {
    const at = await copy('began');
    await editTranscript(at, (transcript) => {
      transcript.circuits.alignment.circuitHash = '0'.repeat(128);
    });
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toMatchObject({
      code: 'ceremony',
      message: expect.stringMatching(
        /alignment\.0003\.zkey began from another circuit or other powers than the transcript says$/,
      ),
    });
    const last = join(at, 'update.0003.zkey');
    await rm(last);
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toMatchObject({
      code: 'ceremony',
      message: `${last} is missing`,
      mend: 'Get it from the contributor of the step before.',
    });
  });
  it('with a key after its step is named', async () => {
    const at = await copy('altered');
    const path = join(at, 'aggregate.0003.zkey');
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(
      /aggregate\.0003\.zkey has SHA-256/,
    );
  });
  it('with points and transcript together is found by the proofs of the contributions', async () => {
    const at = await copy('points');
    const path = join(at, 'update.0003.zkey');
    // Swap two points of section 8: all hashes that the tamperer can make again are made again.
    const bytes = await readFile(path);
    const at8 = sectionStart(bytes, 8);
    const first = Buffer.from(bytes.subarray(at8, at8 + 64));
    bytes.copy(bytes, at8, at8 + 64, at8 + 128);
    first.copy(bytes, at8 + 64);
    await writeFile(path, bytes);
    const sha256 = await sha256File(path);
    await editTranscript(at, ({ steps }) => {
      steps[2]!.circuits.update.zkey = sha256;
    });
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(
      /does not follow.*L section/,
    );
  });
  it('with a name in the transcript is found', async () => {
    const at = await copy('renamed');
    await editTranscript(at, ({ steps }) => {
      steps[0]!.name = 'Somebody Else';
    });
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(
      /is not the transcript's/,
    );
  });
  it('with a hash of a contribution is found', async () => {
    const at = await copy('rehashed');
    await editTranscript(at, ({ steps }) => {
      steps[1]!.circuits.alignment.hash = '0'.repeat(128);
    });
    await expect(checkCeremony({ folder: at, ptau }, { circuits })).rejects.toThrow(
      /is not the transcript's/,
    );
  });
  it('before the next contribution stops it', async () => {
    const at = await copy('before');
    await editTranscript(at, ({ steps }) => steps.splice(2));
    await copyFile(join(at, 'update.0001.zkey'), join(at, 'update.0002.zkey'));
    await expect(contribute({ folder: at, name: 'Third' })).rejects.toThrow(/update\.0002\.zkey has SHA-256/);
  });
});

describe('published keys', () => {
  /** A copy of the published folder with a manifest that lists what is there now. */
  async function republish(name: string, change: (at: string) => Promise<void>): Promise<KeySet> {
    const at = join(root, name);
    await cp(keys.folder, at, { recursive: true });
    await change(at);
    const { manifest } = keys;
    const listed = async <T extends { file: string }>(entry: T) => ({
      ...entry,
      bytes: (await readFile(join(at, entry.file))).length,
      sha256: await sha256File(join(at, entry.file)),
    });
    if (manifest.kind !== 'ceremony') throw new Error('not of a ceremony');
    const [srs, transcript] = [await listed(manifest.srs), await listed(manifest.transcript)];
    await writeFile(join(at, 'manifest.json'), JSON.stringify({ ...manifest, srs, transcript }));
    return loadKeys(join(at, 'manifest.json'));
  }

  it('are checked from their folder alone, and name their contributors', async () => {
    const { transcript } = await checkCeremonyKeys({ keys, ptau }, { circuits });
    expect(checkContributors(transcript)).toEqual(['First University', 'Second Hospital']);
    expect(await readKeysTranscript(keys)).toEqual(transcript);
  });

  it('are refused with the reason where one contributor made them', async () => {
    const { steps, ...rest } = await readKeysTranscript(keys);
    const named = (...names: string[]) => ({
      ...rest,
      steps: steps.map((step, i) => ({ ...step, name: names[i] ?? step.name })),
    });
    expect(checkContributors(named('Deployer Inc', 'Clinic'))).toEqual(['Deployer Inc', 'Clinic']);
    const transcript = named('Deployer Inc', ' deployer inc');
    expect(() => checkContributors(transcript)).toThrow(
      /has one contributor \(Deployer Inc\): who kept the secret of its only contribution can forge/,
    );
  });

  it('with powers of another secret are refused, although their form is right', async () => {
    const development = await ensureDevelopmentKeys('tiny', { cacheFolder });
    const g1 = development.srs.g1.slice();
    const forged = { ...keys, srs: { ...keys.srs, g1 } };
    await expect(checkCeremonyKeys({ keys: forged, ptau }, { circuits })).rejects.toThrow(
      /are not the powers of /,
    );
  });

  it('with the transcript of another ceremony, or with a changed one, are refused', async () => {
    const renamed = await republish('renamed-keys', (at) =>
      editTranscript(at, ({ steps }) => {
        steps[0]!.name = 'Somebody Else';
      }),
    );
    await expect(checkCeremonyKeys({ keys: renamed, ptau }, { circuits })).rejects.toThrow(
      /is not the transcript's/,
    );
    const foreign = await republish('foreign-keys', (at) =>
      editTranscript(at, ({ steps }) => {
        steps.at(-1)!.circuits.update.zkey = '0'.repeat(64);
      }),
    );
    await expect(readKeysTranscript(foreign)).rejects.toThrow(
      /its transcript is that of other keys \(update\)/,
    );
    const development = await ensureDevelopmentKeys('tiny', { cacheFolder });
    await expect(readKeysTranscript(development)).rejects.toThrow(/keys that no ceremony made/);
  });
});

describe('what comes from outside', () => {
  it('a Powers of Tau file that is too small is refused with what is needed', async () => {
    const small = join(root, 'small.ptau');
    await writeTestPtau(small, 5);
    const attempt = initCeremony({ preset: 'tiny', ptau: small, folder: join(root, 'small') }, { circuits });
    await expect(attempt).rejects.toThrow(/for 2\^5 constraints, but tiny needs 2\^7/);
    await expect(readPowers(small, 99)).rejects.toThrow(/fewer than the 99 powers/);
  });
  it('a file of another kind is refused', async () => {
    const zkey = join(folder, 'update.0000.zkey');
    const attempt = initCeremony({ preset: 'tiny', ptau: zkey, folder: join(root, 'kind') }, { circuits });
    await expect(attempt).rejects.toThrow(/not a ptau file/);
  });
  it("reads snarkjs's own files", async () => {
    const { powersOfTau } = await import('snarkjs');
    const { buildBn128 } = await import('ffjavascript');
    const curve = await buildBn128(false);
    const path = join(root, 'own.ptau');
    await powersOfTau.newAccumulator(curve, 3, path);
    await powersOfTau.contribute(path, `${path}.1`, 'test', 'entropy');
    await powersOfTau.preparePhase2(`${path}.1`, `${path}.2`);
    await curve.terminate();
    const srs = await decodeSrs(encodeSrs(await readPowers(`${path}.2`, 15)));
    expect(await verifySrs(srs)).toBe(true);
  });
  it.each([
    ['', /1 to 64 printable/],
    ['a\nb', /1 to 64 printable/],
    ['x'.repeat(65), /1 to 64 printable/],
  ])('a name %j is refused', async (name, message) => {
    await expect(contribute({ folder, name })).rejects.toThrow(message);
  });
  it('a beacon of another form is refused', async () => {
    await expect(applyBeacon({ folder, beacon: 'abc' })).rejects.toThrow(/16 to 128 bytes/);
    await expect(applyBeacon({ folder, beacon, iterationsExp: 9 })).rejects.toThrow(/from 10 to 32/);
    // A transcript of 2^63 hashes would keep a verifier busy for ever.
    await expect(applyBeacon({ folder, beacon, iterationsExp: 33 })).rejects.toThrow(/from 10 to 32/);
  });
});

function sectionStart(bytes: Buffer, wanted: number): number {
  for (let at = 12; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at + 4));
    if (bytes.readUInt32LE(at) === wanted) return at + 12;
    at += 12 + length;
  }
  throw new Error(`no section ${wanted}`);
}
