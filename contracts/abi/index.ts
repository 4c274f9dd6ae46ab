// The ABIs of all contracts, written by contracts/tools/render_abi.ts.
import { aggregateVerifierAbi } from './AggregateVerifier.ts';
import { alignmentVerifierAbi } from './AlignmentVerifier.ts';
import { bulletinAbi } from './Bulletin.ts';
import { developmentTokenAbi } from './DevelopmentToken.ts';
import { disputesAbi } from './Disputes.ts';
import { exclusionsAbi } from './Exclusions.ts';
import { keyRegistryAbi } from './KeyRegistry.ts';
import { marketplaceAbi } from './Marketplace.ts';
import { roundsAbi } from './Rounds.ts';
import { settlementAbi } from './Settlement.ts';
import { stakeVaultAbi } from './StakeVault.ts';
import { updateVerifierAbi } from './UpdateVerifier.ts';
import { validationAbi } from './Validation.ts';
import { verifierRegistryAbi } from './VerifierRegistry.ts';

export * from './enums.ts';
export {
  aggregateVerifierAbi,
  alignmentVerifierAbi,
  bulletinAbi,
  developmentTokenAbi,
  disputesAbi,
  exclusionsAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  updateVerifierAbi,
  validationAbi,
  verifierRegistryAbi,
};

/** Every contract's ABI by the contract's name. */
export const abis = {
  AggregateVerifier: aggregateVerifierAbi,
  AlignmentVerifier: alignmentVerifierAbi,
  Bulletin: bulletinAbi,
  DevelopmentToken: developmentTokenAbi,
  Disputes: disputesAbi,
  Exclusions: exclusionsAbi,
  KeyRegistry: keyRegistryAbi,
  Marketplace: marketplaceAbi,
  Rounds: roundsAbi,
  Settlement: settlementAbi,
  StakeVault: stakeVaultAbi,
  UpdateVerifier: updateVerifierAbi,
  Validation: validationAbi,
  VerifierRegistry: verifierRegistryAbi,
} as const;
