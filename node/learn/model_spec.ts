// The description of a model: input shape, layers, loss. The last layer gives logits.
import { z } from 'zod';

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

/** `input` is one example's shape: `[features]`, or `[height, width, channels]` for convolutions. */
export const modelSpec = z
  .strictObject({
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

/** A model's description, parsed. */
export type ModelSpec = z.infer<typeof modelSpec>;
/** One layer of it. */
export type LayerSpec = ModelSpec['layers'][number];
