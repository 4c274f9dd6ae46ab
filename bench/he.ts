// Benchmark, for every preset and n = 4, 16, 64: milliseconds to encrypt (plain, and with a proof), check,
// add, make a decryption share and combine, and bytes; then of proofs of several chunks, of joint shares, and by kernel.
//
// `npm run bench -- he [--json]` prints the table of the README, or its rows as JSON. Times are medians of
// one thread, with the interquartile range after them.

import { createHe, DecryptionLog, type PresetName, presets } from '@murmuration/he';
import { centralKeyGroup } from '@murmuration/he/testing';
import { type KernelRow, measureKernels } from './he/kernels.ts';
import { processorTime, type Timing, time, timingOf } from './he/timing.ts';

interface Row {
  readonly preset: PresetName;
  readonly n: number;
  readonly threshold: number;
  readonly encrypt: Timing;
  readonly encryptProven: Timing;
  readonly verify: Timing;
  readonly add: Timing;
  readonly share: Timing;
  readonly combine: Timing;
  readonly ciphertextBytes: number;
  readonly shareBytes: number;
  readonly proofBytes: number;
}

async function measure(name: PresetName, n: number): Promise<Row> {
  const he = await createHe(name);
  const threshold = n / 2 + 1;
  const { group, keys } = centralKeyGroup(he, n, threshold);
  const encryptor = await he.createEncryptor(group);
  const u = Int32Array.from({ length: he.params.coordinatesPerChunk }, (_, j) => (j % 255) - 127);
  const vector = { coordinates: u, blinding: [1n << 250n, 3n, 5n] } as const;
  const encrypt = time(40, () => encryptor.encryptChunk(vector));
  encryptor.close();
  const vectors = [vector];
  const encryptProven = time(40, () => he.encryptProven({ group, vectors, binding: group.id }));
  const { ciphertexts, proof } = he.encryptProven({ group, vectors, binding: group.id });
  const ciphertext = ciphertexts[0]!;
  const verify = time(40, () => he.checkEncryption({ group, ciphertexts, proof, binding: group.id }));
  let accumulator = he.createAccumulator(group);
  const add = time(40, () => accumulator.add(ciphertext, 3));
  accumulator = he.createAccumulator(group);
  for (let i = 0; i < n; i++) accumulator.add(ciphertext);
  const sum = accumulator.sum();
  const set = Array.from({ length: threshold }, (_, i) => i);
  const share = time(40, () => he.decryptionShare({ key: keys[0]!, sum, set, log: new DecryptionLog() }));
  const shares = set.map((i) => he.decryptionShare({ key: keys[i]!, sum, set, log: new DecryptionLog() }));
  const combine = time(40, () => he.combineDecryptionShares({ group, sum, set, shares }));
  const opened = he.combineDecryptionShares({ group, sum, set, shares });
  if (!opened.coordinates.every((value, j) => value === n * u[j]!))
    throw new Error(`${name}, n = ${n}: the sum is wrong`);
  const bytes = {
    ciphertextBytes: ciphertext.length,
    shareBytes: shares[0]!.length,
    proofBytes: proof.length,
  };
  return { preset: name, n, threshold, encrypt, encryptProven, verify, add, share, combine, ...bytes };
}

interface ProofRow {
  readonly preset: PresetName;
  readonly chunks: number;
  readonly prove: Timing;
  readonly check: Timing;
  readonly proofBytes: number;
}

/** Processor time of one submission's encryption with its proof, and of the check, by the number of its chunks. */
async function measureProof(name: PresetName, chunks: number): Promise<ProofRow> {
  const he = await createHe(name);
  const { group } = centralKeyGroup(he, 4, 3);
  const coordinates = new Int32Array(he.params.coordinatesPerChunk).fill(5);
  const vectors = Array.from({ length: chunks }, () => ({ coordinates, blinding: [1n, 2n, 3n] as const }));
  const binding = group.id;
  const { ciphertexts, proof } = he.encryptProven({ group, vectors, binding });
  const prove = time(20, () => he.encryptProven({ group, vectors, binding }), processorTime);
  const check = time(20, () => he.checkEncryption({ group, ciphertexts, proof, binding }), processorTime);
  return { preset: name, chunks, prove, check, proofBytes: proof.length };
}

interface JointRow {
  readonly preset: PresetName;
  readonly n: number;
  readonly threshold: number;
  readonly keys: number;
  readonly share: Timing;
  readonly open: Timing;
  readonly openLast: Timing;
  readonly shareBytes: number;
}

/**
 * Processor time of one member's joint share, of opening a sum of one chunk with t right ones, and with those of all
 * members where the first n - t are wrong, which is the set that is tried last. Shares of many keys take seconds, so
 * these are medians of few.
 */
async function measureJoint(name: PresetName, n: number): Promise<JointRow> {
  const he = await createHe(name);
  const threshold = Math.floor(n / 2) + 1;
  const { group, keys } = centralKeyGroup(he, n, threshold);
  const vector = {
    coordinates: new Int32Array(he.params.coordinatesPerChunk).fill(5),
    blinding: [1n, 2n, 3n],
  } as const;
  const { ciphertexts } = he.encryptProven({ group, vectors: [vector, vector], binding: group.id });
  const accumulator = he.createAccumulator(group);
  for (const ciphertext of ciphertexts) accumulator.add(ciphertext);
  const sum = accumulator.sum();
  const times: number[] = [];
  const right = keys.map((key, member) => {
    const start = processorTime();
    const share = he.jointShare({ key, sum });
    times.push(processorTime() - start);
    return { member, shares: [share] };
  });
  // Behind the fields that say whose it is and for what, a residue that is below both primes.
  const wrong = right
    .slice(0, n - threshold)
    .map(({ member, shares }) => ({ member, shares: shares.map((share) => share.slice().fill(0x55, 200)) }));
  const open = async (contributions: typeof right) => {
    const start = processorTime();
    for await (const { vectors } of he.jointOpenings({ group, sums: [sum], contributions })) {
      if (vectors[0]!.coordinates[0] === 10) return processorTime() - start;
      break;
    }
    throw new Error(`${name}, n = ${n}: the sum is wrong`);
  };
  const opened = async (contributions: typeof right) => {
    const taken: number[] = [];
    for (let run = 0; run < 6; run++) taken.push(await open(contributions));
    return timingOf(taken.slice(1));
  };
  return {
    preset: name,
    n,
    threshold,
    keys: he.jointKeys(group),
    share: timingOf(times),
    open: await opened(right),
    openLast: await opened([...wrong, ...right.slice(n - threshold)]),
    shareBytes: right[0]!.shares[0]!.length,
  };
}

async function main(json: boolean): Promise<void> {
  const rows: Row[] = [];
  for (const name of Object.keys(presets) as PresetName[])
    for (const n of [4, 16, 64]) rows.push(await measure(name, n));
  const proofs: ProofRow[] = [];
  for (const name of ['base', 'wide'] as const)
    for (const chunks of [1, 4, 32]) proofs.push(await measureProof(name, chunks));
  const joints: JointRow[] = [];
  for (const name of ['base', 'wide'] as const)
    for (const n of [5, 9, 12, 16]) joints.push(await measureJoint(name, n));
  const kernels: KernelRow[] = [];
  for (const name of ['base', 'wide'] as const) kernels.push(...(await measureKernels(name)));
  if (json) {
    console.log(JSON.stringify({ rows, proofs, joints, kernels }));
    return;
  }
  const cell = ({ median, spread }: Timing) => `${median.toFixed(2)} (${spread.toFixed(2)})`;
  const head =
    'preset | n, t | encrypt | encrypt, prove | verify | add | share | combine | ciphertext | proof | share';
  console.log(`| ${head} |\n|${' --- |'.repeat(11)}`);
  for (const row of rows) {
    const { encrypt, encryptProven, verify, add, share, combine } = row;
    const times = [encrypt, encryptProven, verify, add, share, combine].map(cell).join(' | ');
    const bytes = [row.ciphertextBytes, row.proofBytes, row.shareBytes].join(' | ');
    console.log(`| \`${row.preset}\` | ${row.n}, ${row.threshold} | ${times} | ${bytes} |`);
  }
  console.log('\nOne proof for all chunks of a submission, processor time\n');
  console.log(`| preset | chunks | encrypt, prove | check | proof |\n|${' --- |'.repeat(5)}`);
  for (const { preset, chunks, prove, check, proofBytes } of proofs)
    console.log(`| \`${preset}\` | ${chunks} | ${cell(prove)} | ${cell(check)} | ${proofBytes} |`);
  console.log('\nJoint shares, processor time\n');
  console.log(
    `| preset | n, t | keys | share | open | open, n - t wrong | share, bytes |\n|${' --- |'.repeat(7)}`,
  );
  for (const { preset, n, threshold, keys, share, open, openLast, shareBytes } of joints) {
    const times = [share, open, openLast].map(cell).join(' | ');
    console.log(`| \`${preset}\` | ${n}, ${threshold} | ${keys} | ${times} | ${shareBytes} |`);
  }
  console.log('\nKernels, processor time\n');
  console.log(`| preset | kernel | row, there and back | encrypt, prove | check |\n|${' --- |'.repeat(5)}`);
  for (const { preset, kernel, transforms, prove, check } of kernels) {
    const times = [transforms, prove, check].map(cell).join(' | ');
    console.log(`| \`${preset}\` | \`${kernel}\` | ${times} |`);
  }
}

if (import.meta.main) await main(process.argv.includes('--json'));
