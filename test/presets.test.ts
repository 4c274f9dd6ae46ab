// The presets' numbers are those of docs/encodings.md, where the ring of the encryption stands beside what
// all packages share.

import { readFileSync } from 'node:fs';
import { presetNames } from '@murmuration/core';
import { preset } from '@murmuration/he';
import { expect, it } from 'vitest';

it("the encryption's presets agree with the table of docs/encodings.md", () => {
  const page = readFileSync(new URL('../docs/encodings.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\d+) +\| (\d+) +\| (\d+) +\| (\d+) +\|/gm)].map((row) =>
    row.slice(1),
  );
  const own = presetNames.map((name) => {
    const p = preset(name);
    return [name, p.ringDegree, p.coordinatesPerChunk, p.coordinateBits, p.maxWeight].map(String);
  });
  expect(rows).toEqual(own);
});
