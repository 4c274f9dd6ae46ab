// What the compiler makes of `contracts/src`: ABI and bytecode of each contract that is deployed.
import type { Abi, Hex } from 'viem';

/** The contracts of a deployment, by the file that each is in. */
export const contractFiles = {
  DevelopmentToken: 'development/DevelopmentToken.sol',
  DevelopmentFeed: 'development/DevelopmentFeed.sol',
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
  Exclusions: 'Exclusions.sol',
  Bulletin: 'Bulletin.sol',
  Issuers: 'credit/Issuers.sol',
  Models: 'credit/Models.sol',
  ScoreVerifier: 'credit/ScoreVerifier.sol',
  Credentials: 'credit/Credentials.sol',
  LendingPool: 'credit/LendingPool.sol',
} as const;
export type ContractName = keyof typeof contractFiles;

/** The code of a deployed contract: hexadecimal, with 0x, and zeros where its constructor puts immutables. */
export interface RuntimeCode {
  readonly code: Hex;
  /** Where the immutables are, in bytes. */
  readonly immutables: readonly { readonly start: number; readonly length: number }[];
}

/** A compiled contract. */
export interface Artifact {
  readonly abi: Abi;
  /** What a deployment sends, without the constructor's arguments: hexadecimal, with 0x. */
  readonly bytecode: Hex;
  /** What stands on the chain afterwards. */
  readonly runtime: RuntimeCode;
}
export type Artifacts = Readonly<Record<ContractName, Artifact>>;
