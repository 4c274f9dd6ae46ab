// The ceremony that makes keys which nobody can forge with.
export {
  applyBeacon,
  type CeremonyOptions,
  type CeremonyProgress,
  contribute,
  initCeremony,
} from './ceremony.ts';
export { finalizeCeremony } from './finalize.ts';
export { type CeremonyStep, readTranscript, type Transcript, transcriptName } from './transcript.ts';
export { type VerifiedCeremony, verifyCeremony } from './verify.ts';
