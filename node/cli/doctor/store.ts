// The content store: it answers, and has the task's description.
import { readTask } from '../../chain/index.ts';
import { openStore } from '../open/store.ts';
import { type Check, note, ok } from './check.ts';

/** Most bytes of a description. */
const maxDescription = 2 ** 20;

export const store: Check = {
  name: 'store',
  of: ['member'],
  async look(practice) {
    const { settings } = practice;
    const opened = await openStore(settings);
    try {
      if (settings.task === undefined)
        return [note(`${settings.store} answers; give --task to read from it`)];
      const { parameters } = await readTask(
        await practice.client(),
        await practice.deployment(),
        settings.task,
      );
      await opened.get(parameters.metadata, {
        maxBytes: maxDescription,
        signal: AbortSignal.timeout(20_000),
      });
      return [ok(`${settings.store} has the description of task ${settings.task}`)];
    } finally {
      await opened.stop();
    }
  },
};
