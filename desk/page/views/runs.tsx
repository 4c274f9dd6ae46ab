// The account's own roles.
import { amount, plural } from '../format.ts';
import { hosted } from '../hosted.ts';
import { HostedState } from '../parts/hosted_status.tsx';
import { RunState } from '../parts/run_state.tsx';
import { runs } from '../state.ts';

export function RunsView() {
  return (
    <>
      <h1 tabIndex={-1}>My training</h1>
      {runs.value.length + hosted.value.length === 0 && (
        <p>
          Nothing yet. <a href="#/">Choose a task</a>.
        </p>
      )}
      <ul class="cards">
        {runs.value.map((run) => (
          <li key={run.task}>
            <article class="card">
              <h2>
                <a href={`#/run/${run.task}`}>
                  <bdi>{run.name}</bdi>
                </a>
              </h2>
              <p class="chips">
                <RunState run={run} />
              </p>
              <p class="figure">
                <b>{amount(run.earned)}</b> tokens earned
              </p>
              <p class="quiet">
                {run.history.length} of {plural(run.rounds, 'round')}
              </p>
            </article>
          </li>
        ))}
        {hosted.value.map((of) => (
          <li key={`host ${of.task}`}>
            <article class="card">
              <h2>
                <a href={`#/host/${of.task}`}>
                  <bdi>{of.name}</bdi>
                </a>
              </h2>
              <p class="chips">
                <span class="chip">on a host’s machine</span> <HostedState of={of} />
              </p>
              <p class="figure">
                <b>{amount(of.run.earned)}</b> tokens earned
              </p>
              <p class="quiet">
                {of.run.history.length} of {plural(of.run.rounds, 'round')}
              </p>
            </article>
          </li>
        ))}
      </ul>
    </>
  );
}
