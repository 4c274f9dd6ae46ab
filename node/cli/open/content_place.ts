// Where content lies, as flags and the chain say it.
import { join } from 'node:path';
import { type Deployment, developmentChains } from '@murmuration/contracts';
import { NodeError } from '../../errors.ts';
import type { ChainSettings } from '../command/flags.ts';

/** The flags that say where content lies. */
export type StoreSettings = Pick<ChainSettings, 'store' | 'home' | 'disk' | 'peer'>;

/** `--store` of members that give each other what they have. */
export const betweenMembers = 'members';

/** Where content lies: as it was said; else in a folder where all run on one machine, and between members elsewhere. */
export const storeOf = (
  { store, home }: Pick<StoreSettings, 'store' | 'home'>,
  { chainId }: Pick<Deployment, 'chainId'>,
): string => store ?? (developmentChains.includes(chainId) ? join(home, 'store') : betweenMembers);

/** The folder of this machine's contents of all tasks, where members give them to each other. */
export const contentFolder = ({ home }: Pick<StoreSettings, 'home'>): string => join(home, 'content');

/** Where contents wait for their task to be posted. */
export const draftsFolder = (settings: Pick<StoreSettings, 'home'>): string =>
  join(contentFolder(settings), 'drafts');

/** Refuses what only a store that all tasks share serves, where members give contents to each other. */
export function refuseMembers(settings: StoreSettings, deployment: Deployment, why: string): void {
  if (storeOf(settings, deployment) !== betweenMembers) return;
  throw new NodeError('input', `--store is ${betweenMembers}, but ${why}`, {
    mend: 'Name a task, or a store that all share: a folder, or kubo:http://127.0.0.1:5001.',
  });
}
