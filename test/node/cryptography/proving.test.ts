// The chunks of one call are proven at the same time, and end together.
import { expect, it } from 'vitest';
import { eachChunk, type ProvingContext } from '../../../node/cryptography/index.ts';

const context = (signal?: AbortSignal): ProvingContext => ({ prover: {} as never, onProof() {}, signal });

it('are all begun before the first one ends, and come out in their order', async () => {
  const begun: number[] = [];
  const all = Promise.withResolvers<void>();
  const proven = await eachChunk(context(), [3, 1, 2], async (_, chunk, index) => {
    begun.push(index);
    if (begun.length === 3) all.resolve();
    await all.promise;
    return chunk * 10;
  });
  expect(proven).toEqual([30, 10, 20]);
});

it('end with the first that fails, which is what is told, and none goes on alone', async () => {
  let ended = 0;
  const broken = new Error('a constraint does not hold');
  const work = async ({ signal }: ProvingContext, chunk: number) => {
    if (chunk === 1) throw broken;
    await new Promise((resolve) => signal!.addEventListener('abort', resolve, { once: true }));
    ended++;
    throw signal!.reason;
  };
  await expect(eachChunk(context(), [0, 1, 2], work)).rejects.toBe(broken);
  expect(ended).toBe(2);
  const enough = new Error('enough');
  await expect(eachChunk(context(AbortSignal.abort(enough)), [1], work)).rejects.toBe(broken);
});
