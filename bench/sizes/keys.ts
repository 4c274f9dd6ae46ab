// What lies on the disk of whoever proves: of each statement the constraints, the program that makes witnesses, the keys,
// and the tables that the prover makes of a key when it first proves with it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CircuitName } from '@murmuration/circuits';
import type { PresetName } from '@murmuration/core';
import { ensureDevelopmentKeys, type KeySet } from '@murmuration/prover';
import { type SizeTable, shownBytes } from './table.ts';

const cacheFolder = fileURLToPath(new URL('../../build', import.meta.url));
const statements = ['update', 'aggregate', 'alignment'] as const satisfies readonly CircuitName[];

/** Of the development keys of a preset, made where they are missing; a ceremony's are as large. */
export async function keySizes(preset: PresetName): Promise<SizeTable> {
  const keys = await ensureDevelopmentKeys(preset, { cacheFolder });
  const powers = statSync(join(keys.folder, 'powers.srs')).size;
  return {
    title: `On the disk of whoever proves \`${preset}\`; powers that commit: ${shownBytes(powers)}`,
    columns: ['constraints', 'witness program', 'proving key', 'verifying key', 'tables'],
    rows: statements.map((name) => ({ name: `\`${name}\``, bytes: ofStatement(keys, name) })),
  };
}

function ofStatement({ manifest, folder }: KeySet, name: CircuitName): (number | undefined)[] {
  const { r1cs, wasm, zkey, verifyingKey } = manifest.circuits[name];
  const sizeOf = ({ file }: { readonly file: string }) => statSync(join(folder, file)).size;
  return [...[r1cs, wasm, zkey, verifyingKey].map(sizeOf), tablesOf(zkey.sha256)];
}

/** Of the largest tables that a key has in the cache; undefined before anything was proven with it here. */
function tablesOf(sha256: string): number | undefined {
  const folder = join(cacheFolder, 'tables');
  const own = readdirSync(folder).filter((file) => file.startsWith(sha256.slice(0, 32)));
  return own.length === 0 ? undefined : Math.max(...own.map((file) => statSync(join(folder, file)).size));
}
