import { describe, expect, test } from 'vitest';
import { seeded } from '../../../node/learn/random.ts';
import {
  clueFamilies,
  cluesOf,
  dot,
  type Geometry,
  length,
  measureUpdate,
  orthonormal,
  PublicHistory,
  publicBasis,
  referenceChunks,
  referencesOf,
  without,
} from '../../../node/protocol/index.ts';

const size = 800;
const geometry: Geometry = {
  kernels: [{ offset: 0, rows: 64, columns: 12 }],
  side: 8,
};
const random = seeded(1, 'innovation');
const normals = (n: number) => Float64Array.from({ length: n }, () => random.normal());
const integers = (a: Float64Array, factor = 30) => Int32Array.from(a, (x) => Math.round(factor * x));
const everything = Uint32Array.from({ length: size }, (_, i) => i);

/** A history of a few rounds on changing supports; what the probes want changes slowly. */
function world() {
  const history = new PublicHistory(size);
  const steady = normals(size);
  for (let round = 0; round < 5; round++) {
    const support = everything.filter((i) => i % 5 !== round);
    const probe = () => integers(Float64Array.from(support, (i) => steady[i]! + 0.5 * random.normal()));
    history.add({ support, updates: probe(), probes: [probe(), probe(), probe()] });
  }
  const support = everything.filter((i) => i % 4 !== 1);
  return { history, steady, sources: { history, geometry, support } };
}

describe('a basis', () => {
  test('is orthonormal and spans the vectors, those that repeat others left out', () => {
    const vectors = Array.from({ length: 6 }, () => normals(100));
    vectors.push(
      vectors[0]!.map((x, j) => x + 2 * vectors[3]![j]!),
      new Float64Array(100),
    );
    const basis = orthonormal(vectors, 100);
    expect(basis).toHaveLength(6);
    for (const [i, a] of basis.entries())
      for (const [k, b] of basis.entries()) expect(dot(a, b)).toBeCloseTo(i === k ? 1 : 0, 12);
    for (const vector of vectors)
      expect(length(without(vector, basis))).toBeLessThan(1e-12 * (length(vector) + 1));
  });
  test('takes out what came before just twice: every party has to get the same bits', () => {
    const shared = normals(100);
    const vectors = Array.from({ length: 4 }, () => normals(100).map((x, j) => shared[j]! + x / 100));
    const byPasses = (passes: number) => {
      const basis: Float64Array[] = [];
      for (const vector of vectors) {
        let rest: Float64Array = vector;
        for (let pass = 0; pass < passes; pass++) rest = without(rest, basis);
        basis.push(rest.map((x) => x / length(rest)));
      }
      return basis;
    };
    expect(orthonormal(vectors, 100)).toEqual(byPasses(2));
    for (const passes of [1, 3]) expect(byPasses(passes)).not.toEqual(byPasses(2));
  });
  test('takes at most one clue for eight coordinates: of a small support something is left to pay for', () => {
    const { sources } = world();
    const few = { ...sources, support: sources.support.slice(0, 24) };
    expect(publicBasis(few)).toHaveLength(3);
    expect(publicBasis(sources)).toHaveLength(7);
  });
});

describe('neighbours', () => {
  /** By the sentence of docs/encodings.md, pixel by pixel. */
  function meanAround(trace: Float32Array, x: number, y: number, unit: number): number {
    const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [x + dx, y + dy] as const));
    const values = around
      .filter(([a, b]) => (a !== x || b !== y) && a >= 0 && b >= 0 && a < 8 && b < 8)
      .map(([a, b]) => trace[(b * 8 + a) * 12 + unit]!)
      .filter((value) => value !== 0);
    return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value) / values.length;
  }
  test('are means over the pixels around, at the same unit, of what is not 0', () => {
    const { sources } = world();
    const { history } = sources;
    const all = { ...sources, support: everything };
    const traces = [history.trace('probes'), history.trace('probe'), history.trace('updates')];
    for (const [k, clue] of cluesOf('neighbours', all).entries())
      for (let i = 0; i < size; i++) {
        const pixel = Math.floor(i / 12);
        const told = i < 64 * 12 ? meanAround(traces[k]!, pixel % 8, Math.floor(pixel / 8), i % 12) : 0;
        expect(clue[i], `clue ${k}, parameter ${i}`).toBeCloseTo(told, 10);
      }
  });
  test('are zeros where the first layer is not of the picture, and none without a picture', () => {
    const { sources } = world();
    const kernels = [{ offset: 0, rows: 60, columns: 12 }];
    for (const clue of cluesOf('neighbours', { ...sources, geometry: { kernels, side: 8 } }))
      expect(length(clue)).toBe(0);
    expect(cluesOf('neighbours', { ...sources, geometry: { ...geometry, side: undefined } })).toEqual([]);
  });
});

describe('the history', () => {
  test('is what a member that joins late computes from the rounds, and survives as bytes', () => {
    const { history } = world();
    const again = PublicHistory.decode(history.encode(), size);
    for (const name of ['probe', 'probes', 'update', 'updates'] as const)
      expect(again.trace(name)).toEqual(history.trace(name));
    expect(() => PublicHistory.decode(history.encode().subarray(4), size)).toThrow(/history is .* bytes/);
  });
  test('takes no sum that is not as long as the support, which would leave traces that are no numbers', () => {
    const history = new PublicHistory(4);
    const support = Uint32Array.of(0, 2);
    expect(() => history.add({ support, updates: [], probes: [[1, 2]] })).toThrow(RangeError);
    expect(() => history.add({ support, updates: [1, 2], probes: [[1]] })).toThrow(RangeError);
    expect(history.encode()).toEqual(new PublicHistory(4).encode());
  });
  test('does not know how loud a round was', () => {
    const [quiet, loud] = [new PublicHistory(4), new PublicHistory(4)];
    const support = Uint32Array.of(0, 2, 3);
    quiet.add({ support, updates: [1, 2, 3], probes: [[1, 0, -1]] });
    loud.add({ support, updates: [100, 200, 300], probes: [[40, 0, -40]] });
    expect(loud.encode()).toEqual(quiet.encode());
    quiet.add({ support, updates: [0, 0, 0], probes: [] });
    expect(quiet.encode()).toEqual(loud.encode());
  });
});

describe('references', () => {
  /** Sums of three groups, each of the steady part, something new that all data share, and noise of its own. */
  function sumsOf({ sources, steady }: ReturnType<typeof world>, fresh: Float64Array) {
    const sum = () =>
      integers(Float64Array.from(sources.support, (i, j) => steady[i]! + fresh[j]! + 0.7 * random.normal()));
    return { groups: [sum(), sum(), sum()], update: sum() };
  }
  const worst = (scores: readonly number[]) => Math.max(...scores.slice(0, 3).map(Math.abs));

  test('pay nobody for any vector that was public: replay of probes, of the aggregate, of what lies beside', () => {
    const made = world();
    const { sources } = made;
    const n = sources.support.length;
    const { groups } = sumsOf(made, new Float64Array(n));
    const innovation = referencesOf(groups, publicBasis(sources), n);
    const whole = referencesOf(groups, [], n);
    for (const clue of clueFamilies.flatMap((family) => cluesOf(family, sources))) {
      const loud = integers(clue, (20 * Math.sqrt(n)) / (length(clue) || 1));
      expect(worst(measureUpdate(loud, innovation).scores)).toBeLessThan(5);
    }
    // Against the whole sums the last probes would be worth more than an honest update is.
    const replay = integers(cluesOf('probes', sources)[0]!);
    expect(Math.min(...measureUpdate(replay, whole).scores.slice(0, 3))).toBeGreaterThan(80);
  });
  test('keep what is new: an update of other data is seen by every group', () => {
    const made = world();
    const n = made.sources.support.length;
    const { groups, update } = sumsOf(
      made,
      normals(n).map((x) => 2 * x),
    );
    const { scores } = measureUpdate(update, referencesOf(groups, publicBasis(made.sources), n));
    for (const score of scores.slice(0, 3)) expect(score).toBeGreaterThan(60);
  });
  test('pay less where the round was foreseen, since the whole probe is what counts', () => {
    const made = world();
    const n = made.sources.support.length;
    const seen = (surprise: number) => {
      const { groups, update } = sumsOf(
        made,
        normals(n).map((x) => surprise * x),
      );
      const references = referencesOf(groups, publicBasis(made.sources), n);
      const part = length(references.groups[0]!) / Math.sqrt(references.squaredLength);
      return { score: measureUpdate(update, references).scores[0]!, part };
    };
    const [little, much] = [seen(0.5), seen(3)];
    expect(little.score).toBeLessThan(much.score);
    // References that were brought to one length of their own would hide how little was new.
    expect(little.part).toBeLessThan(0.75);
    expect(much.part).toBeGreaterThan(0.9);
  });
  test('have the length of an innovation within a rounding, whatever that of the sum', () => {
    const n = 2000;
    const sum = integers(normals(n), 400);
    for (const factor of [1, 31]) {
      const { groups, squaredLength } = referencesOf([sum.map((x) => factor * x)], [], n);
      expect(length(groups[0]!) / Math.sqrt(squaredLength)).toBeCloseTo(1, 2);
    }
  });
  test('of a group that does not count are zero', () => {
    const { groups } = referencesOf([undefined, Int32Array.of(0, 0)], [], 2);
    expect(groups.map((g) => [...g])).toEqual(Array.from({ length: 7 }, () => [0, 0]));
  });
  test('fill chunks, the last one padded', () => {
    const sum = Int32Array.from({ length: 5 }, (_, j) => j + 1);
    const references = referencesOf([sum], [], 5);
    const chunks = referenceChunks(references, { chunks: 2, coordinatesPerChunk: 3 });
    expect(chunks.map(({ chunk, chunks: all, squaredLength }) => [chunk, all, squaredLength])).toEqual([
      [0, 2, 2880n],
      [1, 2, 2880n],
    ]);
    expect(chunks.flatMap(({ groups }) => [...groups[0]!])).toEqual([...references.groups[0]!, 0]);
  });
  test('against the sum of the updates, a majority of opponents would be paid for doing harm', () => {
    // Two of three oppose: the sum points their way, so that score pays them; the probes do not.
    const made = world();
    const n = made.sources.support.length;
    const fresh = normals(n).map((x) => 2 * x);
    const { groups, update } = sumsOf(made, fresh);
    const updates = [update, update.map((x) => -x), sumsOf(made, fresh).update.map((x) => -x)];
    const sum = Int32Array.from({ length: n }, (_, j) => updates.reduce((total, u) => total + u[j]!, 0));
    const paid = (references: readonly Int32Array[]) =>
      updates.map(
        (u) => measureUpdate(u, referencesOf(references, publicBasis(made.sources), n)).scores[0]! > 10,
      );
    expect(paid([sum])).toEqual([false, true, true]);
    expect(paid(groups)).toEqual([true, false, false]);
  });
});

describe('measureUpdate', () => {
  test('rounds toward zero, exactly, and stays within 127', () => {
    const references = {
      squaredLength: 9,
      groups: [Int8Array.of(3, 0), Int8Array.of(-2, 1), Int8Array.of(7, 7)],
    };
    const { scores, bucket } = measureUpdate(Int8Array.of(5, 0), references);
    expect(scores).toEqual([127, -85, 127]); // 128 clamped; -85.3; beyond the length
    expect(bucket).toBe(4);
    expect(measureUpdate(Int8Array.of(0, 0), references)).toEqual({ scores: [0, 0, 0], bucket: 0 });
  });
  test('does not grow with the norm: inflating an update gains nothing', () => {
    const references = { squaredLength: 9, groups: [Int8Array.of(1, 2, -1)] };
    const small = measureUpdate(Int8Array.of(1, 1, 2), references).scores;
    expect(measureUpdate(Int8Array.of(60, 60, 120), references).scores).toEqual(small);
  });
});
