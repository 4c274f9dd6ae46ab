// The ABIs of all contracts, written by contracts/tools/render_abi.ts.
export { aggregateVerifierAbi } from './AggregateVerifier.ts';
export { alignmentVerifierAbi } from './AlignmentVerifier.ts';
export { bulletinAbi } from './Bulletin.ts';
export { developmentTokenAbi } from './DevelopmentToken.ts';
export { disputesAbi } from './Disputes.ts';
export { keyRegistryAbi } from './KeyRegistry.ts';
export { marketplaceAbi } from './Marketplace.ts';
export { roundsAbi } from './Rounds.ts';
export { settlementAbi } from './Settlement.ts';
export { stakeVaultAbi } from './StakeVault.ts';
export { updateVerifierAbi } from './UpdateVerifier.ts';
export { validationAbi } from './Validation.ts';
export { verifierRegistryAbi } from './VerifierRegistry.ts';
