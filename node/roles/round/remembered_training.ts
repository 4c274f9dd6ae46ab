// A training that is kept on disk before anything is made of it. What does not find the same change again would
// otherwise, after a restart, send a probe of one change on the support that another one proposed.
import { createHash } from 'node:crypto';
import { NodeError } from '../../errors.ts';
import type { Training } from '../../learn/index.ts';
import { decodeModel, encodeModel } from '../../protocol/index.ts';
import { type RoleStorage, remembered } from '../runtime/storage.ts';

const name = 'change';
const headBytes = 36;

/**
 * The training, but at most one that succeeds for a round and a model, also over restarts. The last one is kept, under
 * `change`: the round (uint32, little-endian), the SHA-256 of the model's bytes, the change as float32.
 */
export const rememberedTraining =
  (storage: RoleStorage, training: Training): Training =>
  async (model, round, signal) => {
    const head = headOf(model, round);
    const known = await remembered(storage, name, (bytes) => {
      if (bytes.length < headBytes) throw new NodeError('state', 'a remembered change has no head');
      return bytes;
    });
    if (known && Buffer.from(known.subarray(0, headBytes)).equals(head))
      return decodeModel(known.subarray(headBytes), model.length);
    const change = await training(model, round, signal);
    await storage.write(name, Buffer.concat([head, encodeModel(change)]));
    return change;
  };

function headOf(model: Float32Array, round: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(round);
  return Buffer.concat([head, createHash('sha256').update(encodeModel(model)).digest()]);
}
