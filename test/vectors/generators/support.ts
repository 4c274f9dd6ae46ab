// support.json: the public order of a round, proposals that it fills up, and merges (docs/encodings.md, "Support").
import { createHash } from 'node:crypto';
import { source } from '../random.ts';

/** The order as the page's formula has it, in whole numbers without bounds. */
function orderOf(round: number, size: number): number[] {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(round);
  const seed = createHash('sha256').update('murmuration/v1/support').update(number).digest();
  const start = seed.readBigUInt64LE(0) % BigInt(size);
  let step = seed.readBigUInt64LE(8) % BigInt(size);
  while (shareFactor(step, BigInt(size))) step += 1n;
  return Array.from({ length: size }, (_, k) => Number((start + BigInt(k) * step) % BigInt(size)));
}

/** By trying all factors: nothing of how the code finds one. */
function shareFactor(a: bigint, b: bigint): boolean {
  for (let factor = 2n; factor <= b; factor++) if (a % factor === 0n && b % factor === 0n) return true;
  return false;
}

const filled = (ranked: number[], count: number, order: number[]): number[] =>
  [...ranked, ...order.filter((index) => !ranked.includes(index))].slice(0, count);

/** Turn by turn, striking out what is taken. */
function merged(proposals: number[][], count: number, order: number[]): number[] {
  const left = proposals.map((proposal) => [...proposal]);
  const taken: number[] = [];
  for (let turn = 0; proposals.length > 0 && taken.length < count; turn++) {
    const own = left[turn % left.length]!.filter((index) => !taken.includes(index));
    taken.push(own[0]!);
  }
  return filled(taken, count, order).sort((a, b) => a - b);
}

export function supportVectors() {
  const random = source('support');
  const sizes: [size: number, round: number][] = [[1, 0], [2, 0], [7, 1], [24, 0], [24, 1], [97, 3], [210, 65_535]];
  const distinct = (count: number, size: number) => {
    const indices = new Set<number>();
    while (indices.size < count) indices.add(random.integer(0, size - 1));
    return [...indices];
  };
  const rounds: [size: number, count: number, round: number, wanted: number[]][] = [
    [24, 24, 0, [24]],
    [24, 10, 1, [10, 0, 4]],
    [97, 30, 2, [30, 30]],
    [97, 30, 2, [1]],
    [97, 30, 2, []],
    [500, 12, 7, [12, 12, 12, 3]],
  ];
  return {
    about: 'rounds count from 0; proposals are ranked, supports ascending; see docs/encodings.md',
    order: sizes.map(([size, round]) => ({ size, round, indices: orderOf(round, size).slice(0, 24) })),
    merge: rounds.map(([size, count, round, wanted]) => {
      const order = orderOf(round, size);
      const ranked = wanted.map((each) => distinct(each, size));
      const proposals = ranked.map((each) => filled(each, count, order));
      return { size, count, round, ranked, proposals, support: merged(proposals, count, order) };
    }),
  };
}
