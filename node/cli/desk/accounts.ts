// The accounts of the keystore that the desk acts with on a chain that was named. A password opens a key for as long
// as this process runs; neither is written down or told to anybody.
import type { Account } from '@murmuration/desk';
import { type Address, isAddressEqual } from 'viem';
import { Refusal } from '../../http/index.ts';
import { openKeystore, type UnlockedAccount } from '../../keystore/index.ts';
import { refusing } from './refuse.ts';

/** The desk's accounts. */
export interface DeskAccounts {
  list(): Promise<Account[]>;
  /** Whose money and seats are shown; undefined while there is none. */
  readonly chosen: Address | undefined;
  /** The account, able to sign; undefined while it is locked. */
  unlocked(account: string): UnlockedAccount | undefined;
  /** @throws Refusal `not-found` */
  choose(account: Address): Promise<void>;
  /** Unlocks and chooses it. @throws Refusal `not-found`; `malformed` for a wrong password */
  unlock(account: Address, password: string): Promise<void>;
  /** Forgets its key. @throws Refusal `not-found` */
  lock(account: Address): Promise<void>;
  /** Makes an account under the password, unlocks it and chooses it. */
  create(password: string): Promise<Address>;
}

/** What says where keys are. */
export interface AccountsSettings {
  readonly keystore: string;
  /** The one that was named. */
  readonly account?: Address;
  /** Of scrypt, for new keys; the keystore's own unless given. */
  readonly logN?: number;
}

/** @param changed hears that another account is chosen, or one is unlocked. */
export async function openAccounts(settings: AccountsSettings, changed: () => void): Promise<DeskAccounts> {
  const keystore = openKeystore(settings.keystore, settings.logN);
  const open = new Map<string, UnlockedAccount>();
  const told = await keystore.accounts();
  let chosen = settings.account ?? (told.length === 1 ? told[0] : undefined);

  /** A key file that tells no account may be that of the one that was named. */
  async function known(): Promise<Address[]> {
    const found = await keystore.accounts();
    const named = settings.account;
    if (named === undefined || found.includes(named) || (await keystore.untold()).length === 0) return found;
    return [...found, named];
  }
  async function find(account: Address): Promise<Address> {
    const found = (await known()).find((each) => isAddressEqual(each, account));
    if (found) return found;
    throw new Refusal('not-found', `account ${account} is not in ${settings.keystore}`, {
      mend: 'Choose another one, or make a new one.',
    });
  }
  function choose(account: Address): void {
    chosen = account;
    changed();
  }
  async function unlock(account: Address, password: string): Promise<void> {
    const found = await find(account);
    const unlocked = await keystore.unlock(found, password).catch((cause: unknown) => {
      if (!(cause instanceof Error && /password is (wrong|another)/.test(cause.message))) throw cause;
      throw new Refusal('malformed', `this is not the password of ${found}`, {
        mend: 'Type it again; nothing else has changed.',
        cause,
      });
    });
    open.set(found.toLowerCase(), unlocked);
    choose(found);
  }

  return {
    async list() {
      return (await known()).map((address) => ({
        address,
        isUnlocked: open.has(address.toLowerCase()),
        isChosen: address === chosen,
      }));
    },
    get chosen() {
      return chosen;
    },
    unlocked: (account) => open.get(account.toLowerCase()),
    choose: async (account) => choose(await find(account)),
    unlock: (account, password) => refusing('not-ready', () => unlock(account, password)),
    async lock(account) {
      open.delete((await find(account)).toLowerCase());
      changed();
    },
    create: (password) =>
      refusing('malformed', async () => {
        const account = await keystore.createAccount(password);
        await unlock(account, password);
        return account;
      }),
  };
}
