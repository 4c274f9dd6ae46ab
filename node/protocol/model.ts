// A model's bytes (docs/encodings.md, "Digests and content addresses"): D float32, little-endian, in the
// order of the layers' weights.
import { NodeError } from '../errors.ts';

/** 4 bytes a parameter. */
export function encodeModel(model: Float32Array): Uint8Array {
  const bytes = new Uint8Array(model.length * 4);
  const view = new DataView(bytes.buffer);
  model.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

/**
 * Reads a model from bytes that anyone may have made.
 * @param size D, parameters of the model.
 * @throws NodeError `wire` for bytes of another length, and for a parameter that is not finite.
 */
export function decodeModel(bytes: Uint8Array, size: number): Float32Array {
  if (bytes.length !== size * 4)
    throw new NodeError('wire', `model: ${bytes.length} bytes; ${size} parameters need ${size * 4}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const model = Float32Array.from({ length: size }, (_, i) => view.getFloat32(i * 4, true));
  const bad = model.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new NodeError('wire', `model: parameter ${bad} is ${model[bad]}; every parameter must be finite`);
  return model;
}
