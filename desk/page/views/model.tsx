// The model of one task: taken from the chain, tried on a file, kept for other tools.
import { useEffect, useState } from 'preact/hooks';
import type { TakenModel } from '../../api/model.ts';
import type { Task } from '../../api/task.ts';
import { count } from '../format.ts';
import { doing, lookAtModel, model, modelFault, takeModel } from '../models.ts';
import { KeepModel } from '../parts/keep_model.tsx';
import { Notice } from '../parts/notice.tsx';
import { TryModel } from '../parts/try_model.tsx';

export function ModelView({ task }: { readonly task: Task }) {
  useEffect(() => void lookAtModel(task.task), [task.task]);
  const shown = model.value?.task === task.task ? model.value : undefined;
  const taken = shown?.model;
  return (
    <>
      <p>
        <a href={`#/task/${task.task}`}>the task</a>
      </p>
      <h1 tabIndex={-1}>
        The model of <bdi>{task.name ?? `task ${task.task}`}</bdi>
      </h1>
      <p class="lead">
        Your node computes the model again from what is public, and checks every round of it. It is used here,
        on this machine: no row of yours leaves it.
      </p>
      <div class="deeds" aria-live="polite">
        {shown?.state === 'working' ? (
          <p class="says">
            <span class="spinner" aria-hidden="true" /> {shown.says}
          </p>
        ) : (
          shown && (
            <button type="button" class={taken ? 'second' : ''} onClick={() => void takeModel(task.task)}>
              {taken ? 'Take the newest' : 'Take the model'}
            </button>
          )
        )}
        {doing.value && (
          <p class="says">
            <span class="spinner" aria-hidden="true" /> {doing.value}
          </p>
        )}
        {shown?.fault && <Notice fault={shown.fault} />}
        {modelFault.value && <Notice fault={modelFault.value} />}
      </div>
      {taken && (
        <>
          <Origin taken={taken} />
          {taken.takes === 'program' ? <Program /> : <TryModel task={task.task} takes={taken.takes} />}
          <KeepModel task={task.task} taken={taken} />
        </>
      )}
    </>
  );
}

function Program() {
  return (
    <section>
      <h2>Try it</h2>
      <p>
        The model is a program, which the desk does not start. Install it as its planner says, keep
        Murmuration’s own file below, and use it with{' '}
        <code>murmur model evaluate --model FILE --data csv:ROWS --exec COMMAND</code>; <code>predict</code>{' '}
        takes the same.
      </p>
    </section>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function Origin({
  taken: { taken, digest, parameters, rounds, accepted, quality, lineage },
}: {
  readonly taken: TakenModel;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? lineage : lineage.slice(-10);
  return (
    <section>
      <h2>Where it comes from</h2>
      <p>
        {accepted === 0
          ? 'No round is accepted yet: this is the first model, which has learnt nothing.'
          : `The model after ${accepted} accepted of ${rounds} rounds, each computed again.`}{' '}
        {quality !== undefined && `The validators saw an accuracy of ${percent(quality)}.`}
      </p>
      <p class="quiet">
        {count(parameters)} parameters, taken {new Date(taken).toLocaleString()}, digest <code>{digest}</code>
      </p>
      {lineage.length > 0 && (
        <section class="scroll" aria-label="Lineage">
          <table>
            <thead>
              <tr>
                <th scope="col">round</th>
                <th scope="col">outcome</th>
                <th scope="col">accuracy</th>
                <th scope="col">model after it</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ round, outcome, model: after, quality: seen }) => (
                <tr key={round}>
                  <th scope="row">{round}</th>
                  <td>{outcome}</td>
                  <td>{seen === undefined ? '' : percent(seen)}</td>
                  <td class="why">
                    <code>{after}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {!all && lineage.length > shown.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          All {lineage.length} rounds
        </button>
      )}
    </section>
  );
}
