// Which wallet is connected, with which account, on which network; and what to do where that is not right.
import { amount, tokens } from '../format.ts';
import { place } from '../state.ts';
import { announced, seek } from '../wallet/discover.ts';
import {
  connect,
  connecting,
  goToChain,
  isOnChain,
  leaveWallet,
  money,
  network,
  owner,
  wallet,
  walletFault,
} from '../wallet/wallet.ts';
import { Notice } from './notice.tsx';

export function WalletBar() {
  return (
    <div class="block">
      {wallet.value ? <Connected /> : <Choice />}
      <div aria-live="polite">{walletFault.value && <Notice fault={walletFault.value} />}</div>
    </div>
  );
}

function Choice() {
  const found = announced.value;
  if (found.length === 0)
    return (
      <>
        <p>
          No wallet of this browser has announced itself. Install one, or allow it on this page; or let the
          account of the node own its stake.
        </p>
        <button type="button" class="second" onClick={() => seek()}>
          Look again
        </button>
      </>
    );
  return (
    <>
      {found.map((each) => (
        <button
          key={each.uuid}
          type="button"
          class="second"
          disabled={connecting.value}
          onClick={() => void connect(each)}
        >
          Connect <bdi>{each.name}</bdi>
        </button>
      ))}
      {connecting.value && <p class="quiet">The wallet asks: answer in its window.</p>}
    </>
  );
}

function Connected() {
  const at = wallet.value!;
  const has = money.value;
  return (
    <>
      <p>
        <bdi>{at.name}</bdi>
        {owner.value === undefined ? (
          ' shows no account.'
        ) : (
          <>
            {' '}
            with <code>{owner.value}</code>.
          </>
        )}{' '}
        {has && isOnChain.value && `It has ${tokens(has.tokens)} and ${amount(has.ether, 6)} ether.`}
      </p>
      {owner.value === undefined && (
        <button type="button" class="second" onClick={() => void connect(at)}>
          Connect it again
        </button>
      )}
      {!isOnChain.value && <OtherNetwork />}
      <button type="button" class="link" onClick={leaveWallet}>
        Use another wallet
      </button>
    </>
  );
}

function OtherNetwork() {
  return (
    <>
      <p class="notice" role="alert">
        <b>
          The wallet is on chain {network.value}, but this is chain {place.value?.chainId}.
        </b>{' '}
        Nothing is signed there.
      </p>
      <button type="button" onClick={() => void goToChain()}>
        Go to chain {place.value?.chainId} in the wallet
      </button>{' '}
    </>
  );
}
