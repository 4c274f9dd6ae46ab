// The ABIs of all contracts, written by contracts/tools/render_abi.ts.
import { aggregateVerifierAbi } from './AggregateVerifier.ts';
import { alignmentVerifierAbi } from './AlignmentVerifier.ts';
import { bulletinAbi } from './Bulletin.ts';
import { credentialsAbi } from './Credentials.ts';
import { developmentFeedAbi } from './DevelopmentFeed.ts';
import { developmentTokenAbi } from './DevelopmentToken.ts';
import { disputesAbi } from './Disputes.ts';
import { exclusionsAbi } from './Exclusions.ts';
import { issuersAbi } from './Issuers.ts';
import { keyRegistryAbi } from './KeyRegistry.ts';
import { lendingPoolAbi } from './LendingPool.ts';
import { marketplaceAbi } from './Marketplace.ts';
import { modelsAbi } from './Models.ts';
import { roundsAbi } from './Rounds.ts';
import { scoreVerifierAbi } from './ScoreVerifier.ts';
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
  credentialsAbi,
  developmentFeedAbi,
  developmentTokenAbi,
  disputesAbi,
  exclusionsAbi,
  issuersAbi,
  keyRegistryAbi,
  lendingPoolAbi,
  marketplaceAbi,
  modelsAbi,
  roundsAbi,
  scoreVerifierAbi,
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
  Credentials: credentialsAbi,
  DevelopmentFeed: developmentFeedAbi,
  DevelopmentToken: developmentTokenAbi,
  Disputes: disputesAbi,
  Exclusions: exclusionsAbi,
  Issuers: issuersAbi,
  KeyRegistry: keyRegistryAbi,
  LendingPool: lendingPoolAbi,
  Marketplace: marketplaceAbi,
  Models: modelsAbi,
  Rounds: roundsAbi,
  ScoreVerifier: scoreVerifierAbi,
  Settlement: settlementAbi,
  StakeVault: stakeVaultAbi,
  UpdateVerifier: updateVerifierAbi,
  Validation: validationAbi,
  VerifierRegistry: verifierRegistryAbi,
} as const;
