// The presets' numbers are those of docs/encodings.md, where the ring of the encryption stands beside what
// all packages share.

import { readFileSync } from 'node:fs';
import { blindingCoefficients, presetNames } from '@murmuration/core';
import { preset } from '@murmuration/he';
import { expect, it } from 'vitest';
import { limbCount, limbsEach } from '../he/parameters.ts';

const page = readFileSync(new URL('../docs/encodings.md', import.meta.url), 'utf8');

it("the encryption's presets agree with the table of docs/encodings.md", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\d+) +\| (\d+) +\| (\d+) +\| (\d+) +\|/gm)].map((row) =>
    row.slice(1),
  );
  const own = presetNames.map((name) => {
    const p = preset(name);
    return [name, p.ringDegree, p.coordinatesPerChunk, p.coordinateBits, p.maxWeight].map(String);
  });
  expect(rows).toEqual(own);
});

it("a chunk's coordinates and the limbs of its blinding fit the ring", () => {
  for (const name of presetNames) {
    const { coordinatesPerChunk, ringDegree } = preset(name);
    expect(coordinatesPerChunk + limbCount, name).toBeLessThanOrEqual(ringDegree);
  }
});

it('circuits, encryption and page blind with as many coefficients', () => {
  const circom = readFileSync(new URL('../circuits/lib/blinding.circom', import.meta.url), 'utf8');
  expect(circom).toContain(`return ${blindingCoefficients};`);
  expect(limbCount / limbsEach).toBe(blindingCoefficients);
  expect(page).toContain(`K + ${limbCount} <= N`);
});
