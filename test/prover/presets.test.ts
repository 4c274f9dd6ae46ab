// The presets, against docs/encodings.md itself.

import { readFileSync } from 'node:fs';
import { blindingCoefficients, presetNames } from '@murmuration/core';
import { describe, expect, it } from 'vitest';
import { parsePreset, presets } from '../../prover/presets.ts';

const page = readFileSync(new URL('../../docs/encodings.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| *`(\w+)` *((?:\| *\d+ *){6})\|$/gm)].map(
  ([, name, numbers]) => [name!, [...numbers!.matchAll(/\d+/g)].map(Number)] as const,
);

describe('presets', () => {
  it('are those of the page', () => {
    expect(rows.map(([name]) => name)).toEqual([...presetNames]);
  });

  it.each(rows)('%s has the numbers of the page', (name, [, size, bits, weight, sumBits, chunks]) => {
    const preset = parsePreset(name);
    expect(preset).toMatchObject({
      coordinatesPerChunk: size,
      coordinateBits: bits,
      maxWeight: weight,
      sumLaneBits: sumBits,
      maxChunks: chunks,
    });
    expect(preset.maxNormBound).toBe(BigInt(size!) * 4n ** BigInt(bits! - 1));
    expect(2 ** (bits! - 1) * weight!).toBeLessThan(2 ** (sumBits! - 1));
    expect(Object.isFrozen(preset)).toBe(true);
  });

  it('blind with as many coefficients as the page', () => {
    expect(page).toContain(`sum_(k < ${blindingCoefficients}) rho_k X^(K+k)`);
    for (const preset of Object.values(presets))
      expect(preset.powers).toBe(preset.coordinatesPerChunk + blindingCoefficients);
  });

  it('have the ids that contracts know', () => {
    const { presets: known } = JSON.parse(
      readFileSync(new URL('../vectors/challenge.json', import.meta.url), 'utf8'),
    ) as { presets: { name: string; id: string }[] };
    expect(known).toEqual(presetNames.map((name) => ({ name, id: presets[name].id })));
  });

  it('an unknown name is refused with the names there are', () => {
    expect(() => parsePreset('huge')).toThrow('preset is "huge", but it is one of tiny, quick, base, wide');
  });
});
