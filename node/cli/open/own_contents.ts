// What lies on this machine of all tasks' contents, where members give them to each other; what is put goes to what is
// still to be posted.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContentStore, createFolderStore, type FolderStore, StoreError } from '../../store/index.ts';
import { contentFolder, draftsFolder, type StoreSettings } from './content_place.ts';

/** The contents of all tasks, not yet started. */
export function ownContents(settings: Pick<StoreSettings, 'home'>): ContentStore {
  const drafts = createFolderStore(draftsFolder(settings));
  let all: readonly FolderStore[] = [];
  return {
    async start() {
      await drafts.start();
      const root = contentFolder(settings);
      all = (await readdir(root)).map((name) => createFolderStore(join(root, name)));
      await Promise.all(all.map((each) => each.start()));
    },
    async stop() {
      await Promise.all([drafts, ...all].map((each) => each.stop()));
    },
    put: (bytes) => drafts.put(bytes),
    async get(digest, options) {
      for (const each of all) {
        try {
          return await each.get(digest, options);
        } catch (error) {
          if (!(error instanceof StoreError) || error.reason !== 'missing') throw error;
        }
      }
      return drafts.get(digest, options);
    },
    async has(digest) {
      for (const each of [drafts, ...all]) if (await each.has(digest)) return true;
      return false;
    },
  };
}
