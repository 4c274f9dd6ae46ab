// The ceremony that makes keys which nobody can forge with, and what a third party checks of any keys.

export { findAlteredDevelopmentKeys, findForeignCircuits, readManifest } from '../keys/index.ts';
export { verifySrs } from '../kzg/index.ts';
export {
  applyBeacon,
  type CeremonyOptions,
  type CeremonyProgress,
  type CircuitOptions,
  contribute,
  initCeremony,
} from './ceremony.ts';
export { type CeremonyToCheck, type CheckedCeremony, checkCeremony } from './check.ts';
export { finalizeCeremony } from './finalize.ts';
export { type CeremonyStep, readTranscript, type Transcript, transcriptName } from './transcript.ts';
