// A federation on one machine: what `npm start` and `murmur up` run.
export {
  type FederationMember,
  type FreeSeat,
  type Life,
  type LocalFederation,
  memberStake,
} from './assembly.ts';
export { developmentAccount, fund, fundNew, type Gift } from './funds.ts';
export { presetKeys } from './keys.ts';
export { givenOptions, type LocalInput, type LocalOptions, localOptions } from './options.ts';
export { openPersistentFederation, type PersistentFederation } from './persistent.ts';
export { runLocalFederation } from './run.ts';
export { readToEnd, runToEnd } from './run_to_end.ts';
export { createThrowawayFederation, type ThrowawaySettings } from './throwaway.ts';
export { createView, type Snapshot, type View } from './view.ts';
