// The compiled contracts of a checkout: where they are kept is said by whoever asks.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadArtifacts } from '../../contracts/index.ts';
import { findCheckout } from '../../contracts/tools/compile.ts';
import { cacheFolder } from '../cache_folder.ts';
import { root } from '../suites/suite.ts';

/** Compiling takes ten seconds on an idle machine. */
const limit = { timeout: 600_000 };

it('are compiled into the cache folder once', limit, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'artifacts-'));
  try {
    const first = await loadArtifacts({ cacheFolder: folder });

    expect(first).toEqual(await loadArtifacts({ cacheFolder }));
    expect(await loadArtifacts({ cacheFolder: folder })).toEqual(first);
    expect(readdirSync(join(folder, 'contracts'))).toEqual([
      expect.stringMatching(/^artifacts-[0-9a-f]{32}\.json$/),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('are nowhere without a cache folder', async () => {
  await expect(loadArtifacts()).rejects.toMatchObject({
    code: 'compile',
    mend: expect.stringContaining('`cacheFolder`'),
  });
});

it('are compiled from the checkout that the module lies in', () => {
  expect(join(findCheckout(), '/')).toBe(root);
});
