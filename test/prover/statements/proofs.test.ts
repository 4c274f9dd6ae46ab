// The three statements end to end on `tiny`: real keys, real proofs, and every way to misuse one that the
// field knows.
import { type ChunkVector, fieldOrder as R } from '@murmuration/core';
import {
  aggregate,
  alignment,
  alignmentSteps,
  type ChallengeInput,
  challenge,
  combine,
  combineBlindings,
  createBackend,
  createProver,
  decodeFigures,
  ensureDevelopmentKeys,
  type Groth16Proof,
  maxReference,
  measureAlignment,
  type Opening,
  type Prover,
  type ProverBackend,
  presets,
  publicSignals,
  type ReferenceChunk,
  randomBlinding,
  squaredNorm,
  type UpdateClaim,
  update,
  type VectorCommitment,
  verifyGroth16,
  verifyOpening,
} from '@murmuration/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../cache_folder.ts';
import { source } from '../../vectors/random.ts';

const preset = presets.tiny;
const context = {
  subject: 'update',
  chainId: 31337n,
  contract: `0x${'c0'.repeat(20)}`,
  task: 1n,
  round: 7n,
  sender: `0x${'a1'.repeat(20)}`,
  chunk: 0n,
  digest: new Uint8Array(32).fill(9),
} as const;
const normBound = preset.maxNormBound;
const random = source('proofs');
const coordinates = () =>
  Int32Array.from({ length: preset.coordinatesPerChunk }, () => random.integer(-127, 127));

interface Proven {
  readonly vector: ChunkVector;
  readonly published: VectorCommitment;
  readonly gamma: bigint;
  readonly opening: Opening;
  readonly claim: UpdateClaim;
  readonly proof: Groth16Proof;
}

let backend: ProverBackend;
let prover: Prover;
let mine: Proven;
let other: Proven;

async function proveUpdate(vector: ChunkVector, where: Partial<ChallengeInput> = {}): Promise<Proven> {
  const published = await prover.commit('update', vector);
  const gamma = challenge({ ...context, ...published, ...where });
  const opening = await prover.open('update', vector, gamma);
  const claim = { h: published.h, gamma, y: opening.y, normBound };
  const { proof } = await prover.prove(update, { claim, secret: vector });
  return { vector, published, gamma, opening, claim, proof };
}

/** What a contract checks of a submission from its own context. */
function accepted(
  { published, opening, claim, proof }: Proven,
  where: Partial<ChallengeInput> = {},
): boolean {
  const gamma = challenge({ ...context, ...published, ...where });
  const opened = verifyOpening(prover.keys.srs.tauG2, {
    commitment: published.commitment,
    gamma,
    ...opening,
  });
  return opened && prover.verify(update, { ...claim, h: published.h, gamma, y: opening.y }, proof);
}

beforeAll(async () => {
  backend = createBackend({ name: 'wasm', cacheFolder });
  await backend.start();
  prover = createProver(await ensureDevelopmentKeys('tiny', { cacheFolder }), backend);
  mine = await proveUpdate({ coordinates: coordinates(), blinding: randomBlinding() });
  other = await proveUpdate({ coordinates: coordinates(), blinding: randomBlinding() });
});
afterAll(() => backend.stop());

describe('update', () => {
  it('is accepted where it was made', () => {
    expect(accepted(mine)).toBe(true);
    expect(accepted(other)).toBe(true);
  });

  it.each<[string, Partial<ChallengeInput>]>([
    ['another trainer', { sender: `0x${'b2'.repeat(20)}` }],
    ['another round', { round: 8n }],
    ['another task', { task: 2n }],
    ['another contract', { contract: `0x${'c1'.repeat(20)}` }],
    ['another chain', { chainId: 1n }],
    ['another chunk', { chunk: 1n }],
    ['another ciphertext', { digest: new Uint8Array(32) }],
    ['a probe', { subject: 'probe' }],
  ])('is worth nothing to %s', (_, where) => {
    expect(accepted(mine, where)).toBe(false);
    const gamma = challenge({ ...context, ...mine.published, ...where });
    expect(prover.verify(update, { ...mine.claim, gamma }, mine.proof), 'nor is the proof alone').toBe(false);
  });

  it.each(['h', 'gamma', 'y', 'normBound'] as const)('does not hold for another %s', (name) => {
    expect(prover.verify(update, { ...mine.claim, [name]: mine.claim[name] - 1n }, mine.proof)).toBe(false);
  });

  it.each(['h', 'gamma', 'y'] as const)('is refused with the alias %s + r', (name) => {
    const alias = { ...mine.claim, [name]: mine.claim[name] + R };
    expect(() => prover.verify(update, alias, mine.proof)).toThrow(/lies in \[0, r\)/);
  });

  it('does not pass with the commitment to another vector', () => {
    expect(
      accepted({ ...mine, published: { ...mine.published, commitment: other.published.commitment } }),
    ).toBe(false);
    const swapped = { commitment: other.published.commitment, gamma: mine.gamma, ...mine.opening };
    expect(verifyOpening(prover.keys.srs.tauG2, swapped)).toBe(false);
  });

  it('cannot be proven of one vector and opened of another', async () => {
    const opening = await prover.open('update', other.vector, mine.gamma);
    await expect(
      prover.prove(update, { claim: { ...mine.claim, y: opening.y }, secret: mine.vector }),
    ).rejects.toThrow(/update\/tiny: a constraint does not hold/);
  });

  it('above the bound is refused before a proof is tried, with both numbers', async () => {
    const norm = squaredNorm(mine.vector.coordinates);
    await expect(
      prover.prove(update, { claim: { ...mine.claim, normBound: norm - 1n }, secret: mine.vector }),
    ).rejects.toThrow(`the squared norm is ${norm}, but the bound is ${norm - 1n}`);
    for (const bound of [0n, -1n, preset.maxNormBound + 1n]) {
      expect(() => publicSignals(update, preset, { ...mine.claim, normBound: bound })).toThrow(
        /normBound is/,
      );
    }
  });

  it('with A and B negated still holds, so no hash may name a proof; altered otherwise, does not', () => {
    const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    const negate = (value: bigint) => (value === 0n ? 0n : q - value);
    const { a, b, c } = mine.proof;
    const twin = {
      a: { x: a.x, y: negate(a.y) },
      b: { x: b.x, y: { c0: negate(b.y.c0), c1: negate(b.y.c1) } },
      c,
    };
    expect(prover.verify(update, mine.claim, twin)).toBe(true);
    expect(prover.verify(update, mine.claim, { ...mine.proof, a: twin.a })).toBe(false);
    expect(prover.verify(update, mine.claim, { ...mine.proof, c: other.proof.c })).toBe(false);
    expect(() => prover.verify(update, mine.claim, { ...mine.proof, a: { x: a.x, y: a.y + 1n } })).toThrow(
      /not on BN254/,
    );
  });

  it('does not verify under a mutated key, or another circuit’s', () => {
    const { verifyingKey: key } = prover.keys.circuit('update');
    const signals = publicSignals(update, preset, mine.claim);
    expect(verifyGroth16(key, mine.proof, signals)).toBe(true);
    const ic = key.ic.with(1, key.ic[2]!).with(2, key.ic[1]!);
    expect(verifyGroth16({ ...key, ic }, mine.proof, signals)).toBe(false);
    expect(verifyGroth16({ ...key, delta: key.gamma, gamma: key.beta }, mine.proof, signals)).toBe(false);
    const other_ = prover.keys.circuit('aggregate').verifyingKey;
    const padded = { ...other_, ic: [...other_.ic, key.ic[4]!] };
    expect(verifyGroth16(padded, mine.proof, signals)).toBe(false);
    expect(() => verifyGroth16(other_, mine.proof, signals)).toThrow(/4 public signals, but this key has 3/);
    expect(() => verifyGroth16({ ...key, gamma: key.delta }, mine.proof, signals)).toThrow(
      /gamma equals delta/,
    );
  });
});

describe('aggregate and alignment', () => {
  const weights = [3, 40];
  let sum: ChunkVector;

  beforeAll(() => {
    const [a, b] = [mine.vector, other.vector];
    sum = {
      coordinates: Int32Array.from(
        a.coordinates,
        (u, j) => weights[0]! * u + weights[1]! * b.coordinates[j]!,
      ),
      blinding: combineBlindings([a.blinding, b.blinding], weights),
    };
  });

  it('the sum opens the sum of the commitments, and no other vector does', async () => {
    const { commitment, h } = await prover.commit('aggregate', sum);
    const kept = combine([mine.published.commitment, other.published.commitment], weights);
    expect(commitment).toEqual(kept);
    const gamma = challenge({ ...context, subject: 'update-sum', commitment: kept, h });
    const opening = await prover.open('aggregate', sum, gamma);
    expect(verifyOpening(prover.keys.srs.tauG2, { commitment: kept, gamma, ...opening })).toBe(true);
    const claim = { h, gamma, y: opening.y };
    const { proof } = await prover.prove(aggregate, { claim, secret: sum });
    expect(prover.verify(aggregate, claim, proof)).toBe(true);
    for (const name of ['h', 'gamma', 'y'] as const) {
      expect(prover.verify(aggregate, { ...claim, [name]: claim[name] + 1n }, proof)).toBe(false);
    }

    // One coordinate of the sum wrong by one: it has a sponge of its own, but does not open what the contract
    // keeps.
    const wrong = { ...sum, coordinates: Int32Array.from(sum.coordinates).with(0, sum.coordinates[0]! + 1) };
    const forged = await prover.commit('aggregate', wrong);
    const at = challenge({ ...context, subject: 'update-sum', commitment: kept, h: forged.h });
    const value = await prover.open('aggregate', wrong, at);
    expect(verifyOpening(prover.keys.srs.tauG2, { commitment: kept, gamma: at, ...value })).toBe(false);
    const honestValue = await prover.open('aggregate', sum, at);
    const mixed = { h: forged.h, gamma: at, y: honestValue.y };
    await expect(prover.prove(aggregate, { claim: mixed, secret: wrong })).rejects.toThrow(
      /a constraint does not hold/,
    );
  });

  /** Two groups, the second one's references turned around. */
  const references = (chunk = 0, chunks = 1): ReferenceChunk => {
    const group = Int8Array.from(other.vector.coordinates, (u) => Math.max(-maxReference, Math.trunc(u / 2)));
    return { groups: [group, group.map((r) => -r)], squaredLength: 20_000n, chunk, chunks };
  };

  it('the alignment is that of the accepted update and the references that were voted for', async () => {
    const subject = { update: [mine.vector], references: [references()] };
    const points = [await prover.referencePoint(references())];
    const names = { hUpdate: [mine.published.h], points };
    const [step] = await alignmentSteps(preset, subject, names);
    const { claim } = step!;
    const { proof, publicSignals: words } = await prover.prove(alignment, step!);
    expect(prover.verify(alignment, claim, proof)).toBe(true);
    expect(words).toEqual([claim.hUpdate, 0n, claim.out, claim.point.x, claim.point.y]);
    expect(decodeFigures(claim.out)).toEqual(measureAlignment(subject));
    const { scores } = decodeFigures(claim.out);
    expect(scores[0]).not.toBe(0);
    expect(scores).toEqual([scores[0], -scores[0]!, 0, 0, 0, 0, 0]);
    for (const name of ['hUpdate', 'before', 'out'] as const) {
      expect(prover.verify(alignment, { ...claim, [name]: claim[name] + 1n }, proof)).toBe(false);
    }

    // One reference of one group another one, another length, another place in the round: other points, for which the proof
    // does not hold, and with which the proof of a claim is refused.
    const changed = references();
    changed.groups[1]![95]! += 1;
    const others = [changed, { ...references(), squaredLength: 20_001n }, references(0, 2), references(1, 2)];
    for (const one of others) {
      const point = await prover.referencePoint(one);
      expect(prover.verify(alignment, { ...claim, point }, proof)).toBe(false);
      await expect(prover.prove(alignment, { ...step!, claim: { ...claim, point } })).rejects.toThrow(
        /does not hold/,
      );
    }
    expect(() => prover.verify(alignment, { ...claim, point: { x: 1n, y: 3n } }, proof)).toThrow(/not on/);
    for (const false_ of [{ hUpdate: other.published.h }, { before: 1n }, { out: claim.out + 1n }]) {
      await expect(prover.prove(alignment, { ...step!, claim: { ...claim, ...false_ } })).rejects.toThrow(
        /a constraint does not hold/,
      );
    }
  });

  it('chunks hand on hidden totals, and the last one publishes the figures of all', async () => {
    const update = [mine.vector, other.vector];
    const subject = { update, references: [references(0, 2), references(1, 2)] };
    const points = await Promise.all(subject.references.map(prover.referencePoint));
    const names = { hUpdate: [mine.published.h, other.published.h], points };
    const steps = await alignmentSteps(preset, subject, names);
    const [first, second] = steps.map(({ claim }) => claim);
    expect(second!.before).toBe(first!.out);
    expect(decodeFigures(second!.out)).toEqual(measureAlignment(subject));
    for (const step of steps) {
      const { proof } = await prover.prove(alignment, step);
      expect(prover.verify(alignment, step.claim, proof)).toBe(true);
    }
    // Fresh salts: who sees two runs cannot tell that their totals are the same, and figures stay.
    const again = await alignmentSteps(preset, subject, names);
    expect(again[0]!.claim.out).not.toBe(first!.out);
    expect(again[1]!.claim.out).toBe(second!.out);
    // The totals of another run do not open this one's hash.
    const mixed = { claim: second!, secret: again[1]!.secret };
    await expect(prover.prove(alignment, mixed)).rejects.toThrow(/a constraint does not hold/);
  });

  it('references out of range are refused before anything is proven', async () => {
    const point = (change: Partial<ReferenceChunk>) => prover.referencePoint({ ...references(), ...change });
    const group = references().groups[0]!;
    const eight = Array.from({ length: 8 }, () => group);
    await expect(point({ groups: eight })).rejects.toThrow(/there are 8 groups/);
    await expect(point({ groups: [group.slice(1)] })).rejects.toThrow(/has 95 references/);
    await expect(point({ groups: [group.with(3, -128)] })).rejects.toThrow(/reference 3 of group 0 is -128/);
    await expect(point({ squaredLength: 2n ** 32n })).rejects.toThrow(/squaredLength is/);
    await expect(point({ chunk: 1 })).rejects.toThrow(/chunk 1 of 1/);
    await expect(point({ chunk: -1 })).rejects.toThrow(/chunk -1 of 1/);
    await expect(point({ chunk: 0.5 })).rejects.toThrow(/chunk 0.5 of 1/);
    await expect(point({ chunks: 33 })).rejects.toThrow(/chunk 0 of 33/);
    await expect(point({ chunks: 0 })).rejects.toThrow(/chunk 0 of 0/);
    await expect(point({ chunks: 1.5 })).rejects.toThrow(/chunk 0 of 1.5/);
    await expect(point({ squaredLength: -1n })).rejects.toThrow(/squaredLength is/);
    const subject = { update: [mine.vector], references: [references(0, 2)] };
    const names = { hUpdate: [mine.published.h], points: [{ x: 0n, y: 0n }] };
    await expect(alignmentSteps(preset, subject, names)).rejects.toThrow(/of chunk 0 of 2/);
  });

  it('an update has as many chunks as what goes with it', async () => {
    const subject = { update: [mine.vector], references: [references()] };
    const names = { hUpdate: [mine.published.h], points: [{ x: 0n, y: 0n }] };
    const wrong = (name: string, entries: number) =>
      expect.objectContaining({
        code: 'argument',
        message: `${name} has ${entries} entries, but the update has 1 chunks`,
      });
    await expect(alignmentSteps(preset, { ...subject, references: [] }, names)).rejects.toThrow(
      wrong('references', 0),
    );
    await expect(alignmentSteps(preset, subject, { ...names, hUpdate: [1n, 2n] })).rejects.toThrow(
      wrong('hUpdate', 2),
    );
    await expect(alignmentSteps(preset, subject, { ...names, points: [] })).rejects.toThrow(
      wrong('points', 0),
    );
    expect(() => measureAlignment({ ...subject, references: [] })).toThrow(wrong('references', 0));
    const short = { coordinates: mine.vector.coordinates.slice(1), blinding: mine.vector.blinding };
    expect(() => measureAlignment({ ...subject, update: [short] })).toThrow(
      /the vectors have 95 and 96 coordinates/,
    );
    expect(() => squaredNorm(new Int32Array(96).fill(2 ** 25))).toThrow(
      /the inner product is \d+, but it is an integer below 2\^53/,
    );
    expect(squaredNorm(Int32Array.of(2 ** 26 - 1, 2 ** 26))).toBe(2n ** 53n - 2n ** 27n + 1n);
    expect(() => combineBlindings([randomBlinding()], [1, 2])).toThrow(
      'weights has 2 entries, but there are 1 blindings',
    );
  });
});
