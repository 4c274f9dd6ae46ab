// One task: the whole plan, before anything is staked in it.
import type { Match } from '../../api/file.ts';
import type { Finding, Task } from '../../api/task.ts';
import { amount, count, duration, plural, tokens } from '../format.ts';
import { Columns, Sayings } from '../parts/columns.tsx';
import { Drop } from '../parts/drop.tsx';
import { Fit } from '../parts/fit.tsx';
import { Status } from '../parts/status.tsx';
import { TrainPanel } from '../parts/train_panel.tsx';
import { matchOf } from '../state.ts';

export function TaskView({ task }: { readonly task: Task }) {
  const match = matchOf.value.get(task.task);
  return (
    <>
      <p>
        <a href="#/">All tasks</a>
      </p>
      <h1 tabIndex={-1}>
        <bdi>{task.name ?? `Task ${task.task}`}</bdi>
      </h1>
      <p class="chips">
        <Status task={task} />
        <Fit match={match} />
        <span class="quiet">
          task {task.task}, posted by <code>{task.planner}</code>
        </span>
      </p>
      {task.fault !== undefined && (
        <p class="notice" role="alert">
          <b>{task.fault}</b>
        </p>
      )}
      <div class="plan">
        <div>
          <Pay task={task} />
          <Lose task={task} />
          <Data task={task} match={match} />
          <Privacy task={task} />
        </div>
        <aside aria-labelledby="review">
          <TrainPanel task={task} match={match} />
          <h2 id="review">What a review finds</h2>
          <Findings findings={task.findings} />
          <h2>What came of it</h2>
          <p class="deeds">
            <a class="button" href={`#/model/${task.task}`}>
              The model
            </a>
            <a class="button" href={`#/audit/${task.task}`}>
              Audit this task
            </a>
          </p>
        </aside>
      </div>
    </>
  );
}

function Pay({ task }: { readonly task: Task }) {
  return (
    <section>
      <h2>What it pays, and how long it takes</h2>
      <ul class="sentences">
        <li>
          {tokens(task.bounty)} in all: {tokens(task.roundReward)} a round to the trainers whose updates
          helped, {tokens(task.validatorFee)} to each validator that voted with most.
        </li>
        <li>
          {plural(task.rounds, 'round')}, each of at most {duration(task.roundSeconds)}; most end sooner.
        </li>
        <li>
          {task.trainers.taken} of {plural(task.trainers.most, 'trainer')} and {task.validators.taken} of{' '}
          {plural(task.validators.most, 'validator')} have joined. It starts with {task.trainers.least} and{' '}
          {task.validators.least} at least.
        </li>
        <li>
          Whoever joins pledges {tokens(task.minStake)} at least, which come back when the task is over
          {task.listed ? '. Only who is on the planner’s list may join' : ''}.
        </li>
        <li>
          A model of {count(task.parameters)} parameters, preset {task.preset}.
        </li>
      </ul>
    </section>
  );
}

function Lose({ task }: { readonly task: Task }) {
  const cost = (who: string, { slashes, gas, wei }: Task['costs']['trainer']) => (
    <div>
      <h3>{who}</h3>
      <ul class="sentences">
        {slashes.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>
          Gas: about {count(Number(gas))} a round, {amount(wei, 6)} ether at the price of now.
        </li>
      </ul>
    </div>
  );
  return (
    <section>
      <h2>What one could lose</h2>
      <div class="pair">
        {cost('As a trainer', task.costs.trainer)}
        {cost('As a validator', task.costs.validator)}
      </div>
    </section>
  );
}

function Data({ task, match }: { readonly task: Task; readonly match: Match | undefined }) {
  return (
    <section>
      <h2>The data it asks for</h2>
      {task.data.kind === 'digits' && (
        <p>
          Handwritten digits of {task.data.side} by {task.data.side} pixels, the demonstration’s own. They
          come along, so no file is needed.
        </p>
      )}
      {task.data.kind === 'unknown' && <p>Not known: the description of this task cannot be had now.</p>}
      {task.data.kind === 'table' && (
        <>
          <Columns columns={task.data.columns} target={task.data.target} match={match} />
          {match && <Sayings match={match} />}
          <Drop />
        </>
      )}
      {task.program && (
        <>
          <p>Its model is a program that every site installs by itself, with these files:</p>
          <ul>
            {task.program.map(({ name, sha256 }) => (
              <li key={name}>
                <bdi>{name}</bdi> <code>{sha256}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Privacy({ task }: { readonly task: Task }) {
  return (
    <section>
      <h2>What others learn</h2>
      <ul class="sentences">
        <li>
          No single update is decrypted: only the sum over the trainers is, by {task.threshold} of them
          together. Fewer than {task.threshold} cannot.
        </li>
        <li>{capital(task.privacy)}.</li>
      </ul>
    </section>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const severities = { danger: 'not', warning: 'partly', note: '' } as const;

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <p>Nothing.</p>;
  return (
    <ul class="findings">
      {findings.map(({ rule, severity, says, mend }) => (
        <li key={rule}>
          <span class={`chip ${severities[severity]}`}>{severity}</span>
          <p>{says}</p>
          <p class="quiet">{mend}</p>
        </li>
      ))}
    </ul>
  );
}
