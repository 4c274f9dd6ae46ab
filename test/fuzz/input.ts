// The inputs of a run: number by number, each made of the corpus by a few changes.
import { byteMutators } from './mutate/bytes.ts';
import { Random } from './random.ts';
import type { Prepared } from './target.ts';

/** Names a run. */
export interface RunName {
  readonly seed: string;
  readonly target: string;
}

/** Input `number` of a run. The same at every time, whatever ran before it. */
export function inputOf(
  { seed, target }: RunName,
  { corpus, mutators = [], formOnly }: Prepared,
  number: number,
): Uint8Array {
  const random = new Random(`${seed}/${target}/${number}`);
  const all = formOnly ? [mutators] : [mutators, byteMutators].filter((list) => list.length > 0);
  let input = random.pick(corpus);
  for (let left = 1 + random.below(3); left > 0; left--)
    input = random.pick(random.pick(all))(input, random, random.pick(corpus));
  return input;
}
