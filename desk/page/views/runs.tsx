// The account's own roles.
import { amount, plural } from '../format.ts';
import { RunState } from '../parts/run_state.tsx';
import { runs } from '../state.ts';

export function RunsView() {
  return (
    <>
      <h1 tabIndex={-1}>My training</h1>
      {runs.value.length === 0 && (
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
      </ul>
    </>
  );
}
