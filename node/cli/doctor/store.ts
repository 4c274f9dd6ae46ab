// The content store: it answers, and has the task's description.
import { readTask } from '../../chain/index.ts';
import { storeOf } from '../open/content_place.ts';
import { openStore } from '../open/store.ts';
import { type Check, note, ok } from './check.ts';

/** Most bytes of a description. */
const maxDescription = 2 ** 20;

export const store: Check = {
  name: 'store',
  of: ['member'],
  async look(practice) {
    const { settings } = practice;
    const deployment = await practice.deployment();
    const name = storeOf(settings, deployment);
    const { task } = settings;
    const posted = task === undefined ? undefined : await readTask(await practice.client(), deployment, task);
    const opened = await openStore(settings, deployment, posted);
    try {
      if (posted === undefined) return [note(`${name} answers; give --task to read from it`)];
      const { metadata } = posted.parameters;
      await opened.get(metadata, { maxBytes: maxDescription, signal: AbortSignal.timeout(20_000) });
      return [ok(`${name}: the description of task ${task} is there`)];
    } finally {
      await opened.stop();
    }
  },
};
