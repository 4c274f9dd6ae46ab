// The keys of a preset as a deployment takes them.
import type { PresetKeysJson } from '@murmuration/contracts';
import { g2Words, type KeySet, presets, verifyingKeyToJson } from '@murmuration/prover';

/** The public part of a preset's keys, for the registry. */
export function presetKeys(keys: KeySet): PresetKeysJson {
  const { coordinatesPerChunk, coordinateBits } = presets[keys.preset];
  const key = (circuit: 'update' | 'aggregate' | 'alignment') =>
    verifyingKeyToJson(keys.circuit(circuit).verifyingKey);
  return {
    preset: keys.preset,
    coordinatesPerChunk,
    coordinateBits,
    developmentKeys: keys.kind === 'insecure-development',
    tau: g2Words(keys.srs.tauG2).map(String) as [string, string, string, string],
    update: key('update') as PresetKeysJson['update'],
    aggregate: key('aggregate') as PresetKeysJson['aggregate'],
    alignment: key('alignment') as PresetKeysJson['alignment'],
  };
}
