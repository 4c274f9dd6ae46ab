// A wallet: what it has, the accounts of nodes that it owns, and how their money gets out.
import { useState } from 'preact/hooks';
import type { AskSigning, Operator } from '../../api/wallet.ts';
import { tokens } from '../format.ts';
import { SignPanel } from '../parts/sign_panel.tsx';
import { WalletBar } from '../parts/wallet_bar.tsx';
import { isOnChain, money, owner, wallet } from '../wallet/wallet.ts';

export function WalletView() {
  const has = money.value;
  return (
    <>
      <h1 tabIndex={-1}>Wallet</h1>
      <p class="quiet">
        A wallet owns stake and rewards; an account of your node acts, and can take neither. Keys of wallets
        never come to this page.
      </p>
      <WalletBar />
      {wallet.value && owner.value !== undefined && isOnChain.value && has && (
        <>
          {has.operators.length === 0 && <p>It owns no account of a node yet: choose a task, and join.</p>}
          {has.operators.map((each) => (
            <Owned key={each.address} operator={each} />
          ))}
        </>
      )}
    </>
  );
}

type What = 'claim' | 'queue' | 'withdraw';

function Owned({ operator }: { readonly operator: Operator }) {
  const { address, claimable, free, pledged, queued, withdrawable, withdrawableAt } = operator;
  const [what, setWhat] = useState<What>();
  const asked: AskSigning | undefined = what && { what, operator: address };
  const deed = (of: What, amount: string, says: string) =>
    amount !== '0' && (
      <button type="button" class={of === 'claim' ? '' : 'second'} onClick={() => setWhat(of)}>
        {says}
      </button>
    );
  return (
    <section>
      <h2>
        Account <code>{address}</code>
      </h2>
      <ul class="sentences">
        <li>{tokens(claimable)} earned, and not yet paid out.</li>
        <li>
          {tokens(pledged)} pledged to tasks, {tokens(free)} of stake free.
        </li>
        {queued !== '0' && (
          <li>
            {tokens(queued)} of stake on the way out
            {withdrawable === '0' &&
              `, which can leave from ${new Date(Number(withdrawableAt) * 1000).toLocaleString()}`}
            .
          </li>
        )}
      </ul>
      <p class="chips">
        {deed('claim', claimable, `Claim ${tokens(claimable)}`)}
        {deed('queue', free, `Take ${tokens(free)} of stake out of use`)}
        {deed('withdraw', withdrawable, `Withdraw ${tokens(withdrawable)} of stake`)}
      </p>
      {asked && <SignPanel key={what} asked={asked} done={() => setWhat(undefined)} />}
    </section>
  );
}
