// sponge.json: domains, sponges over bare elements, and over whole chunks.
import { type PresetName, presetNames, blindingOf } from '@murmuration/core';
import { toField } from '../../../prover/field.ts';
import { laneBits, type VectorKind, vectorKinds } from '../../../prover/packing.ts';
import { presets } from '../../../prover/presets.ts';
import { sponge, spongeDomain, vectorSponge } from '../../../prover/sponge.ts';
import { source } from '../random.ts';
import { hex } from '../write.ts';

export async function spongeVectors() {
  const random = source('sponge');
  const elements = (length: number) => Array.from({ length }, () => toField(random.word()));
  const bare: [string, bigint, bigint[]][] = [
    ['one element', 0n, [1n]],
    ['a full block', 7n, elements(15)],
    ['one more than a block', 7n, elements(16)],
    ['three blocks', toField(random.word()), elements(45)],
  ];
  const chunk = async (kind: VectorKind, preset: PresetName, edge: 'random' | 'lowest' | 'highest') => {
    const half = 2 ** (laneBits(kind, presets[preset]) - 1);
    const pick = { random: () => random.integer(-half, half - 1), lowest: () => -half, highest: () => half - 1 };
    const coordinates = Array.from({ length: presets[preset].coordinatesPerChunk }, pick[edge]);
    const rho = blindingOf(() => toField(random.word()));
    return {
      name: `${kind}, ${preset}, ${edge}`,
      kind,
      preset,
      coordinates,
      rho: rho.map(hex),
      h: hex(await vectorSponge(kind, presets[preset], { coordinates: Int32Array.from(coordinates), blinding: rho })),
    };
  };
  return {
    about: 'state = domain, then state = Poseidon16(state, 15 elements) for each group; zeros after the last',
    domains: vectorKinds.flatMap((kind) =>
      presetNames.map((preset) => ({ kind, preset, domain: hex(spongeDomain(kind, presets[preset])) })),
    ),
    bare: await Promise.all(
      bare.map(async ([name, domain, list]) => ({
        name,
        domain: hex(domain),
        elements: list.map(hex),
        h: hex(await sponge(domain, list)),
      })),
    ),
    chunks: [
      await chunk('update', 'tiny', 'random'),
      await chunk('update', 'tiny', 'lowest'),
      await chunk('update', 'tiny', 'highest'),
      await chunk('aggregate', 'tiny', 'random'),
      await chunk('aggregate', 'tiny', 'lowest'),
      await chunk('update', 'quick', 'random'),
      await chunk('aggregate', 'quick', 'random'),
    ],
  };
}
