// Parameters by name in the form of safetensors: the header's length in 8 bytes, a header of JSON, then the numbers
// (https://github.com/huggingface/safetensors, "Format").
import { encodeModel } from '../protocol/index.ts';
import { checkUnadapted, placedLayers, type TrainedModel } from './model.ts';

/**
 * A model as safetensors: float32, in the order and with the bytes that the protocol has; lineage in `__metadata__`.
 * @throws NodeError `learning` for a model that has no layout, or that a site has adapted.
 */
export function safetensors(model: TrainedModel): Uint8Array {
  checkUnadapted(model, 'safetensors');
  const { description, parameters, lineage } = model;
  let end = 0;
  const tensors = placedLayers(description.model, parameters)
    .flatMap(({ weights }) => weights)
    .map(({ name, shape, values }) => {
      const begin = end;
      end += values.length * 4;
      return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
    });
  const header = JSON.stringify({ __metadata__: lineage, ...Object.fromEntries(tensors) });
  // Blanks behind the header, so that numbers lie at a multiple of 8 and can be mapped into memory.
  const text = Buffer.from(header);
  const padded = Math.ceil(text.length / 8) * 8;
  const file = Buffer.alloc(8 + padded + end, ' ');
  file.writeBigUInt64LE(BigInt(padded));
  text.copy(file, 8);
  file.set(encodeModel(parameters), 8 + padded);
  return file;
}
