// A model on a file: how good it is, or what it says of each row.
import { useState } from 'preact/hooks';
import type { Evaluation, Predictions, TakenModel } from '../../api/model.ts';
import { keep } from '../download.ts';
import { count, plural } from '../format.ts';
import { doing, evaluateModel, evaluation, predictFile, predictions } from '../models.ts';
import { matches } from '../state.ts';
import { Drop } from './drop.tsx';

interface Props {
  readonly task: string;
  readonly takes: TakenModel['takes'];
}

export function TryModel({ task, takes }: Props) {
  return (
    <section>
      <h2>Try it</h2>
      {takes === 'digits' ? <OnDigits task={task} /> : <OnFile task={task} />}
      <div aria-live="polite">
        {evaluation.value && <Figures of={evaluation.value} />}
        {predictions.value && <Predicted task={task} of={predictions.value} />}
      </div>
    </section>
  );
}

function OnDigits({ task }: { readonly task: string }) {
  return (
    <>
      <p>
        It takes the demonstration’s handwritten digits. It is evaluated on those that the validators hold
        back, a fifth of them mirrored.
      </p>
      <button
        type="button"
        disabled={doing.value !== undefined}
        onClick={() => void evaluateModel(task, true)}
      >
        Evaluate on the demonstration’s digits
      </button>
    </>
  );
}

function OnFile({ task }: { readonly task: string }) {
  const [ids, setIds] = useState('');
  const file = matches.value?.file;
  const names = ids
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const isOff = !file || doing.value !== undefined;
  return (
    <>
      <Drop title="A file of rows" />
      <p class="quiet">
        Up to 500 MB, and as many rows as the task allows. To evaluate it needs the column that is predicted;
        to predict it does not.
      </p>
      <label class="field">
        Columns that are carried over into the predictions, with commas between
        <input
          placeholder="patient"
          maxLength={1000}
          value={ids}
          onInput={(e) => setIds(e.currentTarget.value)}
        />
      </label>
      <p class="deeds">
        <button type="button" disabled={isOff} onClick={() => void evaluateModel(task, false)}>
          Evaluate
        </button>
        <button type="button" disabled={isOff} onClick={() => void predictFile(task, names)}>
          Predict
        </button>
        {!file && <span class="quiet">Give it a file first.</span>}
      </p>
    </>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function Figures({ of }: { readonly of: Evaluation }) {
  const figure = (value: string, what: string) => (
    <div>
      <dd>{value}</dd>
      <dt>{what}</dt>
    </div>
  );
  return (
    <>
      <h3>On {plural(of.count, 'row')}</h3>
      <dl class="figures">
        {figure(percent(of.accuracy), 'accuracy')}
        {figure(of.auc.toFixed(3), 'AUC')}
        {figure(of.logLoss.toFixed(3), 'log loss')}
        {figure(percent(of.calibration), 'calibration error')}
      </dl>
    </>
  );
}

function Predicted({ task, of }: { readonly task: string; readonly of: Predictions }) {
  const name = `task-${task}-predictions.csv`;
  return (
    <>
      <h3>Predictions of {plural(of.rows, 'row')}</h3>
      <ul class="sentences">
        {of.classes.map(({ name: kind, count: rows }) => (
          <li key={kind}>
            <bdi>{kind}</bdi>: {count(rows)}
          </li>
        ))}
      </ul>
      <p>
        <button type="button" onClick={() => keep(new Blob([of.csv], { type: 'text/csv' }), name)}>
          Keep the predictions
        </button>{' '}
        <span class="quiet">The node keeps none of them.</span>
      </p>
    </>
  );
}
