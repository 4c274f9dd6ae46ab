// The vectors in test/vectors/ are what the code computes now.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generators } from './generate.ts';

describe('vectors', () => {
  it.each(Object.entries(generators))('%s.json is up to date', async (name, generate) => {
    const stored = JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
    expect(JSON.parse(JSON.stringify(await generate()))).toEqual(stored);
  });
});
