// The ring: adds the round's ciphertexts with nobody in the middle, and shows who lied if the sum is wrong.
export { type CiphertextForm, ciphertextShape, ciphertextsOf, residuesOf } from './ciphertexts.ts';
export { type Chain, checkChain, type Link } from './hop.ts';
export {
  type Addend,
  addendsOf,
  maxMembers,
  type Places,
  planDigest,
  type RingPlan,
  ringOrder,
} from './plan.ts';
export { addResidues, type Shape, scaleResidues } from './residues.ts';
export { type RoundOfRing, roundPlan } from './round_plan.ts';
export { createRingService, type RingService, ringProtocol } from './service.ts';
export type { RingEvent, RingResult, RingSession, RingSettings } from './session.ts';
export { AddendError } from './session.ts';
export { type RingTiming, ringTiming } from './timing.ts';
export { type Fault, firstWrongHop, type LoadAddend } from './verdict.ts';
export { decodeChain, encodeChain } from './wire.ts';
