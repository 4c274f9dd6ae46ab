// Which account acts, and its password; or a new account.
import { useState } from 'preact/hooks';
import {
  accountFault,
  accounts,
  chooseAccount,
  lockAccount,
  newAccount,
  unlockAccount,
} from '../accounts.ts';
import { short } from '../format.ts';
import { Notice } from './notice.tsx';

/** The choice of an account. */
export function AccountChoice() {
  const all = accounts.value;
  const chosen = all.find(({ isChosen }) => isChosen);
  const [making, setMaking] = useState(false);
  if (all.length === 0 || making)
    return <Make close={all.length === 0 ? undefined : () => setMaking(false)} />;
  return (
    <>
      <label class="block">
        Account{' '}
        <select
          value={chosen?.address ?? ''}
          onChange={(event) => void chooseAccount(event.currentTarget.value)}
        >
          {!chosen && <option value="">choose one</option>}
          {all.map(({ address, isUnlocked }) => (
            <option key={address} value={address}>
              {short(address)}
              {isUnlocked ? '' : ', locked'}
            </option>
          ))}
        </select>
      </label>{' '}
      <button type="button" class="link" onClick={() => setMaking(true)}>
        Make a new account
      </button>
      {chosen?.isUnlocked && (
        <>
          {' '}
          <button type="button" class="link" onClick={() => void lockAccount(chosen.address)}>
            Lock
          </button>
          <div aria-live="polite">{accountFault.value && <Notice fault={accountFault.value} />}</div>
        </>
      )}
      {chosen && !chosen.isUnlocked && <Unlock account={chosen.address} />}
    </>
  );
}

/** Opens one account's key with its password. */
export function Unlock({ account }: { readonly account: string }) {
  const [asked, setAsked] = useState(false);
  return (
    <form
      class="block"
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const password = String(new FormData(form).get('password'));
        setAsked(true);
        form.reset();
        await unlockAccount(account, password);
        setAsked(false);
      }}
    >
      <label>
        Password of {short(account)}{' '}
        <input name="password" type="password" autocomplete="off" required maxLength={1000} />
      </label>{' '}
      <button type="submit" disabled={asked}>
        Unlock
      </button>
      <p class="quiet">
        It goes to your own node alone, which keeps the key in memory until it ends, and writes neither down.
      </p>
      <div aria-live="polite">{accountFault.value && <Notice fault={accountFault.value} />}</div>
    </form>
  );
}

/** Makes an account under a password that is typed twice: nobody can tell it again. */
function Make({ close }: { readonly close: (() => void) | undefined }) {
  const [differs, setDiffers] = useState(false);
  const [asked, setAsked] = useState(false);
  return (
    <form
      class="block"
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const given = new FormData(form);
        const password = String(given.get('password'));
        setDiffers(password !== given.get('again'));
        if (password !== given.get('again')) return;
        setAsked(true);
        form.reset();
        if (await newAccount(password)) close?.();
        setAsked(false);
      }}
    >
      <h3>A new account</h3>
      <label class="block">
        Its password <input name="password" type="password" autocomplete="new-password" required />
      </label>
      <label class="block">
        The same again <input name="again" type="password" autocomplete="new-password" required />
      </label>
      <p class="quiet">
        Its key is kept on this machine under the password. Who loses either loses what the account has.
      </p>
      <button type="submit" disabled={asked}>
        Make it
      </button>{' '}
      {close && (
        <button type="button" class="second" onClick={close}>
          Back
        </button>
      )}
      <div aria-live="polite">
        {differs && (
          <Notice fault={{ code: 'input', message: 'The two differ.', mend: 'Type both again.' }} />
        )}
        {accountFault.value && <Notice fault={accountFault.value} />}
      </div>
    </form>
  );
}
