// The compiled contracts: packed beside this module where the package is published, else compiled in the
// checkout.
import { readFile } from 'node:fs/promises';
import type { Artifacts } from './artifacts.ts';
import { ContractsError } from './errors.ts';

/** Where compiled contracts may be kept. */
export interface ArtifactOptions {
  /**
   * Path of a folder for what is compiled in a checkout; it is made where it is missing. The
   * published package brings its contracts compiled and writes nothing.
   */
  readonly cacheFolder?: string;
}

/**
 * The compiled contracts: those that the published package brings, else, in a checkout, compiled by forge
 * unless the same sources, settings and compiler have been compiled into `cacheFolder` before.
 *
 * @throws {ContractsError} `compile` where a checkout is given no `cacheFolder`, or with the compiler's
 * words; `program` where forge is not installed.
 */
export async function loadArtifacts({ cacheFolder }: ArtifactOptions = {}): Promise<Artifacts> {
  const packed = await readPacked();
  if (packed !== undefined) return JSON.parse(packed) as Artifacts;
  if (cacheFolder === undefined) {
    throw new ContractsError(
      'compile',
      'the contracts are not compiled yet, and no cacheFolder is given for them',
      {
        mend: 'Pass `cacheFolder`, the path of a folder to keep them in.',
      },
    );
  }
  const { compileContracts } = await import('./tools/compile.ts');
  return compileContracts(cacheFolder);
}

/** The published package has the file beside this module; the sources never do. */
async function readPacked(): Promise<string | undefined> {
  try {
    return await readFile(new URL('./artifacts.json', import.meta.url), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
