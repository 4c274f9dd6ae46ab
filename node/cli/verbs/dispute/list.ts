// `dispute list`: who is accused of what, and how it stands.
import { zeroAddress } from 'viem';
import { readTask } from '../../../chain/index.ts';
import type { ChainSettings } from '../../command/flags.ts';
import { openDeployment } from '../../open/deployment.ts';
import { openOnlooker } from '../../open/member.ts';
import { openStore } from '../../open/store.ts';
import { print } from '../../output/format.ts';
import { lineOf, readDocket } from './docket.ts';

/** `dispute list`. */
export async function list(settings: ChainSettings & { readonly task: bigint }): Promise<void> {
  const { task, json } = settings;
  const deployment = await openDeployment(settings);
  const onlooker = await openOnlooker(settings, { deployment, task, seat: zeroAddress });
  const posted = await readTask(onlooker.client, deployment, task);
  const store = await openStore(settings, deployment, posted);
  try {
    const { views } = await readDocket(onlooker, { store, deployment });
    print(
      json,
      { task, disputes: views },
      views.map(lineOf).join('\n') || `nobody is accused in task ${task}`,
    );
  } finally {
    await store.stop();
  }
}
