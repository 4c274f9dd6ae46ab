// A whole small round with real proofs under the development keys: every update and probe committed,
// challenged, opened and proven, both sums, and each trainer's alignment. What the contracts' tests feed to
// the real verifiers.
import { fieldOrder, blindingOf, type PresetName, type ChunkVector } from '@murmuration/core';
import { createHash } from 'node:crypto';
import { type ChallengeSubject, challenge } from '../../../prover/challenge.ts';
import { aggregate, alignment, alignmentSteps, combine, combineBlindings, createBackend, createProver, ensureDevelopmentKeys, fieldToBytes, measureAlignment, type G1Point, g1Words, g2Words, type Prover, presets, proofWords, type ReferenceChunk, update } from '@murmuration/prover';
import { type Source, source } from '../random.ts';
import { hex, hexBytes, keyWords } from '../write.ts';
import { cacheFolder } from '../../cache_folder.ts';

/** What enters the challenges, and who takes part. Addresses are 0x and 40 hexadecimal digits. */
export interface RoundParameters {
  readonly preset: PresetName;
  readonly chainId: bigint;
  /** The contract that verifies. */
  readonly contract: string;
  readonly task: bigint;
  readonly round: bigint;
  readonly trainers: readonly string[];
  /** One a trainer, positive; their sum is at most the preset's Wmax. */
  readonly weights: readonly number[];
  readonly validators: readonly string[];
  /** Who proves the sums. */
  readonly prover: string;
  readonly chunks: number;
  /** For each chunk. */
  readonly normBound: bigint;
  /** Other vectors for another label. */
  readonly label: string;
}

const about = [
  'A round under the development keys of prover/keys; see test/vectors/round.ts to make one for other addresses.',
  'Words are 0x and 64 hexadecimal digits; points and proofs in the order of docs/encodings.md.',
  'verifyingKeys: alpha [2], beta [4], gamma [4], delta [4], ic [signals + 1][2], of alignment the hash of its bases; tauG2 [4].',
  'updates, probes: sender, weight, and for each chunk commitment C [2], h, digest d, gamma, y, opening [2], proof [8], publicSignals [4].',
  'updateSum, probeSum: sender (the prover), and for each chunk commitment (the sum of weight * C) [2], h, bytes of the published sum and',
  'their SHA-256 as digest, gamma, y, opening [2], proof [8], publicSignals [3].',
  'references: for each chunk the groups\' integers, squaredLength and the point [2].',
  'alignments: sender, scores and bucket, and for each chunk proof [8], publicSignals [5]: hUpdate, before, out and the references\' point.',
];

/** Plays the round. Starts and stops a backend; takes seconds. */
export async function makeRound(parameters: RoundParameters) {
  const keys = await ensureDevelopmentKeys(parameters.preset, { cacheFolder });
  const backend = createBackend({ name: 'snarkjs' });
  await backend.start();
  try {
    const prover = createProver(keys, backend);
    const random = source(`round/${parameters.label}`);
    const direction = Array.from({ length: parameters.chunks }, () => gaussians(random, prover, 1));
    const vectors = (count: number) => Array.from({ length: count }, () => noisy(random, prover, direction));
    const trainerVectors = vectors(parameters.trainers.length);
    const probeVectors = vectors(parameters.validators.length);
    const updates = await submissions(prover, parameters, 'update', parameters.trainers, trainerVectors);
    const probes = await submissions(prover, parameters, 'probe', parameters.validators, probeVectors);
    const ones = parameters.validators.map(() => 1);
    const updateSum = await sum(
      prover,
      parameters,
      'update-sum',
      updates,
      trainerVectors,
      parameters.weights,
    );
    const probeSum = await sum(prover, parameters, 'probe-sum', probes, probeVectors, ones);
    const { chainId, task, round, contract, normBound } = parameters;
    return {
      about,
      preset: prover.preset.name,
      presetId: prover.preset.id,
      chainId: hex(chainId),
      contract,
      task: hex(task),
      round: hex(round),
      normBound: hex(normBound),
      verifyingKeys: Object.fromEntries(
        (['update', 'aggregate', 'alignment'] as const).map((name) => [name, keyWords(prover.keys.circuit(name).verifyingKey)]),
      ),
      tauG2: g2Words(keys.srs.tauG2).map(hex),
      updates: updates.map(({ sender, chunks }, i) => ({
        sender,
        weight: parameters.weights[i],
        chunks: chunks.map(written),
      })),
      probes: probes.map(({ sender, chunks }) => ({ sender, weight: 1, chunks: chunks.map(written) })),
      updateSum: { sender: parameters.prover, chunks: updateSum.map(({ vector: _, ...chunk }) => chunk) },
      probeSum: { sender: parameters.prover, chunks: probeSum.map(({ vector: _, ...chunk }) => chunk) },
      ...(await alignments(prover, updates, trainerVectors, referencesOf(prover, probeVectors))),
    };
  } finally {
    await backend.stop();
  }
}

interface Chunk {
  readonly commitment: G1Point;
  readonly h: bigint;
  readonly digest: Uint8Array;
  readonly gamma: bigint;
  readonly y: bigint;
  readonly opening: G1Point;
  readonly proof: readonly bigint[];
  readonly publicSignals: readonly bigint[];
}

interface Submission {
  readonly sender: string;
  readonly chunks: readonly Chunk[];
}

async function submissions(
  prover: Prover,
  parameters: RoundParameters,
  subject: ChallengeSubject,
  senders: readonly string[],
  vectors: readonly (readonly ChunkVector[])[],
): Promise<Submission[]> {
  const made: Submission[] = [];
  for (const [i, sender] of senders.entries()) {
    const chunks: Chunk[] = [];
    for (const [chunk, vector] of vectors[i]!.entries()) {
      const { commitment, h } = await prover.commit('update', vector);
      // Stands for a ciphertext: the proof system sees of one nothing but its digest.
      const digest = sha256(Buffer.from(`ciphertext/${parameters.label}/${subject}/${sender}/${chunk}`));
      const gamma = challenge({ ...context(parameters, subject, sender, chunk), commitment, h, digest });
      const { y, proof: opening } = await prover.open('update', vector, gamma);
      const proven = await prover.prove(update, {
        claim: { h, gamma, y, normBound: parameters.normBound },
        secret: vector,
      });
      const { publicSignals } = proven;
      chunks.push({
        commitment,
        h,
        digest,
        gamma,
        y,
        opening,
        proof: proofWords(proven.proof),
        publicSignals,
      });
    }
    made.push({ sender, chunks });
  }
  return made;
}

async function sum(
  prover: Prover,
  parameters: RoundParameters,
  subject: ChallengeSubject,
  parts: readonly Submission[],
  vectors: readonly (readonly ChunkVector[])[],
  weights: readonly number[],
) {
  const sums = [];
  for (let chunk = 0; chunk < parameters.chunks; chunk++) {
    const vector = weightedSum(
      prover,
      vectors.map((all) => all[chunk]!),
      weights,
    );
    const commitment = combine(
      parts.map(({ chunks }) => chunks[chunk]!.commitment),
      weights,
    );
    const { h } = await prover.commit('aggregate', vector);
    const bytes = sumBytes(vector);
    const digest = sha256(bytes);
    const gamma = challenge({
      ...context(parameters, subject, parameters.prover, chunk),
      commitment,
      h,
      digest,
    });
    const { y, proof: opening } = await prover.open('aggregate', vector, gamma);
    const proven = await prover.prove(aggregate, { claim: { h, gamma, y }, secret: vector });
    const { publicSignals } = proven;
    const chunkWords = written({
      commitment,
      h,
      digest,
      gamma,
      y,
      opening,
      proof: proofWords(proven.proof),
      publicSignals,
    });
    sums.push({ ...chunkWords, bytes: hexBytes(bytes), vector });
  }
  return sums;
}

/** Groups of one validator each, measured against their whole probes. */
function referencesOf(prover: Prover, probes: readonly (readonly ChunkVector[])[]): ReferenceChunk[] {
  const chunks = probes[0]!.length;
  const squaredLength = BigInt(24 ** 2 * prover.preset.coordinatesPerChunk * chunks);
  return Array.from({ length: chunks }, (_, chunk) => ({
    groups: probes.map((probe) => Int8Array.from(probe[chunk]!.coordinates)),
    squaredLength,
    chunk,
    chunks,
  }));
}

async function alignments(
  prover: Prover,
  updates: readonly Submission[],
  vectors: readonly (readonly ChunkVector[])[],
  references: readonly ReferenceChunk[],
) {
  const points: G1Point[] = [];
  for (const chunk of references) points.push(await prover.referencePoint(chunk));
  const made = [];
  for (const [i, { sender, chunks }] of updates.entries()) {
    const subject = { update: vectors[i]!, references };
    const steps = await alignmentSteps(prover.preset, subject, { hUpdate: chunks.map(({ h }) => h), points });
    const proven = [];
    for (const step of steps) {
      const { proof, publicSignals } = await prover.prove(alignment, step);
      proven.push({ proof: proofWords(proof).map(hex), publicSignals: publicSignals.map(hex) });
    }
    made.push({ sender, ...measureAlignment(subject), chunks: proven });
  }
  return {
    references: references.map(({ groups, squaredLength }, chunk) => ({
      groups: groups.map((group) => [...group]),
      squaredLength: hex(squaredLength),
      point: g1Words(points[chunk]!).map(hex),
    })),
    alignments: made,
  };
}

function context(parameters: RoundParameters, subject: ChallengeSubject, sender: string, chunk: number) {
  const { chainId, contract, task, round } = parameters;
  return { subject, chainId, contract, task, round, sender, chunk: BigInt(chunk) };
}

function written({ commitment, h, digest, gamma, y, opening, proof, publicSignals }: Chunk) {
  return {
    commitment: g1Words(commitment).map(hex),
    h: hex(h),
    digest: hexBytes(digest),
    gamma: hex(gamma),
    y: hex(y),
    opening: g1Words(opening).map(hex),
    proof: proof.map(hex),
    publicSignals: publicSignals.map(hex),
  };
}

function weightedSum(
  prover: Prover,
  vectors: readonly ChunkVector[],
  weights: readonly number[],
): ChunkVector {
  const coordinates = new Int32Array(prover.preset.coordinatesPerChunk);
  vectors.forEach((vector, i) => {
    coordinates.forEach((value, j) => {
      coordinates[j] = value + weights[i]! * vector.coordinates[j]!;
    });
  });
  const blindings = vectors.map(({ blinding }) => blinding);
  return { coordinates, blinding: combineBlindings(blindings, weights) };
}

/** K int32 little end first, then R_0, R_1 and R_2, big end first. */
function sumBytes({ coordinates, blinding }: ChunkVector): Uint8Array {
  const lanes = Buffer.alloc(coordinates.length * 4);
  for (let j = 0; j < coordinates.length; j++) lanes.writeInt32LE(coordinates[j]!, 4 * j);
  return Buffer.concat([lanes, ...blinding.map(fieldToBytes)]);
}

/** A vector near the round's direction, so that updates and probes agree more than chance. */
function noisy(random: Source, prover: Prover, direction: readonly (readonly number[])[]): ChunkVector[] {
  return direction.map((mean) => {
    const noise = gaussians(random, prover, 1);
    const coordinates = Int32Array.from(mean, (value, j) =>
      Math.max(-127, Math.min(127, Math.round(24 * (value + noise[j]!)))),
    );
    return { coordinates, blinding: blindingOf(() => random.word() % fieldOrder) };
  });
}

/** Sums of twelve uniform numbers: nearly normal with the given deviation. */
function gaussians(random: Source, prover: Prover, deviation: number): number[] {
  return Array.from({ length: prover.preset.coordinatesPerChunk }, () => {
    let total = -6;
    for (const byte of random.bytes(12)) total += byte / 255;
    return total * deviation;
  });
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** The parameters of the rounds in proofs.json. */
export function defaultRound(preset: PresetName): RoundParameters {
  const address = (digit: string) => `0x${digit.repeat(40)}`;
  return {
    preset,
    chainId: 31337n,
    contract: address('c'),
    task: 1n,
    round: 0n,
    trainers: [address('1'), address('2'), address('3')],
    weights: [1, 2, 3],
    validators: [address('a'), address('b')],
    prover: address('e'),
    chunks: 1,
    normBound: presets[preset].maxNormBound / 4n,
    label: preset,
  };
}
