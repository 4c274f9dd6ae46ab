// A seat that waits for the signature of who is to own its stake.
import type { Run } from '../../api/run.ts';
import { order } from '../state.ts';
import { SignPanel } from './sign_panel.tsx';
import { WalletBar } from './wallet_bar.tsx';

export function Unsigned({ run: { task, owner } }: { readonly run: Run }) {
  return (
    <section>
      <h2>Your signature</h2>
      <p>
        Your node waits until the wallet with <code>{owner}</code> has signed, and then takes the seat by
        itself. Until then nothing is pledged, and this page can be closed.
      </p>
      <WalletBar />
      <SignPanel asked={{ what: 'join', task }} />
      <button
        type="button"
        class="second"
        onClick={async () => {
          await order(task, 'forget');
          location.hash = `#/task/${task}`;
        }}
      >
        Do not join
      </button>
    </section>
  );
}
