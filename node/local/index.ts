// A federation on one machine: what `npm start` runs.
export { createLocalFederation, kindsOf, type LocalFederation, memberStake } from './federation.ts';
export { adversaries, type LocalInput, type LocalOptions, localOptions } from './options.ts';
export { runLocalFederation } from './run.ts';
export { createView, type Snapshot, type View } from './view.ts';
