// Who is to own stake and rewards: the account of the node that acts, or a wallet of this browser.
import { short } from '../format.ts';
import { isOnChain, owner, wallet } from '../wallet/wallet.ts';
import { WalletBar } from './wallet_bar.tsx';

interface Props {
  /** The account that acts. */
  readonly account: string;
  readonly byWallet: boolean;
  readonly choose: (byWallet: boolean) => void;
}

export function OwnerChoice({ account, byWallet, choose }: Props) {
  return (
    <fieldset>
      <legend>Stake and rewards belong to</legend>
      <label class="block">
        <input type="radio" name="owner" checked={!byWallet} onChange={() => choose(false)} /> this account of
        the node, {short(account)}, or who owns it already
      </label>
      <label class="block">
        <input type="radio" name="owner" checked={byWallet} onChange={() => choose(true)} /> a wallet of this
        browser: the account acts, and can take neither
      </label>
      {byWallet && <WalletBar />}
    </fieldset>
  );
}

/** What a wallet lacks to be the owner. */
export function lackingWallet(): string | undefined {
  if (!wallet.value || owner.value === undefined) return 'Connect a wallet.';
  if (!isOnChain.value) return 'The wallet is on another chain.';
  return undefined;
}
