// The ceremony that makes keys which nobody can forge with, and what a third party checks of any keys.

// Any keys
export { findAlteredDevelopmentKeys, findForeignCircuits, readManifest } from '../keys/index.ts';
export { verifySrs } from '../kzg/index.ts';
// The ceremony
export {
  applyBeacon,
  type Beacon,
  type CeremonyOptions,
  type CeremonyProgress,
  type CeremonyStart,
  type CircuitOptions,
  type CompiledElsewhere,
  type CompilingHere,
  type Contribution,
  contribute,
  initCeremony,
} from './ceremony.ts';
export {
  type CeremonyKeysToCheck,
  type CeremonyToCheck,
  type CheckedCeremony,
  checkCeremony,
  checkCeremonyKeys,
  checkContributors,
  readKeysTranscript,
} from './check.ts';
export { type CeremonyToFinalize, finalizeCeremony } from './finalize.ts';
export { type CeremonyStep, readTranscript, type Transcript, transcriptName } from './transcript.ts';
