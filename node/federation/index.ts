// What parties of a federation do together: make a key, send updates, open sums, prove.
export { checkOpens, type ProvenSumChunk, proveSum, SumDoesNotOpen } from './aggregate.ts';
export { type AlignmentInputs, type ProvenAlignment, proveAlignment } from './alignment.ts';
export { decodeBundle, encodeBundle } from './bundle.ts';
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
  type ProvenChunk,
  placeOf,
  proveSubmission,
  type SealedChunk,
  sealChunks,
} from './submission.ts';
export { type ChunkSum, decodeSum, encodeSum, sumBytes } from './sum_file.ts';
