// A model's bytes (docs/encodings.md, "Digests and content addresses"): D float32, little-endian, in the
// order of the layers' weights.
import { bytesOfWords, wordsOfBytes } from '@murmuration/core';
import { NodeError } from '../errors.ts';

/** 4 bytes a parameter. */
export function encodeModel(model: Float32Array): Uint8Array {
  return bytesOfWords(model);
}

/**
 * Reads a model from bytes that anyone may have made.
 * @param size D, parameters of the model.
 * @throws NodeError `wire` for bytes of another length, and for a parameter that is not finite.
 */
export function decodeModel(bytes: Uint8Array, size: number): Float32Array {
  if (bytes.length !== size * 4)
    throw new NodeError('wire', `model: ${bytes.length} bytes; ${size} parameters need ${size * 4}`);
  const model = wordsOfBytes(Float32Array, bytes);
  const bad = model.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new NodeError('wire', `model: parameter ${bad} is ${model[bad]}; every parameter must be finite`);
  return model;
}
