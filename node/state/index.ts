// State on disk that survives a kill at any point: versioned documents and blobs, one process to a folder.

export { type AtomicOptions, makeFolder, syncFolder, writeAtomically } from './atomic.ts';
export { diskFault } from './disk_fault.ts';
export type { Document, DocumentForm } from './document.ts';
export { lockFolder } from './lock.ts';
export { openState, type State } from './state.ts';
export { createTurns, type Turns } from './turns.ts';
