// Compiles `contracts/src` with forge and solc, in a checkout only: compiler and libraries are development
// dependencies.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Abi, Hex } from 'viem';
import { type Artifact, type Artifacts, type ContractName, contractFiles } from '../artifacts.ts';
import { ContractsError } from '../errors.ts';
import { foundryBinary } from './foundry.ts';

const names = Object.keys(contractFiles) as ContractName[];

/**
 * Compiles, unless the same sources, settings and compiler have been compiled into the folder before.
 *
 * @throws {ContractsError} `compile` with the compiler's words, or where the sources are not there; `program`
 * without forge.
 */
export async function compileContracts(cacheFolder: string): Promise<Artifacts> {
  const root = findCheckout();
  const folder = resolve(cacheFolder, 'contracts');
  const path = join(folder, `artifacts-${(await sourceHash(root)).slice(0, 32)}.json`);
  if (!existsSync(path)) await build(root, folder, path);
  return JSON.parse(await readFile(path, 'utf8')) as Artifacts;
}

/**
 * The folder of the checkout: foundry.toml is there, which names sources, libraries and compiler relative to
 * itself.
 *
 * @throws {ContractsError} `compile` where this module is not in a checkout.
 */
export function findCheckout(): string {
  const here = fileURLToPath(import.meta.url);
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'foundry.toml')) && here === join(folder, 'contracts/tools/compile.ts'))
      return folder;
  }
  throw new ContractsError('compile', 'artifacts.json is missing, and there are no sources to compile', {
    mend: 'Install @murmuration/contracts again.',
  });
}

/** SHA-256 of everything that the bytecode depends on. */
async function sourceHash(root: string): Promise<string> {
  const files = globSync('contracts/src/**/*.sol', { cwd: root }).sort();
  files.push('foundry.toml', 'contracts/artifacts.ts', 'contracts/tools/solc', 'contracts/tools/compile.ts');
  files.push('node_modules/solc/package.json', 'node_modules/@openzeppelin/contracts/package.json');
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = await readFile(join(root, file));
    hash.update(`${file}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

async function build(root: string, folder: string, path: string): Promise<void> {
  const scratch = join(folder, `scratch-${randomUUID()}`);
  const [out, cache] = [join(scratch, 'out'), join(scratch, 'cache')];
  const args = ['build', 'contracts/src', '--out', out, '--cache-path', cache];
  // forge starts the compiler, a script, with the `node` that it finds first: let it be this one.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
  await mkdir(scratch, { recursive: true });
  try {
    await promisify(execFile)(foundryBinary('forge'), args, { cwd: root, env, maxBuffer: 1 << 26 });
    const artifacts = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await read(out, name)] as const)),
    );
    await writeFile(join(scratch, 'artifacts.json'), `${JSON.stringify(artifacts)}\n`);
    await rename(join(scratch, 'artifacts.json'), path);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    if (!stdout && !stderr) throw error;
    throw new ContractsError('compile', `forge build failed\n${stderr}${stdout}`.trimEnd(), { cause: error });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function read(out: string, name: ContractName): Promise<Artifact> {
  const file = contractFiles[name].split('/').at(-1)!;
  const { abi, bytecode, deployedBytecode } = JSON.parse(
    await readFile(join(out, file, `${name}.json`), 'utf8'),
  ) as {
    abi: Abi;
    bytecode: { object: Hex; linkReferences: object };
    deployedBytecode: {
      object: Hex;
      immutableReferences?: Readonly<Record<string, readonly { start: number; length: number }[]>>;
    };
  };
  if (Object.keys(bytecode.linkReferences).length > 0) {
    throw new Error(`contracts: ${name} has external libraries, which a deployment does not link`);
  }
  const immutables = Object.values(deployedBytecode.immutableReferences ?? {}).flat();
  const runtime = { code: deployedBytecode.object, immutables };
  return { abi, bytecode: bytecode.object, runtime };
}
