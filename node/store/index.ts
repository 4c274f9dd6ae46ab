// The content store: blocks by their digest, in a folder or behind an IPFS node.
export { checkContent, oversized } from './content.ts';
export { mayStillCome, StoreError, type StoreReason } from './error.ts';
export { fetchAndPin } from './fetch_and_pin.ts';
export { createFolderStore, type FolderStore } from './folder.ts';
export { createKuboStore } from './kubo.ts';
export { orEnded } from './or_ended.ts';
export { patientStore } from './patient.ts';
export {
  type ContentKind,
  type ContentStore,
  contentKinds,
  type GetOptions,
  searchTime,
} from './store.ts';
export { createTaskContents, type TaskContents, type TaskContentsPlace } from './task_contents.ts';
