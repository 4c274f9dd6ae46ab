import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompressedRound, Compressor, sumOfSquares, topK } from '../../../node/compress/index.ts';
import { seeded } from '../../../node/learn/random.ts';
import { scaleUnit } from '../../../node/protocol/index.ts';

const size = 40;
const step = 2 ** -10;
const scale = BigInt(step / scaleUnit);
const change = (seed: number) => {
  const random = seeded(seed, 'change');
  return Float32Array.from({ length: size }, () => random.normal() * 0.02);
};
const list = (...indices: number[]) => Uint32Array.from(indices);
const round = (seed: number, more: Partial<CompressedRound> = {}): CompressedRound => ({
  support: Uint32Array.from([1, 5, 9, 20, 39]),
  scale,
  coordinatesPerChunk: 8,
  chunks: 1,
  normBound: 8 * 127 ** 2,
  random: seeded(seed, 'rounding'),
  ...more,
});

describe('error feedback', () => {
  test('sent plus kept is exactly what was found, round after round', () => {
    const compressor = new Compressor(size);
    const found = new Float64Array(size);
    const sent = new Float64Array(size);
    for (let r = 0; r < 20; r++) {
      const delta = change(r);
      delta.forEach((x, i) => {
        found[i]! += x;
      });
      compressor.accumulate(delta, 0);
      const support = Uint32Array.from(compressor.propose(5)).sort();
      const [coordinates] = compressor.compress(round(r, { support }));
      support.forEach((index, j) => {
        sent[index]! += coordinates![j]! * step;
      });
      compressor.settle('applied');
    }
    for (let i = 0; i < size; i++) expect(sent[i]! + compressor.residual[i]!).toBeCloseTo(found[i]!, 5);
  });
  test('without it, what rounding and selection drop is lost for good', () => {
    const steady = new Float32Array(size).fill(step / 10);
    const keeping = new Compressor(size);
    let sent = 0;
    let forgetting = 0;
    for (let r = 0; r < 200; r++) {
      keeping.accumulate(steady, 0);
      const half = { uniform: () => 0.5 };
      sent += keeping.compress(round(r, { random: half }))[0]![0]!;
      keeping.settle('applied');
      forgetting += Math.floor(steady[1]! / step + 0.5);
    }
    expect(forgetting).toBe(0);
    expect(sent).toBe(20);
  });
});

describe('what was sent in vain', () => {
  /** The same change in two rounds of one model: what each sends of it, by index; undefined where it sends nothing. */
  const twice = () => {
    const compressor = new Compressor(size);
    const sent = [0, 1].map((r) => {
      compressor.accumulate(change(1), 0.5);
      const support = Uint32Array.from(compressor.propose(size)).sort();
      const all = Uint32Array.from({ length: size }, (_, i) => i);
      const [u] = compressor.compress(
        round(r, { support: all, coordinatesPerChunk: size, normBound: size * 127 ** 2 }),
      );
      compressor.settle('rolled-back');
      return { support, u: u! };
    });
    return { compressor, sent };
  };
  // The attack: a sum of all was opened to noise that its author knows, the next one is without two of them. Were the
  // others' updates the same in both, the difference would be the two's.
  test('is not sent again beside others, whatever the support is', () => {
    const { sent } = twice();
    const [first, second] = sent;
    expect(first!.u.some((x) => x !== 0)).toBe(true);
    expect([...second!.u].every((x) => x === 0)).toBe(true);
  });
  test('is not proposed either', () => {
    const { sent } = twice();
    expect(sent[0]!.support.length).toBeGreaterThan(0);
    expect(sent[1]!.support).toEqual(new Uint32Array());
  });
  test('stays barred over a restart, until sums are of all again, and is owed meanwhile', () => {
    const { compressor } = twice();
    const again = Compressor.decode(compressor.encode(), size);
    again.accumulate(change(1), 0.5);
    expect(again.propose(3)).toEqual(new Uint32Array());
    again.free();
    expect(again.propose(3)).toHaveLength(3);
    expect(again.residual).toEqual(change(1));
  });
});

describe('settle', () => {
  const opened = () => {
    const compressor = new Compressor(size);
    compressor.accumulate(change(1), 0.5);
    compressor.compress(round(1));
    compressor.settle('applied');
    return compressor;
  };
  test('rolled back: as if the round had never been', () => {
    const compressor = opened();
    const before = compressor.encode();
    compressor.accumulate(change(2), 0.5);
    compressor.compress(round(2));
    compressor.settle('rolled-back');
    expect(compressor.encode()).not.toEqual(before); // what was sent is barred
    compressor.free();
    expect(compressor.encode()).toEqual(before);
  });
  test('a rejected round that only gave back what was sent would count the same change twice', () => {
    const compressor = new Compressor(size);
    for (let r = 0; r < 3; r++) {
      compressor.accumulate(change(1), 0);
      compressor.compress(round(r));
      compressor.settle(r < 2 ? 'rolled-back' : 'left-out');
    }
    for (const [i, x] of compressor.residual.entries()) expect(x).toBeCloseTo(change(1)[i]!, 6);
    const careless = new Compressor(size);
    for (let r = 0; r < 3; r++) {
      careless.accumulate(change(1), 0);
      careless.compress(round(r));
      careless.settle('left-out');
    }
    expect(careless.residual[1]).toBeCloseTo(3 * change(1)[1]!, 6);
  });
  test('left out: all of it is still owed', () => {
    const compressor = new Compressor(size);
    compressor.accumulate(change(3), 0);
    const owed = compressor.residual.slice();
    compressor.compress(round(3));
    expect(compressor.residual).not.toEqual(owed);
    compressor.settle('left-out');
    expect(compressor.residual).toEqual(owed);
  });
  test('twice is once', () => {
    const compressor = opened();
    const bytes = compressor.encode();
    compressor.settle('rolled-back');
    expect(compressor.encode()).toEqual(bytes);
  });
  test('steps out of order are refused', () => {
    const compressor = new Compressor(size);
    expect(() => compressor.compress(round(1))).toThrow(/accumulate once/);
    compressor.accumulate(change(1), 0);
    expect(() => compressor.accumulate(change(1), 0)).toThrow(/settle it/);
    compressor.compress(round(1));
    expect(() => compressor.compress(round(1))).toThrow(/accumulate once/);
  });
});

describe('Deep Gradient Compression', () => {
  test('momentum correction adds up velocities, and masking stops them where something was sent', () => {
    const compressor = new Compressor(3);
    const support = Uint32Array.of(0);
    const tiny = { support, coordinatesPerChunk: 1, normBound: 127 ** 2 };
    compressor.accumulate(Float32Array.of(step, step, 0), 0.5);
    compressor.compress(round(1, tiny));
    compressor.settle('applied');
    compressor.accumulate(new Float32Array(3), 0.5);
    // Coordinate 1 was not sent: its velocity goes on. Coordinate 0 was: it starts again.
    expect(compressor.residual[1]).toBeCloseTo(1.5 * step, 9);
    expect(compressor.residual[0]).toBeCloseTo(0, 9);
  });
  test('local clipping bounds the change', () => {
    const compressor = new Compressor(2);
    compressor.accumulate(Float32Array.of(3, 4), 0, 1);
    expect(compressor.residual[0]).toBeCloseTo(0.6, 6);
    expect(compressor.residual[1]).toBeCloseTo(0.8, 6);
  });
});

describe('coordinates', () => {
  test('stay within 127 and the norm bound, whatever the change', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1e6, max: 1e6, noNaN: true }), { minLength: size, maxLength: size }),
        fc.integer({ min: 1, max: 8 * 127 ** 2 }),
        (values, normBound) => {
          const compressor = new Compressor(size);
          compressor.accumulate(Float32Array.from(values), 0);
          const [coordinates] = compressor.compress(round(1, { normBound }));
          expect(sumOfSquares(coordinates!)).toBeLessThanOrEqual(normBound);
          expect(coordinates!.every((u) => Math.abs(u) <= 127)).toBe(true);
          expect([...coordinates!.slice(5)]).toEqual([0, 0, 0]);
        },
      ),
      { numRuns: 50 },
    );
  });
  test('fill chunk by chunk', () => {
    const compressor = new Compressor(size);
    compressor.accumulate(new Float32Array(size).fill(10 * step), 0);
    const support = list(1, 5, 9, 20, 30, 39);
    const shape = { coordinatesPerChunk: 3, chunks: 3, normBound: 3 * 127 ** 2 };
    const chunks = compressor.compress(round(1, { support, ...shape }));
    expect(chunks.map((c) => [...c])).toEqual([
      [10, 10, 10],
      [10, 10, 10],
      [0, 0, 0],
    ]);
  });
});

describe('a chunk with too few live coordinates', () => {
  /** A change that is 10 steps at these indices, and nothing elsewhere. */
  const only = (...indices: number[]) => {
    const found = new Float32Array(size);
    for (const index of indices) found[index] = 10 * step;
    return found;
  };

  test('is sent as zeros: with one live coordinate, its public norm would be the square of it', () => {
    const compressor = new Compressor(size);
    compressor.accumulate(only(9), 0);
    expect([...compressor.compress(round(1))[0]!]).toEqual(new Array(8).fill(0));
  });
  test('does not hide behind other chunks, since scores and norms are public chunk by chunk', () => {
    const compressor = new Compressor(size);
    compressor.accumulate(only(3, 4, 5, 6), 0);
    const support = list(0, 1, 2, 3, 4, 5, 6, 7);
    const chunks = compressor.compress(round(1, { coordinatesPerChunk: 4, chunks: 2, support }));
    expect(chunks.map((c) => [...c])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    compressor.settle('rolled-back');
    compressor.accumulate(only(3, 4, 5, 6, 7), 0);
    const again = compressor.compress(round(1, { coordinatesPerChunk: 4, chunks: 2, support }));
    expect(again.map((c) => [...c])).toEqual([
      [0, 0, 0, 0],
      [10, 10, 10, 10],
    ]);
  });
  test.each([
    ['as it was', undefined],
    ['without the noise of privacy', { clip: 1e-3, sigma: 1e-9 }],
  ])('stays owed %s, with its momentum', (_, privacy) => {
    const compressor = new Compressor(size);
    compressor.accumulate(only(9), 0.5);
    compressor.compress(round(1, { privacy }));
    compressor.settle('applied');
    expect(compressor.residual).toEqual(only(9));
    compressor.accumulate(new Float32Array(size), 0.5);
    expect(compressor.residual[9]).toBe(15 * step);
  });
  test('is none: what is sent has at least 64 live coordinates, or half of a small round', () => {
    const live = (chunk: Int8Array) => chunk.reduce((sum, u) => sum + (u === 0 ? 0 : 1), 0);
    const chunkOf = (values: number[], coordinatesPerChunk: number) => {
      const compressor = new Compressor(values.length);
      compressor.accumulate(
        Float32Array.from(values, (x) => x * step),
        0,
      );
      const support = Uint32Array.from(values.keys());
      const normBound = coordinatesPerChunk * 127 ** 2;
      return compressor.compress(round(1, { support, coordinatesPerChunk, normBound, chunks: 4 }));
    };
    const rare = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(9) });
    const values = fc.array(rare, { minLength: 2, maxLength: 800 });
    fc.assert(
      fc.property(values, fc.integer({ min: 200, max: 400 }), (found, coordinatesPerChunk) => {
        for (const chunk of chunkOf(found, coordinatesPerChunk))
          if (live(chunk) > 0) expect(live(chunk)).toBeGreaterThanOrEqual(Math.min(64, found.length / 2));
      }),
    );
    expect(live(chunkOf(new Array(300).fill(9).fill(0, 64), 300)[0]!)).toBe(64);
    expect(live(chunkOf(new Array(300).fill(9).fill(0, 63), 300)[0]!)).toBe(0);
    // As small as a model of clinics' tables.
    expect(live(chunkOf(new Array(24).fill(9).fill(0, 12), 96)[0]!)).toBe(12);
    expect(live(chunkOf(new Array(24).fill(9).fill(0, 11), 96)[0]!)).toBe(0);
  });
});

describe('state', () => {
  test('survives at every step, and a repeated round gives the same coordinates', () => {
    const whole = new Compressor(size);
    let broken = new Compressor(size);
    const restart = () => {
      broken = Compressor.decode(broken.encode(), size);
    };
    for (let r = 0; r < 4; r++) {
      whole.accumulate(change(r), 0.3);
      broken.accumulate(change(r), 0.3);
      restart();
      expect(broken.compress(round(r))).toEqual(whole.compress(round(r)));
      restart();
      expect(broken.phase).toBe('sent');
      const outcome = r % 2 ? 'rolled-back' : 'left-out';
      whole.settle(outcome);
      broken.settle(outcome);
      restart();
      expect(broken.encode()).toEqual(whole.encode());
    }
  });
  test('counts what was made with noise, whatever became of it, and over a restart', () => {
    const privacy = { clip: 1, sigma: 1 };
    let compressor = new Compressor(size);
    for (const [r, outcome] of (['applied', 'left-out', 'rolled-back'] as const).entries()) {
      compressor.accumulate(change(r), 0);
      compressor.compress(round(r, { privacy }));
      expect(Compressor.decode(compressor.encode(), size).releases).toBe(r + 1);
      compressor.settle(outcome);
      compressor = Compressor.decode(compressor.encode(), size);
      expect(compressor.releases).toBe(r + 1);
    }
    for (const free of [{}, { privacy, support: new Uint32Array() }]) {
      compressor.accumulate(change(0), 0);
      compressor.compress(round(0, free));
      compressor.settle('applied');
    }
    expect(compressor.releases).toBe(3);
    compressor.countAtLeast(2);
    expect(compressor.releases).toBe(3);
    compressor.countAtLeast(5);
    expect(compressor.releases).toBe(5);
  });
  test('damaged bytes are named', () => {
    const bytes = new Compressor(size).encode();
    expect(() => Compressor.decode(bytes.slice(0, 100), size)).toThrow(/damaged/);
    expect(() => Compressor.decode(bytes, size + 1)).toThrow(/40 parameters, but the model has 41/);
    expect(() => Compressor.decode(new Uint8Array(3), size)).toThrow(/no state of version 3/);
  });
});

describe('topK', () => {
  test('ranks by magnitude, ties by index, leaves zeros out', () => {
    expect(topK(Float32Array.of(0, -3, 1, 3, 0.5), 3)).toEqual(Uint32Array.of(1, 3, 2));
    expect(topK(Float32Array.of(0, 1, 0), 3)).toEqual(Uint32Array.of(1));
    expect(topK(Float32Array.of(2, 2, 2, 2), 2)).toEqual(Uint32Array.of(0, 1));
    expect(() => topK(Float32Array.of(1), 0)).toThrow(/count is 0/);
  });

  test('agrees with a sorted list, whatever the magnitudes, of a part of a longer vector too', () => {
    const random = seeded(7, 'topk');
    const kinds: (() => number)[] = [
      () => random.normal(),
      () => random.normal() * 2 ** Math.round(300 * random.normal()),
      () => Math.round(2 * random.normal()),
      () => random.normal() * 2 ** -145,
      () => 1 + Math.round(3 * random.normal()) * 2 ** -23,
    ];
    for (const draw of kinds)
      for (const count of [1, 2, 37, 499, 500, 501]) {
        const values = Float32Array.from({ length: 503 }, draw).subarray(3);
        const sorted = Array.from(values, (value, index) => ({ index, magnitude: Math.abs(value) }))
          .filter(({ magnitude }) => magnitude > 0)
          .sort((a, b) => b.magnitude - a.magnitude || a.index - b.index);
        const expected = sorted.slice(0, count).map(({ index }) => index);
        expect([...topK(values, count)]).toEqual(expected);
      }
  });
});
