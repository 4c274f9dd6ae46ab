// The frame of all views: where one is, what the account has, what the node does.
import type { Place } from '../api/place.ts';
import { amount, short } from './format.ts';
import { Notice } from './parts/notice.tsx';
import { route } from './route.ts';
import { barred } from './session.ts';
import { market, place, stale } from './state.ts';
import { MarketView } from './views/market.tsx';
import { TaskView } from './views/task.tsx';

export function App() {
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <header class="top">
        <a class="brand" href="#/">
          Murmuration
        </a>
        <Account place={place.value} />
      </header>
      <main id="main" tabIndex={-1}>
        {barred.value ? <Barred /> : <Opened />}
      </main>
      <footer class="foot">
        This page comes from your own machine and speaks to nothing else. Your rows stay here.
      </footer>
    </>
  );
}

function skip() {
  document.getElementById('main')?.focus();
}

function Account({ place }: { readonly place: Place | undefined }) {
  if (place?.state !== 'open') return null;
  const { account } = place;
  return (
    <p class="account">
      <span class="chip">{place.kind === 'example' ? 'example, play money' : `chain ${place.chainId}`}</span>
      {account && (
        <>
          <span title={account.address}>{short(account.address)}</span>
          <b>{amount(account.tokens)} tokens</b>
        </>
      )}
    </p>
  );
}

function Barred() {
  return (
    <section class="hello">
      <h1 tabIndex={-1}>The door is closed</h1>
      <Notice fault={barred.value!} />
    </section>
  );
}

function Opened() {
  const at = place.value;
  const { value: shown } = route;
  const task = shown.view === 'task' && market.value?.find((each) => each.task === shown.task);
  return (
    <>
      <div aria-live="polite">
        {stale.value && <Notice fault={stale.value} />}
        {at?.state === 'failed' && at.fault && <Notice fault={at.fault} />}
        {at?.state === 'opening' && <Opening place={at} />}
      </div>
      {market.value && shown.view === 'market' && <MarketView tasks={market.value} />}
      {market.value && shown.view === 'task' && (task ? <TaskView task={task} /> : <NoTask />)}
    </>
  );
}

function Opening({ place: { kind, says } }: { readonly place: Place }) {
  return (
    <section class="hello">
      <h1 tabIndex={-1}>
        {kind === 'example' ? 'The example is being set up' : 'The chain is being opened'}
      </h1>
      {kind === 'example' && (
        <p>
          A chain of its own, three trainers, six validators and a prover, all on this machine. One seat is
          free. The first time this takes a minute or two.
        </p>
      )}
      <p class="says">
        <span class="spinner" aria-hidden="true" /> {says}
      </p>
    </section>
  );
}

function NoTask() {
  return (
    <section class="hello">
      <h1 tabIndex={-1}>There is no such task</h1>
      <p>
        <a href="#/">All tasks</a>
      </p>
    </section>
  );
}
