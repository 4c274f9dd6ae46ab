// Threshold BFV: what the package hands out. It knows nothing of proofs, of the chain or of the network.

export type { Blinding, ChunkVector, PresetName } from '@murmuration/core';
export type { DecryptionShare, SharedSum } from './decrypt/combine.ts';
export { DecryptionLog, maxSets } from './decrypt/log.ts';
export type { DecryptionRequest } from './decrypt/share.ts';
export { HeError, type HeErrorCode } from './errors.ts';
export { createHe, type Encryptor, type He } from './he.ts';
export type { ReceivedReceipt, ReceivedShare } from './keys/dealing.ts';
export type { Announcement, KeyGroup, KeyGroupInput, Member } from './keys/group.ts';
export type { DealtShares, MemberKey } from './keys/member.ts';
export { digest, type KeyShare, type PartySecret } from './keys/party.ts';
export { checkParameters, floodingBits, noiseBound, type Parameters, preset } from './parameters.ts';
export { type ParametersLiteral, presets } from './presets.ts';
export type { OpenedSelfTest, SelfTest } from './selftest.ts';
export type { Accumulator } from './sum/accumulator.ts';
export type { Segment, SegmentRange, SegmentSource } from './sum/segment.ts';
export type { ChunkToProve, ProvenCiphertext } from './wellformed/prove.ts';
export type { ProvenEncryption } from './wellformed/verify.ts';
