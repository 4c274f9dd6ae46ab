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
  referencesOf,
  without,
} from '../../../node/protocol/index.ts';

const size = 800;
const geometry: Geometry = {
  initial: new Float32Array(size),
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
  const model = Float32Array.from(normals(size));
  const steady = normals(size);
  for (let round = 0; round < 5; round++) {
    const support = everything.filter((i) => i % 5 !== round);
    const probe = () => integers(Float64Array.from(support, (i) => steady[i]! + 0.5 * random.normal()));
    history.add({ support, updates: probe(), probes: [probe(), probe(), probe()] });
  }
  const support = everything.filter((i) => i % 4 !== 1);
  return { history, model, steady, sources: { history, geometry, model, support } };
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
  test('takes at most one clue for eight coordinates: of a small support something is left to pay for', () => {
    const { sources } = world();
    const few = { ...sources, support: sources.support.slice(0, 24) };
    expect(publicBasis(few)).toHaveLength(3);
    expect(publicBasis(sources).length).toBeGreaterThan(10);
  });
});

describe('the history', () => {
  test('is what a member that joins late computes from the rounds, and survives as bytes', () => {
    const { history } = world();
    const again = PublicHistory.decode(history.encode(), size);
    for (const name of ['probe', 'earlierProbe', 'probes', 'update', 'updates'] as const)
      expect(again.trace(name)).toEqual(history.trace(name));
    expect(() => PublicHistory.decode(history.encode().subarray(4), size)).toThrow(/history is .* bytes/);
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
  const groupsOf = (sources: ReturnType<typeof world>['sources'], steady: Float64Array) =>
    [0, 1, 2].map(() =>
      integers(Float64Array.from(sources.support, (i) => steady[i]! + 0.7 * random.normal())),
    );

  test('pay nobody for any vector that was public: replay of probes, of the aggregate, of the model', () => {
    const { sources, steady } = world();
    const sums = { updates: integers(normals(sources.support.length)), groups: groupsOf(sources, steady) };
    const [innovation, whole] = [publicBasis(sources), []].map((basis) => referencesOf(sums, basis));
    for (const clue of clueFamilies.flatMap((family) => cluesOf(family, sources))) {
      const { innovations } = measureUpdate(
        integers(clue, (20 / (length(clue) || 1)) * Math.sqrt(clue.length)),
        innovation!,
      );
      for (const figure of innovations.slice(0, 3)) expect(Math.abs(figure)).toBeLessThan(10);
    }
    // Against the whole sums the last probes are worth more than an honest update is today.
    const replay = integers(Float64Array.from(cluesOf('traces', sources)[0]!));
    expect(Math.min(...measureUpdate(replay, whole!).innovations.slice(0, 3))).toBeGreaterThan(80);
  });
  test('keep what is new: who knows the data is seen by every group', () => {
    const { sources, steady } = world();
    const fresh = normals(sources.support.length);
    const noisy = (part: number) =>
      integers(
        Float64Array.from(sources.support, (i, j) => steady[i]! + 2 * fresh[j]! + part * random.normal()),
      );
    const references = referencesOf(
      { updates: noisy(1), groups: [noisy(1), noisy(1), noisy(1)] },
      publicBasis(sources),
    );
    for (const figure of measureUpdate(noisy(1), references).innovations.slice(0, 3))
      expect(figure).toBeGreaterThan(60);
  });
  test('are the same for everybody, and another sum gives another dither', () => {
    const { sources, steady } = world();
    const groups = groupsOf(sources, steady);
    const updates = integers(normals(sources.support.length));
    const basis = publicBasis(sources);
    const first = referencesOf({ updates, groups }, basis);
    expect(
      referencesOf({ updates: updates.slice(), groups: groups.map((g) => g.slice()) }, publicBasis(sources)),
    ).toEqual(first);
    const other = updates.slice();
    other[0]!++;
    expect(referencesOf({ updates: other, groups }, basis).groups[0]).not.toEqual(first.groups[0]);
  });
  test('round without bias: the mean over dithers of a small coordinate is the coordinate', () => {
    // To the nearest, most coordinates of a heavy-tailed vector would be 0.
    const n = 4000;
    const sum = Int32Array.from({ length: n }, (_, j) => (j % 40 === 0 ? 60 : j % 2 ? 3 : -3));
    const { groups, squaredLength } = referencesOf({ updates: sum, groups: [sum] }, []);
    const factor = Math.sqrt(squaredLength) / length(sum);
    expect(3 * factor).toBeLessThan(0.5);
    const small = groups[0]!.filter((_, j) => j % 2 === 1);
    const mean = small.reduce((a, b) => a + b, 0) / small.length;
    expect(Math.abs(mean - 3 * factor)).toBeLessThan(0.05);
  });
  test('of a group that does not count are zero', () => {
    const { groups } = referencesOf(
      { updates: Int32Array.of(1, 2), groups: [undefined, Int32Array.of(0, 0)] },
      [],
    );
    expect(groups.map((g) => [...g])).toEqual(Array.from({ length: 7 }, () => [0, 0]));
  });
});

describe('measureUpdate', () => {
  test('rounds toward zero, exactly, and stays within 127', () => {
    const references = {
      squaredLength: 9,
      groups: [Int8Array.of(3, 0), Int8Array.of(-2, 1), Int8Array.of(7, 7)],
    };
    const { innovations, bucket } = measureUpdate(Int8Array.of(5, 0), references);
    expect(innovations).toEqual([127, -85, 127]); // 128 clamped; -85.3; beyond the length
    expect(bucket).toBe(4);
    expect(measureUpdate(Int8Array.of(0, 0), references)).toEqual({ innovations: [0, 0, 0], bucket: 0 });
  });
  test('does not grow with the norm: inflating an update gains nothing', () => {
    const references = { squaredLength: 9, groups: [Int8Array.of(1, 2, -1)] };
    const small = measureUpdate(Int8Array.of(1, 1, 2), references).innovations;
    expect(measureUpdate(Int8Array.of(60, 60, 120), references).innovations).toEqual(small);
  });
});
