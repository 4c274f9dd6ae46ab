// Seeded splits: shuffled parts of given sizes, and a trainer's share of a table, IID or by label.
import { permutation, seeded } from '../random.ts';
import { type Dataset, take } from './dataset.ts';

/**
 * Disjoint random parts of the given sizes.
 * @throws where the table has fewer rows than the parts ask for.
 */
export function split(data: Dataset, sizes: readonly number[], seed: number): Dataset[] {
  const wanted = sizes.reduce((a, b) => a + b, 0);
  if (wanted > data.count)
    throw new RangeError(`split: ${wanted} rows asked for, the data have ${data.count}`);
  const order = permutation(data.count, seeded(seed, 'split'));
  let at = 0;
  return sizes.map((size) => {
    const part = take(data, order.subarray(at, at + size));
    at += size;
    return part;
  });
}

/** Equal shares, every label as frequent as in the whole up to chance. A remainder is left over. */
export function partitionEvenly(data: Dataset, parts: number, seed: number): Dataset[] {
  return split(data, Array<number>(parts).fill(Math.floor(data.count / parts)), seed);
}

/** Runs of one label's rows that a part gets. */
const shards = 2;

/**
 * Shares by label, as in McMahan et al. (2017): rows sorted by label are cut into `parts * shards` runs and
 * each part gets `shards` of them at random, so that most parts see few classes.
 */
export function partitionByLabel(data: Dataset, parts: number, seed: number): Dataset[] {
  const random = seeded(seed, 'by-label');
  const shuffled = permutation(data.count, random);
  const sorted = Array.from(shuffled).sort((a, b) => data.labels[a]! - data.labels[b]!);
  const size = Math.floor(data.count / (parts * shards));
  const runs = permutation(parts * shards, random);
  return Array.from({ length: parts }, (_, part) =>
    take(
      data,
      Array.from(runs.subarray(part * shards, (part + 1) * shards)).flatMap((run) =>
        sorted.slice(run * size, (run + 1) * size),
      ),
    ),
  );
}
