// A model's bytes (D float32, little-endian) and the digest of any object's bytes (SHA-256).
import { sha256 } from '@noble/hashes/sha2.js';

/** A model's bytes, 4 a parameter. */
export function encodeModel(model: Float32Array): Uint8Array {
  const bytes = new Uint8Array(model.length * 4);
  const view = new DataView(bytes.buffer);
  model.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return bytes;
}

/** A model of `size` parameters from bytes of anyone's making; every one must be finite. */
export function decodeModel(bytes: Uint8Array, size: number): Float32Array {
  if (bytes.length !== size * 4)
    throw new RangeError(`model: ${bytes.length} bytes; ${size} parameters need ${size * 4}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const model = Float32Array.from({ length: size }, (_, i) => view.getFloat32(i * 4, true));
  const bad = model.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new RangeError(`model: parameter ${bad} is ${model[bad]}; every parameter must be finite`);
  return model;
}

/** The digest that travels on chain, 32 bytes. */
export const digest = (bytes: Uint8Array): Uint8Array => sha256(bytes);
