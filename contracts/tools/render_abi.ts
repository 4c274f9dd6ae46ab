// Writes `contracts/abi/`: the ABIs as TypeScript constants, which viem types calls by, and the interfaces'
// enumerations. Run `node contracts/tools/render_abi.ts` after a change of an interface; a test compares the
// files with what the sources compile to.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Abi } from 'viem';
import { type ContractName, contractFiles } from '../artifacts.ts';
import { loadArtifacts } from '../load_artifacts.ts';
import { findCheckout } from './compile.ts';
import { renderEnums } from './enums.ts';

/** Name of the constant: `stakeVaultAbi` for `StakeVault`. */
const constant = (name: string): string => `${name[0]!.toLowerCase()}${name.slice(1)}Abi`;

/**
 * File name to content, of every file in `contracts/abi/`; what is compiled for it goes into `cacheFolder`.
 */
export async function renderAbis(cacheFolder: string): Promise<Map<string, string>> {
  const artifacts = await loadArtifacts({ cacheFolder });
  const names = Object.keys(contractFiles).sort() as ContractName[];
  const files = new Map(names.map((name) => [`${name}.ts`, render(name, artifacts[name].abi)]));
  files.set('enums.ts', renderEnums());
  files.set('index.ts', renderIndex(names));
  return files;
}

function renderIndex(names: readonly ContractName[]): string {
  return [
    '// The ABIs of all contracts, written by contracts/tools/render_abi.ts.',
    ...names.map((name) => `import { ${constant(name)} } from './${name}.ts';`),
    '',
    "export * from './enums.ts';",
    `export {\n${names.map((name) => `  ${constant(name)},\n`).join('')}};`,
    '',
    "/** Every contract's ABI by the contract's name. */",
    `export const abis = {\n${names.map((name) => `  ${name}: ${constant(name)},\n`).join('')}} as const;\n`,
  ].join('\n');
}

function render(name: ContractName, abi: Abi): string {
  const items = abi.map((item) => `  ${JSON.stringify(item, withoutInternalTypes)},`);
  return [
    '// biome-ignore-all format: written by contracts/tools/render_abi.ts, one entry a line',
    `/** ABI of ${contractFiles[name]}. */`,
    `export const ${constant(name)} = [`,
    ...items,
    '] as const;\n',
  ].join('\n');
}

const withoutInternalTypes = (key: string, value: unknown) => (key === 'internalType' ? undefined : value);

if (import.meta.main) {
  const folder = new URL('../abi/', import.meta.url);
  const cacheFolder = join(findCheckout(), 'build');
  await mkdir(folder, { recursive: true });
  for (const [file, content] of await renderAbis(cacheFolder))
    await writeFile(new URL(file, folder), content);
  console.log('wrote contracts/abi/');
}
