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
  initScoreCeremony,
} from './ceremony.ts';
export {
  type CeremonyKeysToCheck,
  type CeremonyToCheck,
  type CheckedCeremony,
  checkCeremony,
  checkCeremonyKeys,
  checkContributors,
  checkScoreCeremonyKeys,
  readKeysTranscript,
  readScoreKeysTranscript,
  type ScoreCeremonyKeysToCheck,
} from './check.ts';
export { type CeremonyToFinalize, finalizeCeremony, finalizeScoreCeremony } from './finalize.ts';
export type { CeremonyCircuit, Subject } from './subject.ts';
export {
  type AnyTranscript,
  type CeremonyStep,
  readTranscript,
  type ScoreTranscript,
  subjectOf,
  type Transcript,
  transcriptName,
} from './transcript.ts';
