// A training that finds another change each time: one of them is a round's, also over restarts.
import { describe, expect, it } from 'vitest';
import type { Training } from '../../../../node/learn/index.ts';
import { rememberedTraining } from '../../../../node/roles/round/remembered_training.ts';
import { plainStorage } from '../support/plain_storage.ts';

const model = Float32Array.of(1, 2, 3);

/** A program that draws its own numbers. */
const drawing: Training = async ({ length }) => Float32Array.from({ length }, () => Math.random());

describe('a remembered training', () => {
  it('gives one change for a model in a round, whatever becomes of the process', async () => {
    const storage = plainStorage();
    const change = await rememberedTraining(storage, drawing)(model, 4);
    expect(await rememberedTraining(storage, drawing)(model.slice(), 4)).toEqual(change);
  });

  it('is another one for another round, and for another model after a reorganisation', async () => {
    const storage = plainStorage();
    const training = rememberedTraining(storage, drawing);
    const change = await training(model, 4);
    expect(await training(model, 5)).not.toEqual(change);
    expect(await training(Float32Array.of(1, 2, 4), 5)).not.toEqual(await training(model, 5));
  });

  it('gives nothing that is not on the disk', async () => {
    const full = { ...plainStorage(), write: async () => Promise.reject(new Error('no space left')) };
    await expect(rememberedTraining(full, drawing)(model, 4)).rejects.toThrow('no space left');
  });

  it('that failed is tried again', async () => {
    const storage = plainStorage();
    const failing = rememberedTraining(storage, async () => Promise.reject(new Error('it died')));
    await expect(failing(model, 4)).rejects.toThrow('it died');
    expect(await rememberedTraining(storage, drawing)(model, 4)).toHaveLength(3);
  });
});
