// A consumer of core, he and circuits that knows neither Node's types nor a browser's. It is type-checked
// where the packages are installed; an error that is expected and does not come would mean a lost type.
import { type CircuitArtifact, type CircuitName, circuitNames, ensureCircuit } from '@murmuration/circuits';
import circuits from '@murmuration/circuits/circuits.json' with { type: 'json' };
import { type ChunkVector, chunkShapes, MurmurationError, type PresetName } from '@murmuration/core';
import { createHe, type He, HeError, type KeyGroup } from '@murmuration/he';
import { centralKeyGroup } from '@murmuration/he/testing';

export const coordinates: 4048 = chunkShapes.base.coordinatesPerChunk;
export const preset: PresetName = 'tiny';
export const circuit: CircuitName = circuitNames[0];
export const signals: readonly string[] = circuits.circuits[circuit].public;

export async function open(): Promise<KeyGroup> {
  const he: He = await createHe(preset);
  // @ts-expect-error no preset has this name
  await createHe('huge');
  // @ts-expect-error a vector has coordinates and blinding
  he.encryptProven({ group: centralKeyGroup(he, 3, 2).group, vector: {}, binding: new Uint8Array() });
  return centralKeyGroup(he, 3, 2).group;
}

export async function compiled(): Promise<CircuitArtifact> {
  // @ts-expect-error the folder of the cache is needed
  await ensureCircuit('update', 'tiny', {});
  return ensureCircuit('update', 'tiny', { cacheFolder: '/nowhere' });
}

export function codeOf(error: unknown): string | undefined {
  if (error instanceof HeError) return error.code;
  return error instanceof MurmurationError ? error.code : undefined;
}

// @ts-expect-error a blinding has three coefficients
export const short: ChunkVector = { coordinates: new Int32Array(96), blinding: [1n, 2n] };
