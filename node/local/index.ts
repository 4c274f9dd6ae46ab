// A federation on one machine: what `npm start` runs.

export { adversaries, type LocalInput, type LocalOptions, localOptions } from './options.ts';
export { runLocalFederation } from './run.ts';
export { createLocalFederation, kindsOf, type LocalFederation, memberStake } from './throwaway.ts';
export { createView, type Snapshot, type View } from './view.ts';
