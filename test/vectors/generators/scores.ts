// scores.json: roots, scores, cosines, medians, strikes, weights and scales, in plain integers (docs/encodings.md).
import { fieldOrder } from '@murmuration/core';
import { source } from '../random.ts';
import { hex } from '../write.ts';

const one = 10n ** 9n;
const maxScale = 2n ** 53n - 1n;
/** The largest norms that can be proven: 32 chunks of `wide`, lanes of 8 bits, sums of weight 1023. */
const maxNorm = 32n * 8144n * 2n ** 14n;
const maxSumNorm = maxNorm * 1023n ** 2n;

const decimal = (value: bigint): string => value.toString();

/** The root by bisection: nothing of how the code finds it. */
function root(n: bigint): bigint {
  let low = 0n;
  let high = 2n ** 128n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

function cosine(score: bigint, norm: bigint, reference: bigint): bigint {
  const length = root(norm * reference);
  if (length === 0n) return 0n;
  const size = ((score < 0n ? -score : score) * one) / length;
  return score < 0n ? -size : size;
}

function scale(before: bigint, median: bigint, coordinates: bigint, target: bigint): bigint {
  let next = (before * root((median * 2n ** 32n) / coordinates)) / (target * 2n ** 16n);
  if (next < before / 2n) next = before / 2n;
  if (next > before * 2n) next = before * 2n;
  if (next < 1n) next = 1n;
  return next > maxScale ? maxScale : next;
}

/** By counting: the smallest element that at least half of them do not exceed. */
const lowerMedian = (values: bigint[]): bigint =>
  values
    .filter((v) => 2 * values.filter((w) => w <= v).length >= values.length)
    .reduce((a, b) => (a < b ? a : b));

export function scoreVectors() {
  const random = source('scores');
  const below = (limit: bigint) => random.word() % limit;
  const signed = (limit: bigint) => below(2n * limit + 1n) - limit;

  const rootCases = [0n, 1n, 2n, 3n, 4n, 8n, 9n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n - 1n, 2n ** 256n - 1n];
  rootCases.push((2n ** 128n - 1n) ** 2n, (2n ** 128n - 1n) ** 2n - 1n, 10n ** 18n, 10n ** 18n - 1n, random.word());

  const limit = 2n ** 63n;
  const signals = [0n, 1n, limit - 1n, limit, limit + 1n, fieldOrder - limit, fieldOrder - limit + 1n];
  signals.push(fieldOrder - 1n, fieldOrder, fieldOrder + 1n, 2n ** 256n - 1n, fieldOrder / 2n);

  const cosines: [bigint, bigint, bigint][] = [
    [0n, 0n, 0n],
    [5n, 0n, 9n],
    [5n, 9n, 0n],
    [1n, 1n, 1n],
    [-1n, 1n, 1n],
    [1n, 1n, 2n], // a root rounded down: a cosine of one where it is 0.7
    [-1n, 1n, 3n],
    [2n, 3n, 3n],
    [-2n, 3n, 3n], // toward zero: -666666666
    [root(maxNorm * maxSumNorm), maxNorm, maxSumNorm],
    [-root(maxNorm * maxSumNorm), maxNorm, maxSumNorm],
    [limit - 1n, maxNorm, maxSumNorm],
    [1n - limit, 1n, 1n],
  ];
  for (let i = 0; i < 24; i++) {
    const norm = below(maxNorm) + 1n;
    const reference = below(maxSumNorm) + 1n;
    cosines.push([signed(root(norm * reference)), norm, reference]);
  }

  const samples: bigint[][] = [[7n], [2n, 1n], [1n, 2n], [3n, 1n, 2n], [4n, 1n, 3n, 2n], [5n, 5n, 5n, 5n], [-1n, 0n, 1n]];
  samples.push([0n, 0n, 0n, one], [-one, one], [1n, 1n, 0n, 0n], [-3n, -2n, -1n, -4n]);
  for (const count of [5, 8, 16, 33, 64]) samples.push(Array.from({ length: count }, () => signed(one)));
  samples.push(Array.from({ length: 64 }, (_, i) => BigInt(i)), Array.from({ length: 64 }, (_, i) => BigInt(-i)));

  const strikes: [boolean, bigint, bigint, bigint, bigint][] = [
    [false, one, one, one / 10n, 6000n], // no proof: whatever else
    [false, 0n, 0n, one / 10n, 6000n],
    [true, 0n, one / 10n - 1n, one / 10n, 6000n], // a round without signal
    [true, -one, one / 10n - 1n, one / 10n, 6000n],
    [true, 0n, one / 10n, one / 10n, 6000n], // the floor itself is signal
    [true, 299_999_999n, one / 2n, one / 10n, 6000n],
    [true, 300_000_000n, one / 2n, one / 10n, 6000n], // just enough
    [true, one / 2n, one / 2n, one / 10n, 10_000n],
    [true, one / 2n - 1n, one / 2n, one / 10n, 10_000n],
    [true, -1n, one, 0n, 0n],
    [true, 0n, one, 0n, 0n],
    [true, 0n, 0n, 0n, 6000n],
    [true, -1n, 0n, 0n, 6000n],
    [true, 333_333_333n, 555_555_555n, 1n, 6000n], // 3333333330000 against 3333333330000
    [true, 333_333_332n, 555_555_555n, 1n, 6000n],
  ];

  const weights: [bigint, bigint][] = [
    [0n, 0n],
    [1n, 0n],
    [-1n, 0n],
    [30_000_000n, 30_000_000n],
    [30_000_001n, 30_000_000n],
    [29_999_999n, 30_000_000n],
    [one, 30_000_000n],
    [-one, 30_000_000n],
  ];

  const scales: [bigint, bigint, bigint, bigint][] = [
    [2n ** 32n, 0n, 96n, 32n], // silence halves
    [1n, 0n, 96n, 32n], // but not to zero
    [2n, 0n, 96n, 32n],
    [3n, 0n, 96n, 32n], // half of three is one
    [2n ** 32n, 96n * 32n ** 2n, 96n, 32n], // on target: stays
    [2n ** 32n, 96n * 64n ** 2n, 96n, 32n], // twice the target: doubles
    [2n ** 32n, 96n * 65n ** 2n, 96n, 32n], // no more than that
    [2n ** 32n, 96n * 16n ** 2n, 96n, 32n],
    [2n ** 32n, 96n * 15n ** 2n, 96n, 32n],
    [maxScale, 96n * 64n ** 2n, 96n, 32n],
    [maxScale, 96n * 32n ** 2n, 96n, 32n],
    [2n ** 52n, 96n * 64n ** 2n, 96n, 32n],
    [1n, 96n * 48n ** 2n, 96n, 32n], // 1.5 of one is one
    [3n, 96n * 48n ** 2n, 96n, 32n],
    [maxScale, maxNorm, 1n, 1n],
    [maxScale, maxNorm, 32n * 8144n, 127n],
  ];
  for (let i = 0; i < 24; i++) {
    const coordinates = 96n * (below(32n) + 1n);
    scales.push([below(maxScale) + 1n, below(coordinates * 2n ** 14n), coordinates, below(127n) + 1n]);
  }

  return {
    about: 'integers as decimal strings; cosines in units of 10^-9, phi in basis points; see docs/encodings.md',
    isqrt: rootCases.map((x) => ({ x: hex(x), root: decimal(root(x)) })),
    readScore: signals.map((signal) => {
      const negative = signal < fieldOrder && fieldOrder - signal < limit;
      const ok = signal < limit || negative;
      return { signal: hex(signal), ok, score: decimal(!ok ? 0n : negative ? signal - fieldOrder : signal) };
    }),
    cosine: cosines.map(([score, norm, reference]) => ({
      score: decimal(score),
      norm: decimal(norm),
      reference: decimal(reference),
      cosine: decimal(cosine(score, norm, reference)),
    })),
    lowerMedian: samples.map((values) => ({ values: values.map(decimal), median: decimal(lowerMedian(values)) })),
    isStrike: strikes.map(([proven, cos, median, floor, phi]) => ({
      proven,
      cosine: decimal(cos),
      median: decimal(median),
      floor: decimal(floor),
      phi: decimal(phi),
      strike: !proven || (median >= floor && cos * 10_000n < phi * median),
    })),
    rewardWeight: weights.map(([cos, delta]) => ({
      cosine: decimal(cos),
      delta: decimal(delta),
      weight: decimal(cos > delta ? cos - delta : 0n),
    })),
    nextScale: scales.map(([before, median, coordinates, target]) => ({
      scale: decimal(before),
      medianNorm: decimal(median),
      coordinates: decimal(coordinates),
      target: decimal(target),
      next: decimal(scale(before, median, coordinates, target)),
    })),
  };
}
