// The wallet that is connected: its account and its network, as they are now. It is asked again after a reload.
import { computed, effect, signal } from '@preact/signals';
import { type Client, createClient, custom, getAddress } from 'viem';
import { addChain, getChainId, requestAddresses, switchChain } from 'viem/actions';
import type { Wallet } from '../../api/wallet.ts';
import type { Fault } from '../../api/words.ts';
import { ask, faultOf } from '../session.ts';
import { market, place } from '../state.ts';
import { chainOf } from './chain_of.ts';
import { type Announced, announced } from './discover.ts';
import { isUnknownChain, walletFaultOf } from './wallet_fault.ts';

/** A wallet that was chosen. */
export interface Connected extends Announced {
  readonly client: Client;
}

export const wallet = signal<Connected | undefined>(undefined);
/** The account that it shows to this page; undefined where it shows none. */
export const owner = signal<string | undefined>(undefined);
/** The network that it is on. */
export const network = signal<number | undefined>(undefined);
/** What the chain says of its account; undefined while that is not known. */
export const money = signal<Wallet | undefined>(undefined);
/** Why the last thing that was asked of it is not done. */
export const walletFault = signal<Fault | undefined>(undefined);
export const connecting = signal(false);

/** Whether it is on the chain of the desk. */
export const isOnChain = computed(
  () => network.value !== undefined && network.value === place.value?.chainId,
);

const key = 'murmuration-wallet';

/** A wallet's requests: none is sent twice by itself, since each opens a window. */
const clientOf = ({ provider }: Announced): Client =>
  createClient({ transport: custom(provider, { retryCount: 0 }) });

/** Asks a wallet for its account, which opens its window the first time. */
export async function connect(to: Announced): Promise<void> {
  connecting.value = true;
  walletFault.value = undefined;
  try {
    const client = clientOf(to);
    const [account] = await requestAddresses(client);
    await use({ ...to, client }, account);
  } catch (error) {
    walletFault.value = walletFaultOf(error);
  } finally {
    connecting.value = false;
  }
}

/** Uses no wallet any more; what it has allowed is taken back in the wallet. */
export function leaveWallet(): void {
  stopListening();
  sessionStorage.removeItem(key);
  wallet.value = undefined;
  owner.value = undefined;
  network.value = undefined;
  walletFault.value = undefined;
}

/** Asks the wallet to go to the desk's chain, and tells it of the chain where it does not know it. */
export async function goToChain(): Promise<void> {
  const at = wallet.value;
  const id = place.value?.chainId;
  if (!at || id === undefined) return;
  walletFault.value = undefined;
  try {
    await switchChain(at.client, { id }).catch(async (error: unknown) => {
      if (!isUnknownChain(error)) throw error;
      // Asked for here: this may come before the first look at what the wallet has.
      const known = money.value ?? (await ask<Wallet>('GET', `/api/wallets/${owner.value}`));
      await addChain(at.client, { chain: chainOf(id, known.chain) });
      await switchChain(at.client, { id });
    });
    network.value = await getChainId(at.client);
  } catch (error) {
    walletFault.value = walletFaultOf(error);
  }
}

let stopListening: () => void = () => undefined;

async function use(to: Connected, account: string | undefined): Promise<void> {
  stopListening();
  const { provider, client } = to;
  const chain = await getChainId(client);
  const onAccounts = (accounts: readonly string[]) => {
    owner.value = accounts[0] === undefined ? undefined : getAddress(accounts[0]);
    walletFault.value = undefined;
  };
  const onChain = (id: string) => {
    network.value = Number(id);
    walletFault.value = undefined;
  };
  const onDisconnect = () => {
    walletFault.value = {
      code: 'wallet',
      message: `${to.name} has lost its connection.`,
      mend: 'See what it says, and connect it again.',
    };
  };
  provider.on('accountsChanged', onAccounts);
  provider.on('chainChanged', onChain);
  provider.on('disconnect', onDisconnect);
  stopListening = () => {
    provider.removeListener('accountsChanged', onAccounts);
    provider.removeListener('chainChanged', onChain);
    provider.removeListener('disconnect', onDisconnect);
  };
  wallet.value = to;
  network.value = chain;
  owner.value = account;
  sessionStorage.setItem(key, to.rdns);
}

// After a reload, without a window: what the wallet has allowed before it tells at once.
effect(() => {
  const known = announced.value.find(({ rdns }) => rdns === sessionStorage.getItem(key));
  if (wallet.peek() || !known) return;
  void known.provider
    .request({ method: 'eth_accounts' })
    .then(([account]) => use({ ...known, client: clientOf(known) }, account && getAddress(account)))
    .catch((error: unknown) => {
      walletFault.value = walletFaultOf(error);
    });
});

// Every block, and every other account, may change what it has.
effect(() => {
  const of = owner.value;
  if (!market.value || of === undefined || place.value?.kind !== 'chain') return;
  ask<Wallet>('GET', `/api/wallets/${of}`).then(
    (read) => {
      if (read.owner === owner.peek()) money.value = read;
    },
    (error: unknown) => {
      walletFault.value = faultOf(error);
    },
  );
});
effect(() => {
  if (money.peek()?.owner !== owner.value) money.value = undefined;
});
