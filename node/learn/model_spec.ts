// The description of a model: layers that this program computes, or a program of the sites' own.
import { z } from 'zod';
import { NodeError } from '../errors.ts';
import { programModel } from './program/spec.ts';

const units = z.int().min(1).max(65_536);
const small = z.int().min(1).max(31);
const activation = z.enum(['linear', 'relu', 'sigmoid', 'tanh', 'elu']);

const layer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dense'), units, activation }),
  z.strictObject({
    type: z.literal('conv2d'),
    filters: z.int().min(1).max(1024),
    kernel: small,
    strides: small.default(1),
    padding: z.enum(['valid', 'same']).default('valid'),
    activation,
  }),
  z.strictObject({ type: z.literal('maxPooling2d'), pool: small, strides: small.optional() }),
  z.strictObject({ type: z.literal('flatten') }),
]);

/**
 * Input shape, layers, loss; the last layer gives logits. `input` is one example's shape: `[features]`, or
 * `[height, width, channels]` for convolutions.
 */
export const layeredModel = z
  .strictObject({
    kind: z.literal('layers').optional(),
    input: z.array(z.int().min(1).max(1_048_576)).min(1).max(3),
    layers: z.array(layer).min(1).max(64),
    /** `categorical`: soft-max over the classes' logits. `binary`: one logit. */
    loss: z.enum(['categorical', 'binary']),
  })
  .superRefine((model, context) => {
    const last = model.layers.at(-1)!;
    const path = ['layers', model.layers.length - 1];
    const fail = (message: string) => context.addIssue({ code: 'custom', path, message });
    if (last.type !== 'dense' || last.activation !== 'linear')
      return fail('the last layer must be dense and linear: it gives logits');
    if (model.loss === 'binary' && last.units !== 1)
      fail(`loss binary needs 1 unit in the last layer, not ${last.units}`);
    if (model.loss === 'categorical' && last.units < 2)
      fail('loss categorical needs 2 units or more in the last layer');
  });

/** A model's description; one without a `kind` is of layers. */
export const modelSpec = z.discriminatedUnion('kind', [layeredModel, programModel]);

/** A model of layers, parsed. */
export type LayeredModel = z.infer<typeof layeredModel>;
/** One layer of it. */
export type LayerSpec = LayeredModel['layers'][number];
/** A model's description, parsed. */
export type ModelSpec = z.infer<typeof modelSpec>;

/**
 * The model as one of layers.
 * @param user what computes layers alone.
 * @param mend what whoever has a program does in its place.
 * @throws NodeError `learning` for a program.
 */
export function layersOf(model: ModelSpec, user: string, mend?: string): LayeredModel {
  if (model.kind !== 'program') return model;
  throw new NodeError(
    'learning',
    `the task's model is a program, but ${user} computes models of layers`,
    mend === undefined ? {} : { mend },
  );
}
