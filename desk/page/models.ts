// The model of the task that is looked at, as signals.
import { signal } from '@preact/signals';
import type { Evaluation, Model, ModelFileName, Predictions } from '../api/model.ts';
import type { Fault } from '../api/words.ts';
import { download } from './download.ts';
import { ask, faultOf } from './session.ts';
import { how, matches, onEvent } from './state.ts';

export const model = signal<Model | undefined>(undefined);
/** What is done with it; undefined while nothing is. */
export const doing = signal<string | undefined>(undefined);
export const modelFault = signal<Fault | undefined>(undefined);
export const evaluation = signal<Evaluation | undefined>(undefined);
export const predictions = signal<Predictions | undefined>(undefined);

async function tried(what: string | undefined, act: () => Promise<void>): Promise<void> {
  modelFault.value = undefined;
  doing.value = what;
  try {
    await act();
  } catch (error) {
    modelFault.value = faultOf(error);
  } finally {
    doing.value = undefined;
  }
}

const pathOf = (task: string) => `/api/tasks/${task}/model`;

async function readModel(task: string): Promise<void> {
  const found = await ask<Model>('GET', pathOf(task));
  // Another task may be looked at by now.
  if (model.value?.task === task || model.value === undefined) model.value = found;
}

onEvent('models', async () => {
  if (model.value) await readModel(model.value.task);
});

/** Looks at the model of a task. */
export const lookAtModel = (task: string): Promise<void> => {
  model.value = undefined;
  evaluation.value = undefined;
  predictions.value = undefined;
  return tried(undefined, () => readModel(task));
};

export const takeModel = (task: string): Promise<void> =>
  tried(undefined, async () => {
    await ask('POST', pathOf(task), {});
    await readModel(task);
  });

/** Tries it on the file that was given, or on the demonstration's digits. */
export const evaluateModel = (task: string, onDigits: boolean): Promise<void> =>
  tried('evaluates', async () => {
    evaluation.value = undefined;
    const file = onDigits ? {} : { file: matches.value!.file.id, reading: how.value };
    evaluation.value = await ask<Evaluation>('POST', `${pathOf(task)}/evaluation`, file);
  });

/** @param ids columns that are carried over. */
export const predictFile = (task: string, ids: readonly string[]): Promise<void> =>
  tried('predicts', async () => {
    predictions.value = undefined;
    const asked = { file: matches.value!.file.id, reading: how.value, ids };
    predictions.value = await ask<Predictions>('POST', `${pathOf(task)}/predictions`, asked);
  });

/** Keeps files of the model, each under its name. */
export const keepModel = (
  task: string,
  files: readonly (readonly [file: ModelFileName, name: string])[],
  licence: string,
): Promise<void> =>
  tried('writes it', async () => {
    const said = licence === '' ? '' : `?licence=${encodeURIComponent(licence)}`;
    for (const [file, name] of files) await download(`${pathOf(task)}/${file}${said}`, name);
  });
