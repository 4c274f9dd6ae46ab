// One role of the account, live: where the task stands, what it does now, what came of each round and why.
import type { Run } from '../../api/run.ts';
import { amount, duration, plural, tokens } from '../format.ts';
import { Unlock } from '../parts/accounts.tsx';
import { Notice } from '../parts/notice.tsx';
import { Charts, percent, Rounds } from '../parts/rounds.tsx';
import { RunState } from '../parts/run_state.tsx';
import { Story } from '../parts/story.tsx';
import { Unsigned } from '../parts/unsigned.tsx';
import { phases } from '../phases.ts';
import { deedFault, deeds, order } from '../state.ts';

export function RunView({ run }: { readonly run: Run }) {
  return (
    <>
      <p>
        <a href="#/runs">My training</a> · <a href={`#/task/${run.task}`}>the task</a> ·{' '}
        <a href={`#/model/${run.task}`}>the model</a>
      </p>
      <h1 tabIndex={-1}>
        <bdi>{run.name}</bdi>
      </h1>
      <p class="chips">
        <RunState run={run} /> <span>{where(run)}</span>
      </p>
      {run.fault && <Notice fault={run.fault} />}
      {run.state === 'locked' && <Unlock account={run.account} />}
      {run.state === 'unsigned' && <Unsigned run={run} />}
      <Deeds run={run} />
      <Figures run={run} />
      <Charts run={run} />
      <Rounds run={run} />
      <Story run={run} />
      <Money run={run} />
      <Steps run={run} />
    </>
  );
}

/** Where the task stands, in words. */
function where({ status, round, rounds, phase, state }: Run): string {
  if (state === 'unsigned') return 'nothing is pledged yet';
  if (status === 'open') return state === 'joining' ? 'takes its seat' : 'waits until all seats are taken';
  if (status === 'drawing') return 'seats are drawn';
  if (status === 'keying') return 'the trainers make their key together';
  if (status === 'running') return `round ${round} of ${rounds}: ${phases[phase] ?? phase}`;
  return status === 'ended' ? 'all rounds are over' : status;
}

function Deeds({ run }: { readonly run: Run }) {
  const { task, state, status } = run;
  if (state === 'unsigned') return null;
  const works = state === 'working' || state === 'joining' || state === 'stopping';
  const isOver = state === 'over' || status === 'ended' || status === 'cancelled';
  const done = deeds.value[task];
  return (
    <div class="deeds">
      {(works || state === 'locked') && (
        <button
          type="button"
          disabled={state !== 'working' && state !== 'locked'}
          onClick={() => void order(task, 'stop')}
        >
          Stop
        </button>
      )}
      {!works && !isOver && state !== 'locked' && (
        <button type="button" onClick={() => void order(task, 'start')}>
          Go on
        </button>
      )}
      {!works && (
        <button type="button" class="second" onClick={() => void order(task, 'leave')}>
          {isOver ? 'Get everything out' : 'Leave'}
        </button>
      )}
      <div aria-live="polite">
        {deedFault.value && <Notice fault={deedFault.value} />}
        {done && <p>{done.length > 0 ? done.join('; ') : 'There is nothing to do.'}</p>}
      </div>
    </div>
  );
}

function Figures({ run }: { readonly run: Run }) {
  const figure = (value: string, what: string) => (
    <div>
      <dd>{value}</dd>
      <dt>{what}</dt>
    </div>
  );
  const judged = run.history.findLast(({ accuracy }) => accuracy !== undefined)?.accuracy;
  const proofs = run.proofs.reduce((sum, { count }) => sum + count, 0);
  const seconds = run.proofs.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  return (
    <dl class="figures">
      {figure(amount(run.earned), 'tokens earned')}
      {figure(judged === undefined ? '–' : percent(judged), 'accuracy, by the validators')}
      {figure(`${proofs}`, proofs > 0 ? `proofs made here, in ${duration(seconds)}` : 'proofs made here')}
      {figure(
        amount(run.slashed),
        run.held === '0' ? 'tokens lost' : `tokens lost, ${amount(run.held)} held`,
      )}
    </dl>
  );
}

function Money({ run: { movements, claimable, owner, account } }: { readonly run: Run }) {
  const others = movements.filter(({ round }) => round === undefined);
  return (
    <section>
      <h2>Money</h2>
      <ul class="sentences">
        {others.map(({ kind, amount: sum, rule }, at) => (
          <li key={at}>
            {kind} {tokens(sum)}: {rule}
          </li>
        ))}
        <li>
          {tokens(claimable)} can be claimed
          {owner === account ? (
            '. They are paid out by themselves when the task is over.'
          ) : (
            <>
              {' '}
              by their owner, <code>{owner}</code>: see <a href="#/wallet">Wallet</a>.
            </>
          )}
        </li>
      </ul>
    </section>
  );
}

function Steps({ run: { steps } }: { readonly run: Run }) {
  return (
    <section>
      <h2>What it did last</h2>
      {steps.length === 0 && <p class="quiet">Nothing since the node has started.</p>}
      <ol class="steps" aria-label={plural(steps.length, 'step')}>
        {steps.toReversed().map(({ at, text }) => (
          <li key={`${at} ${text}`}>
            <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time> <bdi>{text}</bdi>
          </li>
        ))}
      </ol>
    </section>
  );
}
