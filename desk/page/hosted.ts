// What is given to hosts, as signals.
import { effect, signal } from '@preact/signals';
import type { Give, Hosted, HostSeen, ToSign } from '../api/hosted.ts';
import type { Fault } from '../api/words.ts';
import { download } from './download.ts';
import { ask, faultOf } from './session.ts';
import { market, onEvent, place } from './state.ts';
import { owner, wallet } from './wallet/wallet.ts';
import { walletFaultOf } from './wallet/wallet_fault.ts';

export const hosted = signal<readonly Hosted[]>([]);
/** Why the last thing that was asked for is not done. */
export const hostedFault = signal<Fault | undefined>(undefined);
/** What the last order did. */
export const hostedDone = signal<string | undefined>(undefined);
/** What is being done. */
export const hostedBusy = signal(false);
addEventListener('hashchange', () => {
  hostedFault.value = undefined;
  hostedDone.value = undefined;
});

async function refresh(): Promise<void> {
  if (place.value?.kind !== 'chain' || place.value.state !== 'open') return;
  try {
    hosted.value = (await ask<{ hosted: Hosted[] }>('GET', '/api/hosted')).hosted;
  } catch (error) {
    hostedFault.value = faultOf(error);
  }
}
// Every block may change how it stands, and so may this node.
effect(() => {
  if (market.value) void refresh();
});
onEvent('hosted', refresh);

async function tried(act: () => Promise<string | undefined>, faultBy = faultOf): Promise<boolean> {
  hostedFault.value = undefined;
  hostedDone.value = undefined;
  hostedBusy.value = true;
  try {
    hostedDone.value = await act();
    await refresh();
    return true;
  } catch (error) {
    hostedFault.value = faultBy(error);
    return false;
  } finally {
    hostedBusy.value = false;
  }
}

/** Who a host is. @throws NodeFault */
export const lookAtHost = (identity: string): Promise<HostSeen> =>
  ask<HostSeen>('POST', '/api/hosts', { identity });

export const giveToHost = (task: string, give: Give): Promise<boolean> =>
  tried(async () => {
    await ask('POST', `/api/tasks/${task}/host`, give);
    return undefined;
  });

/** What the wallet is to sign into the package. @throws NodeFault */
export const mandateToSign = (task: string): Promise<ToSign> =>
  ask<ToSign>('GET', `/api/hosted/${task}/mandate`);

/** Has the wallet sign the mandate that was shown, and the node seal the file with it. */
export const signMandate = (task: string, { typed }: ToSign): Promise<boolean> =>
  tried(async () => {
    const signature = await wallet.value!.client.request({
      method: 'eth_signTypedData_v4',
      params: [owner.value as `0x${string}`, typed],
    });
    await ask('POST', `/api/hosted/${task}/mandate`, { signature });
    return undefined;
  }, walletFaultOf);

export const goOn = (task: string): Promise<boolean> =>
  tried(async () => {
    await ask('POST', `/api/hosted/${task}/start`, {});
    return undefined;
  });

export const orderHosted = (task: string, what: string): Promise<boolean> =>
  tried(async () => {
    const { done } = await ask<{ done: string[] }>('POST', `/api/hosted/${task}/orders/${what}`, {});
    return done.join('; ');
  });

export const giveReceipt = (task: string, receipt: string): Promise<boolean> =>
  tried(async () => {
    const { done } = await ask<{ done: string[] }>('POST', `/api/hosted/${task}/receipt`, { receipt });
    return done.join('; ');
  });

export const forgetHosted = (task: string): Promise<boolean> =>
  tried(async () => {
    await ask('DELETE', `/api/hosted/${task}`);
    return undefined;
  });

export const keepPackage = (task: string): Promise<boolean> =>
  tried(async () => {
    await download(`/api/hosted/${task}/package`, `task-${task}.package`);
    return undefined;
  });
