// The phases of a running task, as someone sees them who reaches the chain by a way of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultFollowSettings, defaultSenderSettings, type Stage } from '../../node/chain/index.ts';
import type { LocalFederation } from '../../node/local/index.ts';
import { readTogether } from '../../node/roles/index.ts';

/** Milliseconds between two looks. */
const pause = 50;

/** What is watched, and where its chain answers. */
export interface Watched {
  readonly task: bigint;
  readonly place: Pick<LocalFederation['place'], 'deployment'>;
}

/** Calls `act` at the begin of each phase of each round, until the task is over; one at a time. */
export async function atEachPhase(
  { task, place: { deployment } }: Watched,
  url: string | (() => string),
  act: (stage: Stage) => Promise<void>,
): Promise<void> {
  const where = typeof url === 'string' ? () => url : url;
  const sender = { ...defaultSenderSettings, pollingInterval: pause };
  const viewsAt = (url: string) =>
    readTogether({ url, deployment, follow: defaultFollowSettings, sender }).views(task);
  let at = where();
  let views = viewsAt(at);
  let seen = '';
  for (;;) {
    await sleep(pause);
    if (where() !== at) {
      at = where();
      views = viewsAt(at);
    }
    const { status } = await views.state();
    if (status === 'ended' || status === 'cancelled') return;
    if (status !== 'running') continue;
    const stage = await views.stage();
    const name = `${stage.round}/${stage.phase}`;
    if (name === seen) continue;
    seen = name;
    await act(stage);
  }
}
