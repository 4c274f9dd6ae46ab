// Threshold BFV: what the folder hands out. It knows nothing of proofs, of the chain or of the network.

export type { DecryptionShare } from './decrypt/combine.ts';
export { DecryptionLog, maxSets } from './decrypt/log.ts';
export { type Blinding, blindingOrder, type OpenedSum } from './encoding.ts';
export { HeError, type HeErrorCode } from './errors.ts';
export { createHe, type Encryptor, type He } from './he.ts';
export type { Announcement, Federation, FederationInput, Member } from './keys/federation.ts';
export type { MemberKey } from './keys/member.ts';
export { digest, type KeyShare, type PartySecret } from './keys/party.ts';
export { checkParameters, floodingBits, noiseBound, type Parameters, preset } from './parameters.ts';
export { type ParametersLiteral, type PresetName, presets } from './presets.ts';
export type { Chunk } from './selftest.ts';
export type { Accumulator } from './sum/accumulator.ts';
export type { Segment, SegmentRange } from './sum/segment.ts';
export type { ProvenCiphertext } from './wellformed/prove.ts';
