// The typed ABIs are those of the sources.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderAbis } from '../../contracts/tools/render_abi.ts';
import { cacheFolder } from '../cache_folder.ts';

const folder = new URL('../../contracts/abi/', import.meta.url);

it('contracts/abi/ is what the sources compile to (else: node contracts/tools/render_abi.ts)', async () => {
  const files = await renderAbis(cacheFolder);
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  for (const [name, content] of files)
    expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(content);
});
