// The words that all packages share: the blinding, the presets' shapes, and the README's example.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blindingCoefficients, blindingOf, chunkShapes, presetNames } from '@murmuration/core';
import { describe, expect, it } from 'vitest';

describe('a blinding', () => {
  it('has as many coefficients as are counted, each of its own place', () => {
    expect(blindingOf((place) => BigInt(place))).toEqual([0n, 1n, 2n]);
    expect(blindingOf(() => 0n).length).toBe(blindingCoefficients);
  });
});

describe("the presets' shapes", () => {
  it('are in the order of their size, which is even', () => {
    const sizes = presetNames.map((name) => chunkShapes[name].coordinatesPerChunk);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes.every((size) => size % 2 === 0)).toBe(true);
  });
});

describe('README', () => {
  it('the example prints what it says', () => {
    const page = readFileSync(new URL('../../core/README.md', import.meta.url), 'utf8');
    const [, code, printed] = /```ts\n([\s\S]*?)```\n\nprints\n\n```\n([\s\S]*?)```/.exec(page)!;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-'], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      input: code!,
      encoding: 'utf8',
    });
    expect(stdout, stderr).toBe(printed);
  });
});
