// The sponge is chained Poseidon, as circomlibjs's slow reference computes it.
/// <reference path="./support/circomlibjs.d.ts" />

import { readFileSync } from 'node:fs';
import { type Blinding, blindingOf, fieldOrder } from '@murmuration/core';
import { buildPoseidonReference } from 'circomlibjs';
import { describe, expect, it } from 'vitest';
import { presets } from '../../prover/presets.ts';
import { sponge, spongeDomain, vectorSponge } from '../../prover/sponge.ts';

const vectors = JSON.parse(readFileSync(new URL('../vectors/sponge.json', import.meta.url), 'utf8')) as {
  bare: { name: string; domain: string; elements: string[]; h: string }[];
  chunks: {
    name: string;
    kind: 'update' | 'aggregate';
    preset: 'tiny';
    coordinates: number[];
    rho: string[];
    h: string;
  }[];
};

describe('sponge', () => {
  it.each(vectors.bare)('$name: the reference agrees with the vector', async ({ domain, elements, h }) => {
    const reference = await buildPoseidonReference();
    const padded = elements.map(BigInt);
    while (padded.length % 15 !== 0) padded.push(0n);
    let state = BigInt(domain);
    for (let start = 0; start < padded.length; start += 15) {
      state = reference.F.toObject(reference([state, ...padded.slice(start, start + 15)]));
    }
    expect(state).toBe(BigInt(h));
    expect(await sponge(BigInt(domain), elements.map(BigInt))).toBe(BigInt(h));
  });

  it.each(vectors.chunks)('$name', async ({ kind, preset, coordinates, rho, h }) => {
    const blinding = blindingOf((k) => BigInt(rho[k]!));
    expect(
      await vectorSponge(kind, presets[preset], { coordinates: Int32Array.from(coordinates), blinding }),
    ).toBe(BigInt(h));
  });

  it('kinds and presets have domains of their own', () => {
    const domains = (['update', 'aggregate'] as const).flatMap((kind) =>
      Object.values(presets).map((preset) => spongeDomain(kind, preset)),
    );
    expect(new Set(domains).size).toBe(8);
  });

  it('every part of the vector changes h, the last coordinate of the padding too', async () => {
    const of = (first: number[], blinding: Blinding) => {
      const coordinates = Int32Array.from({ length: 96 }, (_, j) => first[j] ?? 0);
      return vectorSponge('update', presets.tiny, { coordinates, blinding });
    };
    const h = await of([1, 2, 3], [4n, 5n, 6n]);
    const others = await Promise.all([
      of([2, 1, 3], [4n, 5n, 6n]),
      of([1, 2, 4], [4n, 5n, 6n]),
      of([1, 2, 3], [5n, 4n, 6n]),
      of([1, 2, 3], [4n, 6n, 6n]),
      of([1, 2, 3], [4n, 5n, 7n]),
      of(new Array<number>(96).fill(0).with(0, 1).with(1, 2).with(2, 3).with(95, 1), [4n, 5n, 6n]),
    ]);
    expect(new Set([h, ...others]).size).toBe(7);
  });

  it('elements of r or more are refused by name', async () => {
    await expect(sponge(0n, [1n, fieldOrder])).rejects.toThrow(/elements\[1\] is/);
    await expect(sponge(fieldOrder, [1n])).rejects.toThrow(/domain is/);
  });
});
