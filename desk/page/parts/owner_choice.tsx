// Who is to own stake and rewards: the account of the node that acts, or a wallet of this browser.
import { short } from '../format.ts';
import { isOnChain, owner, wallet } from '../wallet/wallet.ts';
import { WalletBar } from './wallet_bar.tsx';

interface Props {
  /** The account that acts. */
  readonly account: string;
  readonly byWallet: boolean;
  readonly choose: (byWallet: boolean) => void;
  /** What the wallet means here; a host's account acts elsewhere. */
  readonly says?: { readonly account: string; readonly wallet: string };
}

const here = {
  account: ', or who owns it already',
  wallet: ': the account acts, and can take neither',
} as const;

export function OwnerChoice({ account, byWallet, choose, says = here }: Props) {
  return (
    <fieldset>
      <legend>Stake and rewards belong to</legend>
      <label class="block">
        <input type="radio" name="owner" checked={!byWallet} onChange={() => choose(false)} /> this account of
        the node, {short(account)}
        {says.account}
      </label>
      <label class="block">
        <input type="radio" name="owner" checked={byWallet} onChange={() => choose(true)} /> a wallet of this
        browser{says.wallet}
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
