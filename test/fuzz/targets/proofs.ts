// Proofs, claims and openings, word by word; and the files that keys and ceremonies are made of.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  aggregate,
  createBackend,
  createProver,
  ensureDevelopmentKeys,
  type KeySet,
  loadKeys,
  manifestName,
  type ProofWords,
  proofFromWords,
  proofWords,
} from '@murmuration/prover';
import { checkContributors } from '../../../prover/ceremony/check.ts';
import { readPowers, readPtauPower } from '../../../prover/ceremony/ptau.ts';
import { readTranscript, transcriptName } from '../../../prover/ceremony/transcript.ts';
import { readR1csFile } from '../../../prover/keys/r1cs.ts';
import { readZkey } from '../../../prover/keys/zkey.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { writeTestPtau } from '../../prover/support/ptau.ts';
import { jsonMutators } from '../mutate/json.ts';
import { sectionMutators } from '../mutate/sections.ts';
import type { Prepared, Target } from '../target.ts';

const keysOf = (): Promise<KeySet> => ensureDevelopmentKeys('tiny', { cacheFolder });

/** Words of 32 bytes, the most significant byte first. */
const bytesOf = (words: readonly bigint[]): Uint8Array =>
  new Uint8Array(Buffer.from(words.map((word) => word.toString(16).padStart(64, '0')).join(''), 'hex'));
const wordsOf = (bytes: Uint8Array): bigint[] =>
  Array.from({ length: Math.floor(bytes.length / 32) }, (_, at) =>
    BigInt(`0x${Buffer.from(bytes.subarray(32 * at, 32 * at + 32)).toString('hex')}`),
  );

/** A file of this name, which refusals name, and one that is right. */
interface FileTarget extends Partial<Omit<Prepared, 'read'>> {
  readonly file: string;
  readonly source: string;
  readonly readIt: (path: string) => unknown;
}

/** A target whose input is a file. */
const ofFile = (name: string, inputs: number, make: (scratch: string) => Promise<FileTarget>): Target => ({
  name,
  inputs,
  async prepare(scratch) {
    const { file, source, readIt, ...rest } = await make(scratch);
    const path = join(scratch, file);
    return {
      codes: ['key-file', 'key-unsound', 'point'],
      names: new RegExp(basename(file).replaceAll('.', '\\.')),
      mutators: sectionMutators,
      corpus: [new Uint8Array(await readFile(source))],
      ...rest,
      async read(input) {
        await writeFile(path, input);
        await readIt(path);
      },
    };
  },
});

const sha256 = 'ab'.repeat(32);
const blake = 'cd'.repeat(64);
const ofEach = <Value>(value: Value) => ({ update: value, aggregate: value, alignment: value });
const step = (name: string) => ({
  kind: 'contribution',
  name,
  circuits: ofEach({ zkey: sha256, hash: blake }),
});
const beacon = { ...step('a block to come'), kind: 'beacon', beacon: 'ef'.repeat(32), iterationsExp: 10 };

/** A transcript with these steps. */
const ceremonyOf = (steps: readonly object[]): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      format: 'murmuration-ceremony/1',
      preset: 'tiny',
      ptau: { file: 'powers.ptau', bytes: 1000, sha256, power: 12 },
      circuits: ofEach({ r1cs: sha256, wasm: sha256, zkey: sha256, circuitHash: blake }),
      steps,
    }),
  );

export const proofTargets: readonly Target[] = [
  {
    name: 'groth16',
    inputs: 120,
    async prepare() {
      const backend = createBackend({ name: 'wasm', threads: 1, cacheFolder });
      await backend.start();
      const prover = createProver(await keysOf(), backend);
      const vector = { coordinates: new Int32Array(96).fill(3), blinding: [1n, 2n, 3n] } as const;
      const gamma = 12345n;
      const { h } = await prover.commit('aggregate', vector);
      const { y } = await prover.open('aggregate', vector, gamma);
      const { proof } = await prover.prove(aggregate, { claim: { h, gamma, y }, secret: vector });
      return {
        codes: ['point', 'field', 'argument', 'statement'],
        names: /proof|signal|point|claim|\bh\b|gamma|\by\b/,
        corpus: [bytesOf([...proofWords(proof), h, gamma, y])],
        read(input) {
          const words = wordsOf(input);
          const [ofH = 0n, ofGamma = 0n, ofY = 0n] = words.slice(8);
          const read = proofFromWords(words.slice(0, 8) as unknown as ProofWords);
          prover.verify(aggregate, { h: ofH, gamma: ofGamma, y: ofY }, read);
        },
        close: () => backend.stop(),
      };
    },
  },
  {
    name: 'opening',
    inputs: 150,
    async prepare() {
      const backend = createBackend({ name: 'wasm', threads: 1, cacheFolder });
      await backend.start();
      const keys = await keysOf();
      const prover = createProver(keys, backend);
      const vector = { coordinates: new Int32Array(96).fill(3), blinding: [1n, 2n, 3n] } as const;
      const { commitment } = await prover.commit('update', vector);
      const { y, proof } = await prover.open('update', vector, 7n);
      return {
        codes: ['point', 'field', 'argument'],
        names: /commitment|opening|proof|challenge|value|gamma|\by\b/i,
        corpus: [bytesOf([commitment.x, commitment.y, 7n, y, proof.x, proof.y])],
        read(input) {
          const [x = 0n, ofY = 0n, gamma = 0n, value = 0n, px = 0n, py = 0n] = wordsOf(input);
          prover.verifyOpening({ commitment: { x, y: ofY }, gamma, y: value, proof: { x: px, y: py } });
        },
        close: () => backend.stop(),
      };
    },
  },
  ofFile('zkey', 150, async () => ({
    file: 'update.zkey',
    source: (await keysOf()).circuit('update').provingKey.zkeyPath,
    readIt: (path) => readZkey(path),
  })),
  {
    name: 'transcript',
    inputs: 300,
    async prepare(scratch) {
      const path = join(scratch, transcriptName);
      return {
        codes: ['ceremony'],
        names: /transcript|contributor|contribution/,
        mutators: jsonMutators,
        corpus: [ceremonyOf([step('First University'), step('Second Hospital'), beacon])],
        async read(input) {
          await writeFile(path, input);
          const transcript = await readTranscript(scratch);
          checkContributors(transcript);
        },
      };
    },
  },
  ofFile('r1cs', 80, async () => {
    const folder = join((await keysOf()).circuit('update').provingKey.zkeyPath, '..');
    const manifest = JSON.parse(await readFile(join(folder, manifestName), 'utf8'));
    return {
      file: 'update.r1cs',
      codes: ['key-file', 'artifact'],
      source: join(folder, manifest.circuits.update.r1cs.file),
      readIt: async (path) => (await readR1csFile(path)).forEachTerm(() => undefined),
    };
  }),
  ofFile('ptau', 150, async (scratch) => {
    const source = join(scratch, 'source.ptau');
    await writeTestPtau(source, 4);
    return {
      file: 'powers.ptau',
      source,
      async readIt(path) {
        await readPtauPower(path);
        await readPowers(path, 16);
      },
    };
  }),
  {
    name: 'manifest',
    inputs: 60,
    async prepare(scratch) {
      const folder = join((await keysOf()).circuit('update').provingKey.zkeyPath, '..');
      const copy = join(scratch, 'keys');
      await cp(folder, copy, { recursive: true });
      const manifest = join(copy, manifestName);
      return {
        codes: ['key-file', 'key-unsound', 'argument'],
        names: /manifest|keys|zkey|r1cs|wasm|json|srs/,
        mutators: jsonMutators,
        corpus: [new Uint8Array(await readFile(manifest))],
        async read(input) {
          await writeFile(manifest, input);
          await loadKeys(manifest);
        },
      };
    },
  },
];
