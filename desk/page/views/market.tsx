// The marketplace: every task with what it pays, asks and risks; filters; and which fit a file.
import { computed, signal } from '@preact/signals';
import type { Task } from '../../api/task.ts';
import { amount, duration, isOpen, plural } from '../format.ts';
import { Drop } from '../parts/drop.tsx';
import { Fit } from '../parts/fit.tsx';
import { Status } from '../parts/status.tsx';
import { market, matchOf } from '../state.ts';

const sought = signal('');
const onlyOpen = signal(false);
const onlyFitting = signal(false);
const noise = signal(false);
const order = signal<'new' | 'bounty' | 'stake'>('new');

const larger = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

const shown = computed(() => {
  const words = sought.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (market.value ?? []).filter((task) => {
    const text = `${task.task} ${task.name ?? ''} ${task.planner}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) return false;
    if (onlyOpen.value && !(isOpen(task) && task.fault === undefined)) return false;
    if (noise.value && task.epsilon === undefined) return false;
    return !onlyFitting.value || (matchOf.value.get(task.task)?.fits ?? 'no') !== 'no';
  });
  if (order.value === 'bounty') return found.toSorted((a, b) => larger(b.bounty, a.bounty));
  if (order.value === 'stake') return found.toSorted((a, b) => larger(a.minStake, b.minStake));
  return found;
});

export function MarketView({ tasks }: { readonly tasks: readonly Task[] }) {
  return (
    <>
      <h1 tabIndex={-1}>Tasks</h1>
      <p class="lead">
        Train a model together with others. Your rows stay on this machine; what is sent is encrypted and
        proven, and pays if it helps.
      </p>
      <Drop />
      <Filters />
      <p class="quiet" aria-live="polite">
        {shown.value.length === tasks.length
          ? plural(tasks.length, 'task')
          : `${shown.value.length} of ${plural(tasks.length, 'task')}`}
      </p>
      <ul class="cards">
        {shown.value.map((task) => (
          <li key={task.task}>
            <Card task={task} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Filters() {
  const box = (of: typeof onlyOpen, label: string) => (
    <label>
      <input
        type="checkbox"
        checked={of.value}
        onChange={(event) => (of.value = event.currentTarget.checked)}
      />{' '}
      {label}
    </label>
  );
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
      <label class="search">
        <span class="unseen">Search</span>
        <input
          type="search"
          placeholder="Search"
          value={sought.value}
          onInput={(event) => (sought.value = event.currentTarget.value)}
        />
      </label>
      {box(onlyOpen, 'seats free')}
      {box(noise, 'adds noise')}
      {box(onlyFitting, 'fits my file')}
      <label>
        Order{' '}
        <select
          value={order.value}
          onChange={(event) => (order.value = event.currentTarget.value as typeof order.value)}
        >
          <option value="new">newest first</option>
          <option value="bounty">largest bounty</option>
          <option value="stake">smallest stake</option>
        </select>
      </label>
    </form>
  );
}

function Card({ task }: { readonly task: Task }) {
  const dangers = task.findings.filter(({ severity }) => severity === 'danger').length;
  const warnings = task.findings.filter(({ severity }) => severity === 'warning').length;
  return (
    <article class="card">
      <h2>
        <a href={`#/task/${task.task}`}>
          <bdi>{task.name ?? `Task ${task.task}`}</bdi>
        </a>
      </h2>
      <p class="chips">
        <Status task={task} />
        {task.seat !== 'none' && <span class="chip fits">you are {task.seat}</span>}
        <Fit match={matchOf.value.get(task.task)} />
        {dangers > 0 && <span class="chip not">{plural(dangers, 'danger')}</span>}
        {warnings > 0 && <span class="chip partly">{plural(warnings, 'warning')}</span>}
      </p>
      <p class="figure">
        <b>{amount(task.bounty)}</b> tokens in all
      </p>
      <dl class="facts">
        <div>
          <dt>Seats</dt>
          <dd>
            {task.trainers.taken} of {plural(task.trainers.most, 'trainer')}, {task.validators.taken} of{' '}
            {plural(task.validators.most, 'validator')}
          </dd>
        </div>
        <div>
          <dt>Length</dt>
          <dd>
            {plural(task.rounds, 'round')} of at most {duration(task.roundSeconds)}
          </dd>
        </div>
        <div>
          <dt>Stake</dt>
          <dd>{amount(task.minStake)} tokens at least</dd>
        </div>
        <div>
          <dt>Data</dt>
          <dd>{dataWords(task.data)}</dd>
        </div>
        <div>
          <dt>Privacy</dt>
          <dd>
            {task.epsilon === undefined ? 'no noise' : `noise, epsilon ${task.epsilon.toFixed(2)}`};{' '}
            {task.threshold} decrypt together
          </dd>
        </div>
        <div>
          <dt>Gas</dt>
          <dd>about {amount(task.costs.trainer.wei, 6)} ether a round</dd>
        </div>
      </dl>
    </article>
  );
}

export function dataWords(data: Task['data']): string {
  if (data.kind === 'digits') return 'the demonstration’s digits, which come along';
  if (data.kind === 'unknown') return 'not known yet';
  return `a table of ${plural(data.columns.length, 'column')} and what is predicted`;
}
