// The frame of all views: where one is, what the account has, what the node does.
import type { Place } from '../api/place.ts';
import type { Task } from '../api/task.ts';
import { amount, short } from './format.ts';
import { Notice } from './parts/notice.tsx';
import { type Route, route } from './route.ts';
import { barred } from './session.ts';
import { market, place, runs, stale } from './state.ts';
import { AuditView } from './views/audit.tsx';
import { HostView } from './views/host.tsx';
import { MarketView } from './views/market.tsx';
import { ModelView } from './views/model.tsx';
import { PlanView } from './views/plan.tsx';
import { RunView } from './views/run.tsx';
import { RunsView } from './views/runs.tsx';
import { SiteView } from './views/site.tsx';
import { TaskView } from './views/task.tsx';
import { WalletView } from './views/wallet.tsx';

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
        {place.value?.state === 'open' && <Places />}
        <Account place={place.value} />
      </header>
      <main id="main" tabIndex={-1}>
        {barred.value ? <Barred /> : <Opened />}
      </main>
      <footer class="foot">
        This page comes from your own machine and speaks to nothing else. Your rows stay here, unless you give
        them to a host.
      </footer>
    </>
  );
}

function Places() {
  const { view } = route.value;
  const entry = (to: string, name: string, here: boolean) => (
    <a href={to} aria-current={here ? 'page' : undefined}>
      {name}
    </a>
  );
  const working = runs.value.filter(({ state }) => state === 'working').length;
  return (
    <nav aria-label="Views">
      {entry('#/', 'Tasks', ['market', 'task', 'audit', 'model', 'host'].includes(view))}
      {entry(
        '#/runs',
        working > 0 ? `My training (${working})` : 'My training',
        view === 'runs' || view === 'run',
      )}
      {entry('#/plan', 'Plan', view === 'plan')}
      {entry('#/site', 'What left', view === 'site')}
      {place.value?.kind === 'chain' && entry('#/wallet', 'Wallet', view === 'wallet')}
    </nav>
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
  return (
    <>
      <div aria-live="polite">
        {stale.value && <Notice fault={stale.value} />}
        {at?.state === 'failed' && at.fault && <Notice fault={at.fault} />}
        {at?.state === 'opening' && <Opening place={at} />}
      </div>
      {market.value && <View route={shown} tasks={market.value} />}
    </>
  );
}

function View({ route: shown, tasks }: { readonly route: Route; readonly tasks: readonly Task[] }) {
  if (shown.view === 'market') return <MarketView tasks={tasks} />;
  if (shown.view === 'runs') return <RunsView />;
  if (shown.view === 'plan') return <PlanView />;
  if (shown.view === 'site') return <SiteView />;
  if (shown.view === 'wallet') return <WalletView />;
  if ('task' in shown && shown.view !== 'run') {
    const task = tasks.find((each) => each.task === shown.task);
    if (!task) return <NoTask />;
    if (shown.view === 'model') return <ModelView key={task.task} task={task} />;
    if (shown.view === 'host') return <HostView key={task.task} task={task} />;
    return shown.view === 'task' ? <TaskView task={task} /> : <AuditView key={task.task} task={task} />;
  }
  const run = runs.value.find((each) => 'task' in shown && each.task === shown.task);
  return run ? <RunView run={run} /> : <RunsView />;
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
