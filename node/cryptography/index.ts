// What parties of a federation do together: make a key, send updates, open sums, prove.

export { decodeBundle, encodeBundle } from '../protocol/bundle.ts';
export { type ChunkSum, decodeSum, encodeSum, sumBytes } from '../protocol/sum_file.ts';
export { checkOpens, type ProvenSumChunk, proveSum, SumDoesNotOpen } from './aggregate.ts';
export { type ProvenAlignment, proveAlignment } from './alignment.ts';
export * from './keying.ts';
export {
  type Accepted,
  addCiphertexts,
  CiphertextError,
  completeSets,
  decryptionSet,
  loadCiphertext,
  openSums,
  type PublishedShares,
  readShares,
  shareOf,
} from './opening.ts';
export {
  type Binding,
  decodeSealed,
  encodeSealed,
  type Place,
  type ProvenChunk,
  placeOf,
  proveSubmission,
  type SealedChunk,
  sealChunks,
} from './submission.ts';
