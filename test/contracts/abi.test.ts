// The typed ABIs are those of the sources.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderAbis } from '../../contracts/tools/render_abi.ts';
import { root } from '../suites/suite.ts';

const folder = new URL('../../contracts/abi/', import.meta.url);

it('contracts/abi/ is what the sources compile to (else: node contracts/tools/render_abi.ts)', async () => {
  const files = await renderAbis(join(root, 'build'));
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  for (const [name, content] of files)
    expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(content);
});
