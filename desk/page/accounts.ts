// The accounts of the node's keystore, on a chain that was named. A password goes to the node and stays nowhere here.
import { effect, signal } from '@preact/signals';
import type { Account, Accounts } from '../api/account.ts';
import type { Fault } from '../api/words.ts';
import { ask, faultOf } from './session.ts';
import { place } from './state.ts';

export const accounts = signal<readonly Account[]>([]);
/** Why the last thing that was asked for is not done. */
export const accountFault = signal<Fault | undefined>(undefined);

// The place is asked for anew whenever another account is chosen.
effect(() => {
  if (place.value?.kind === 'chain' && place.value.state === 'open') void ordered('GET', '/api/accounts');
});

async function ordered(method: 'GET' | 'POST', path: string, body?: unknown): Promise<boolean> {
  try {
    accounts.value = (await ask<Accounts>(method, path, body)).accounts;
    if (method === 'POST') accountFault.value = undefined;
    return true;
  } catch (error) {
    accountFault.value = faultOf(error);
    return false;
  }
}

export const chooseAccount = (account: string) => ordered('POST', `/api/accounts/${account}/choose`, {});
export const lockAccount = (account: string) => ordered('POST', `/api/accounts/${account}/lock`, {});
export const unlockAccount = (account: string, password: string) =>
  ordered('POST', `/api/accounts/${account}/unlock`, { password });
export const newAccount = (password: string) => ordered('POST', '/api/accounts', { password });
