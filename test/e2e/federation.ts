// A small federation in this process, run to the end of its task.
import {
  createThrowawayFederation,
  type LocalFederation,
  type LocalInput,
  runToEnd,
} from '../../node/local/index.ts';
import type { RoleEvent } from '../../node/roles/index.ts';
import { cacheFolder } from '../cache_folder.ts';

const small = { preset: 'tiny', trainers: 3, validators: 2 } as const;

/** Hears of every step of the federation, and may meddle with it. */
export type Watch = (event: RoleEvent, federation: LocalFederation) => void;

/** Runs a federation below `folder` until its task is over. `prepare` sees it before it starts, `last` before it stops. */
export async function runFederation(
  folder: string,
  input: LocalInput,
  watch: Watch,
  prepare: (federation: LocalFederation) => void = () => undefined,
  last?: (federation: LocalFederation) => Promise<void>,
): Promise<LocalFederation> {
  let running: LocalFederation | undefined;
  const federation = await createThrowawayFederation({ ...small, ...input }, folder, {
    cacheFolder,
    observe: (event) => running && watch(event, running),
    say: () => undefined,
  });
  running = federation;
  prepare(federation);
  await runToEnd(federation, last);
  return federation;
}
