// Threshold BFV: what the package hands out. It knows nothing of the SNARKs, of the chain or of the network.

export type { Blinding, ChunkVector, PresetName } from '@murmuration/core';
export type { DecryptionShare, SharedSum } from './decrypt/combine.ts';
export type { JointContribution, JointOpening, JointSums } from './decrypt/joint_opening.ts';
export type { JointRequest, JointShare } from './decrypt/joint_share.ts';
export { DecryptionLog, maxSets } from './decrypt/log.ts';
export type { StopSignal } from './decrypt/pause.ts';
export type { DecryptionRequest } from './decrypt/share.ts';
export { HeError, type HeErrorCode } from './errors.ts';
export type { Decryption } from './face/decryption.ts';
export type { Encryption, Encryptor } from './face/encryption.ts';
export type { KeyGeneration } from './face/key_generation.ts';
export type { SelfTesting } from './face/self_test.ts';
export type { Sums } from './face/sums.ts';
export { createHe, type He } from './he.ts';
export type { ReceivedReceipt, ReceivedShare } from './keys/dealing.ts';
export type { Announcement, KeyGroup, KeyGroupInput, Member, ShownKeyShare } from './keys/group.ts';
export type { DealtShares, MemberKey } from './keys/member.ts';
export { digest, type KeyShare, type PartySecret } from './keys/party.ts';
export {
  lackingFloodBits,
  type Openings,
  openedDeviation,
  openingDistance,
  openingsInSets,
  openingsOf,
  type Slack,
  slackDeviation,
} from './leak.ts';
export {
  checkParameters,
  floodingBits,
  noiseBound,
  openedNoiseBound,
  type Parameters,
  preset,
} from './parameters.ts';
export { type ParametersLiteral, presets } from './presets.ts';
export type { Row } from './ring/ring.ts';
export type { OpenedSelfTest, SelfTest } from './self_test.ts';
export type { Sharing } from './sharing.ts';
export type { Accumulator } from './sum/accumulator.ts';
export type { Segment, SegmentRange, SegmentSource } from './sum/segment.ts';
export type { KernelName } from './wasm/kernel.ts';
export type { ChunksToProve, ProvenCiphertexts } from './wellformed/prove.ts';
export type { ProvenEncryption } from './wellformed/verify.ts';
