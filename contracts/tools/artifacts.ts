// What the compiler made of `contracts/src`: ABI and bytecode of each contract that is deployed.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Abi, Hex } from 'viem';
import { foundryBinary } from './foundry.ts';

/** The contracts of a deployment, by the file that each is in. */
export const contractFiles = {
  DevelopmentToken: 'development/DevelopmentToken.sol',
  VerifierRegistry: 'verifiers/VerifierRegistry.sol',
  UpdateVerifier: 'verifiers/UpdateVerifier.sol',
  AggregateVerifier: 'verifiers/AggregateVerifier.sol',
  AlignmentVerifier: 'verifiers/AlignmentVerifier.sol',
  StakeVault: 'StakeVault.sol',
  Marketplace: 'Marketplace.sol',
  KeyRegistry: 'KeyRegistry.sol',
  Rounds: 'Rounds.sol',
  Validation: 'Validation.sol',
  Settlement: 'Settlement.sol',
  Disputes: 'Disputes.sol',
  Bulletin: 'Bulletin.sol',
} as const;
export type ContractName = keyof typeof contractFiles;

export interface Artifact {
  abi: Abi;
  bytecode: Hex;
}
export type Artifacts = Readonly<Record<ContractName, Artifact>>;

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'build/contracts');
const names = Object.keys(contractFiles) as ContractName[];

/**
 * Compiles, unless the same sources, settings and compiler have been compiled before.
 * @throws Error with the compiler's words.
 */
export async function compile(): Promise<Artifacts> {
  const path = join(folder, `artifacts-${(await sourceHash()).slice(0, 32)}.json`);
  if (!existsSync(path)) await build(path);
  return JSON.parse(await readFile(path, 'utf8')) as Artifacts;
}

/** SHA-256 of everything that the bytecode depends on. */
async function sourceHash(): Promise<string> {
  const files = globSync('contracts/src/**/*.sol', { cwd: root }).sort();
  files.push('foundry.toml', 'contracts/tools/solc', 'contracts/tools/artifacts.ts');
  files.push('node_modules/solc/package.json', 'node_modules/@openzeppelin/contracts/package.json');
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = await readFile(join(root, file));
    hash.update(`${file}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

async function build(path: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scratch = join(folder, `scratch-${randomUUID()}`);
  const args = [
    'build',
    'contracts/src',
    '--out',
    join(scratch, 'out'),
    '--cache-path',
    join(scratch, 'cache'),
  ];
  // forge starts the compiler, a script, with the `node` that it finds first: let it be this one.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
  try {
    await promisify(execFile)(foundryBinary('forge'), args, { cwd: root, env, maxBuffer: 1 << 26 });
    const artifacts = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await read(join(scratch, 'out'), name)] as const)),
    );
    const text = `${JSON.stringify(artifacts)}\n`;
    await writeFile(join(scratch, 'artifacts.json'), text);
    await rename(join(scratch, 'artifacts.json'), path);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    if (!stdout && !stderr) throw error;
    throw new Error(`contracts: forge build failed; run it to see where\n${stderr}${stdout}`.trimEnd());
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function read(out: string, name: ContractName): Promise<Artifact> {
  const file = contractFiles[name].split('/').at(-1)!;
  const { abi, bytecode } = JSON.parse(await readFile(join(out, file, `${name}.json`), 'utf8')) as {
    abi: Abi;
    bytecode: { object: Hex; linkReferences: object };
  };
  if (Object.keys(bytecode.linkReferences).length > 0) {
    throw new Error(`contracts: ${name} has external libraries, which a deployment does not link`);
  }
  return { abi, bytecode: bytecode.object };
}
