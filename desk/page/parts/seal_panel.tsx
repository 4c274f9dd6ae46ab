// The mandate that a wallet signs into the package, in words, and the button.
import { useEffect, useState } from 'preact/hooks';
import type { ToSign } from '../../api/hosted.ts';
import type { Fault } from '../../api/words.ts';
import { hostedBusy, mandateToSign, signMandate } from '../hosted.ts';
import { faultOf } from '../session.ts';
import { isOnChain, owner, wallet } from '../wallet/wallet.ts';
import { Notice } from './notice.tsx';
import { WalletBar } from './wallet_bar.tsx';

export function SealPanel({ task, owner: wanted }: { readonly task: string; readonly owner: string }) {
  const [toSign, setToSign] = useState<ToSign>();
  const [fault, setFault] = useState<Fault>();
  useEffect(() => {
    let isOld = false;
    mandateToSign(task).then(
      (read) => !isOld && setToSign(read),
      (error: unknown) => !isOld && setFault(faultOf(error)),
    );
    return () => {
      isOld = true;
    };
  }, [task]);
  const isWanted = owner.value?.toLowerCase() === wanted.toLowerCase();
  const ready = wallet.value && isWanted && isOnChain.value;
  return (
    <section aria-label="The mandate">
      <h2>Your signature under the mandate</h2>
      <p>Stake and account are in place. The host acts by this alone, which goes into the sealed package:</p>
      <ol class="sentences">
        {toSign?.says.map((sentence) => (
          <li key={sentence}>
            <bdi>{sentence}</bdi>
          </li>
        ))}
      </ol>
      <WalletBar />
      {!isWanted && owner.value !== undefined && (
        <p>
          Choose <code>{wanted}</code> in the wallet.
        </p>
      )}
      <p>
        <button
          type="button"
          disabled={!ready || !toSign || hostedBusy.value}
          onClick={() => void signMandate(task, toSign!)}
        >
          Sign the mandate in the wallet
        </button>{' '}
        {hostedBusy.value && <span class="quiet">The wallet asks: answer in its window.</span>}
      </p>
      {fault && <Notice fault={fault} />}
    </section>
  );
}
