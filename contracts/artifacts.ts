// What the compiler makes of `contracts/src`: ABI and bytecode of each contract that is deployed.
import { readFile } from 'node:fs/promises';
import type { Abi, Hex } from 'viem';

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

/** A compiled contract. */
export interface Artifact {
  readonly abi: Abi;
  /** What a deployment sends, without the constructor's arguments: hexadecimal, with 0x. */
  readonly bytecode: Hex;
}
export type Artifacts = Readonly<Record<ContractName, Artifact>>;

/** Where compiled contracts may be kept. */
export interface ArtifactOptions {
  /**
   * Absolute path of a folder for what is compiled in a checkout; it is made where it is missing. The published package brings its
   * contracts compiled and writes nothing.
   */
  readonly cacheFolder?: string;
}

/**
 * The compiled contracts: those that the published package brings, else, in a checkout, compiled by forge unless the same
 * sources, settings and compiler have been compiled into `cacheFolder` before.
 *
 * @throws {ContractsError} `compile` with the compiler's words; `program` where forge is not installed.
 */
export async function loadArtifacts({ cacheFolder }: ArtifactOptions = {}): Promise<Artifacts> {
  const packed = await readPacked();
  if (packed !== undefined) return JSON.parse(packed) as Artifacts;
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
