// What one member puts on the wire in a round, by preset: an update of one chunk, and its part of a decryption.
import { createHe, type PresetName, presets } from '@murmuration/he';
import { centralKeyGroup } from '@murmuration/he/testing';
import type { SizeTable } from './table.ts';

const members = 5;
const threshold = 3;

/** Bytes on chain of a Groth16 proof: points of 64, 128 and 64. */
const groth16 = 256;

/** Of each preset, in a group of five of whom three decrypt. */
export async function wireSizes(): Promise<SizeTable> {
  const rows = [];
  for (const name of Object.keys(presets) as PresetName[]) rows.push(await ofPreset(name));
  return {
    title: `On the wire: an update of one chunk, one member's share of a sum, ${threshold} of ${members} decrypt`,
    columns: ['ciphertext', 'encryption proof', 'proof on chain', 'joint share', 'key share'],
    rows,
  };
}

async function ofPreset(name: PresetName) {
  const he = await createHe(name);
  const { group, keys } = centralKeyGroup(he, members, threshold);
  const coordinates = new Int32Array(he.params.coordinatesPerChunk).fill(5);
  const vectors = [{ coordinates, blinding: [1n, 2n, 3n] as const }];
  const { ciphertexts, proof } = he.encryptProven({ group, vectors, binding: group.id });
  const sum = he.createAccumulator(group);
  sum.add(ciphertexts[0]!);
  const share = he.jointShare({ key: keys[0]!, sum: sum.sum() });
  const keyShare = he.keyShare(he.createParty(group.id, Uint8Array.of(1)));
  const bytes = [ciphertexts[0]!.length, proof.length, groth16, share.length, keyShare.length];
  return { name: `\`${name}\``, bytes };
}
