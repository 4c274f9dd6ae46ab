// How something stands that is given to a host, and what its owner can do about it.
import { useState } from 'preact/hooks';
import type { Hosted } from '../../api/hosted.ts';
import type { AskSigning } from '../../api/wallet.ts';
import { amount, bytes, tokens } from '../format.ts';
import {
  forgetHosted,
  giveReceipt,
  goOn,
  hostedBusy,
  hostedDone,
  hostedFault,
  keepPackage,
  orderHosted,
} from '../hosted.ts';
import { phases } from '../phases.ts';
import { Unlock } from './accounts.tsx';
import { Host } from './give_form.tsx';
import { Notice } from './notice.tsx';
import { PasteOrFile } from './paste_or_file.tsx';
import { Charts, Rounds } from './rounds.tsx';
import { SealPanel } from './seal_panel.tsx';
import { SignPanel } from './sign_panel.tsx';
import { WalletBar } from './wallet_bar.tsx';

const words: Readonly<Record<Hosted['state'], readonly [kind: string, says: string]>> = {
  unsigned: ['partly', 'waits for the owner’s wallet'],
  unsealed: ['partly', 'waits for the mandate’s signature'],
  locked: ['partly', 'waits for its account to be unlocked'],
  preparing: ['', 'the node bonds and seals'],
  failed: ['not', 'failed'],
  given: ['partly', 'waits until the host takes it'],
  withdrawn: ['not', 'taken back'],
  taken: ['fits', 'the host has its seat'],
  running: ['fits', 'the host trains'],
  over: ['', 'the task is over'],
  expired: ['not', 'the mandate is over'],
  done: ['', 'done, with a receipt'],
};

export function HostedState({ of: { state } }: { readonly of: Hosted }) {
  const [kind, says] = words[state];
  return <span class={`chip ${kind}`}>{says}</span>;
}

const isByWallet = ({ owner, account }: Hosted) => owner.toLowerCase() !== account.toLowerCase();

export function HostedStatus({ of }: { readonly of: Hosted }) {
  const { task, state, owner, run, host } = of;
  const round =
    run.status === 'running' ? `round ${run.round} of ${run.rounds}: ${phases[run.phase] ?? run.phase}` : '';
  return (
    <>
      <p class="chips">
        <HostedState of={of} /> <span>{round}</span>
      </p>
      <div aria-live="polite">
        {of.fault && <Notice fault={of.fault} />}
        {hostedFault.value && <Notice fault={hostedFault.value} />}
        {hostedDone.value && <p>{hostedDone.value}</p>}
      </div>
      {state === 'locked' && <Unlock account={of.account} />}
      {(state === 'failed' || state === 'locked') && (
        <button type="button" disabled={hostedBusy.value} onClick={() => void goOn(task)}>
          Go on
        </button>
      )}
      {state === 'unsigned' && (
        <section>
          <h2>Your signature</h2>
          <p>
            The wallet with <code>{owner}</code> makes the host’s account its own, and brings the stake. Until
            then nothing is given, and this page can be closed.
          </p>
          <WalletBar />
          <SignPanel asked={{ what: 'host', task }} />
        </section>
      )}
      {state === 'unsealed' && <SealPanel task={task} owner={owner} />}
      {state === 'given' && <Send of={of} />}
      {of.package && <Money of={of} />}
      {of.package && <Charts run={run} />}
      {of.package && <Rounds run={run} />}
      {of.package && <Receipt of={of} />}
      <section>
        <h2>
          The host <bdi>{host.name}</bdi>
        </h2>
        <Host host={host} />
        <p class="quiet">
          It may pledge {tokens(of.stake)} to task {task} as a {of.role}, until{' '}
          {new Date(Number(of.until) * 1000).toLocaleString()}. Stake and rewards belong to{' '}
          <code>{owner}</code>.
        </p>
      </section>
      <Ending of={of} />
    </>
  );
}

function Send({ of: { task, package: sealed } }: { readonly of: Hosted }) {
  if (!sealed) return null;
  return (
    <section>
      <h2>Send this to the host</h2>
      <pre class="command">{sealed.command}</pre>
      <p>
        {sealed.inStore
          ? `The package, ${bytes(sealed.bytes)}, is in the content store. If the host does not see that store, send it the file.`
          : `The package, ${bytes(sealed.bytes)}, does not go by the members: send the host the file, by any way.`}{' '}
        That host alone opens it.
      </p>
      <button type="button" class="second" onClick={() => void keepPackage(task)}>
        Keep the package as a file
      </button>
    </section>
  );
}

/** A deed of the owner: by the node's account with a click, by a wallet with a signature. */
function useDeed(of: Hosted) {
  const [asked, setAsked] = useState<AskSigning>();
  const deed = (what: string, signing: AskSigning, says: string, kind = 'second') => (
    <button
      type="button"
      class={kind}
      disabled={hostedBusy.value}
      onClick={() => (isByWallet(of) ? setAsked(signing) : void orderHosted(of.task, what))}
    >
      {says}
    </button>
  );
  const panel = asked && (
    <>
      <WalletBar />
      <SignPanel asked={asked} done={() => setAsked(undefined)} />
    </>
  );
  return { deed, panel };
}

function Money({ of }: { readonly of: Hosted }) {
  const { run, host, task, free, pledged, withdrawable, state } = of;
  const { deed, panel } = useDeed(of);
  const operator = host.account;
  const isOver = ['over', 'expired', 'done'].includes(state) && ['ended', 'cancelled'].includes(run.status);
  return (
    <section>
      <h2>Your money</h2>
      <dl class="figures">
        <div>
          <dd>{amount(run.earned)}</dd>
          <dt>tokens earned</dt>
        </div>
        <div>
          <dd>{amount(run.claimable)}</dd>
          <dt>of them to be claimed</dt>
        </div>
        <div>
          <dd>{amount(pledged)}</dd>
          <dt>pledged to the task</dt>
        </div>
        <div>
          <dd>{amount(run.slashed)}</dd>
          <dt>tokens lost</dt>
        </div>
      </dl>
      <p class="chips">
        {run.claimable !== '0' &&
          deed('claim', { what: 'claim', operator }, `Claim ${tokens(run.claimable)}`, '')}
        {isOver &&
          pledged !== '0' &&
          deed('free', { what: 'free', task }, `Free ${tokens(pledged)} of stake`)}
        {free !== '0' &&
          state !== 'given' &&
          deed('queue', { what: 'queue', operator }, `Take ${tokens(free)} of stake out of use`)}
        {withdrawable !== '0' &&
          deed('withdraw', { what: 'withdraw', operator }, `Withdraw ${tokens(withdrawable)} of stake`)}
      </p>
      {panel}
    </section>
  );
}

function Receipt({ of: { task, receipt } }: { readonly of: Hosted }) {
  const [text, setText] = useState('');
  if (receipt)
    return (
      <section>
        <h2>Its receipt</h2>
        <p>
          The host has signed that it erased its copy on{' '}
          {new Date(Number(receipt.erased) * 1000).toLocaleString()}, when{' '}
          {receipt.outcome === 'over' ? 'the task' : 'the mandate'} was over. Whether it kept another nobody
          can show.
        </p>
      </section>
    );
  return (
    <details>
      <summary>The host has sent its receipt</summary>
      <PasteOrFile label="What lies there as hosted/0x….receipt.json" value={text} set={setText} />
      <p>
        <button
          type="button"
          disabled={text === '' || hostedBusy.value}
          onClick={() => void giveReceipt(task, text)}
        >
          Check it
        </button>
      </p>
    </details>
  );
}

function Ending({ of }: { readonly of: Hosted }) {
  const { deed, panel } = useDeed(of);
  const { state, task } = of;
  if (state === 'taken' || state === 'running')
    return (
      <p class="quiet">
        The host has pledged the stake: until the task is over nobody takes it back. Taking back a mandate
        keeps a host from a seat that it has not taken yet.
      </p>
    );
  return (
    <section>
      {state === 'given' && (
        <>
          <p>
            As long as the host has no seat you can take back that it may pledge. It has the rows all the
            same, once it has opened the package.
          </p>
          {deed('take-back', { what: 'take back', task }, 'Take it back')}
          {panel}
        </>
      )}
      {state !== 'given' && state !== 'preparing' && (
        <button
          type="button"
          class="second"
          disabled={hostedBusy.value}
          onClick={() => void forgetHosted(task)}
        >
          {of.package ? 'Forget it, and begin anew' : 'Do not give it'}
        </button>
      )}
    </section>
  );
}
