// The compiled circuits that the published package brings: how they are laid out, and read.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompiledSource, openArtifact, readRecord } from './artifact.ts';
import { CircuitError } from './errors.ts';

/** The published package has this folder beside its modules; the sources never do. */
const packedFolder = fileURLToPath(new URL('./compiled/', import.meta.url));
const indexName = 'index.json';

/** Source hashes of the circuits that a folder of compiled circuits holds, by id. */
type PackedIndex = Readonly<Record<string, string>>;

/**
 * Lays compiled circuits out as the published package has them beside its modules: one folder a circuit, such as
 * `update-base/{main.r1cs,main.wasm,record.json}`, and `index.json`.
 *
 * @param target is the folder, replaced if it is there.
 */
export async function layOut(target: string, circuits: readonly CompiledSource[]): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const index: Record<string, string> = {};
  for (const { id, sourceHash, r1cs } of circuits) {
    await cp(dirname(r1cs.path), packedPath(target, id), {
      recursive: true,
      filter: (path) => basename(path) !== 'main.circom',
    });
    index[id] = sourceHash;
  }
  await writeFile(join(target, indexName), `${JSON.stringify(index, null, 2)}\n`);
}

/**
 * A circuit that the package brings; `undefined` of one that it does not.
 *
 * @throws {CircuitError} `artifact` for one that is listed and missing, or altered.
 */
export async function openPacked(id: string): Promise<CompiledSource | undefined> {
  const sourceHash = (await readIndex())[id];
  if (sourceHash === undefined) return undefined;
  const folder = packedPath(packedFolder, id);
  const record = await readRecord(folder);
  if (!record) {
    throw new CircuitError('artifact', `${folder} is missing, but ${indexName} lists it`, {
      mend: 'Install @murmuration/circuits again.',
    });
  }
  return openArtifact({ id, sourceHash, folder }, record);
}

const packedPath = (folder: string, id: string) => join(folder, id.replace('/', '-'));

async function readIndex(): Promise<PackedIndex> {
  try {
    return JSON.parse(await readFile(join(packedFolder, indexName), 'utf8')) as PackedIndex;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
