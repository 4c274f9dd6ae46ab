// Whether a task's model fits its data. A misfit is found with the description: found later, when everybody
// trains, it would cost everybody stake.
import { reasonOf } from '@murmuration/core';
import { chunkShapes, type PresetName } from '../protocol/presets.ts';
import type { DataSpec } from './data/spec.ts';
import { openColumns, statisticsCoordinates } from './data/statistics.ts';
import { inputWidth } from './data/tabular.ts';
import { modelLayout } from './layout.ts';
import type { ModelSpec } from './model_spec.ts';

/** One misfit: its path in the description, and the reason. */
export interface Misfit {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All that does not fit; empty for a task that can be trained. */
export function misfits(task: { model: ModelSpec; data: DataSpec; preset: PresetName }): Misfit[] {
  return [...modelMisfits(task), ...statisticsMisfits(task)];
}

function* modelMisfits({ model, data }: { model: ModelSpec; data: DataSpec }): Generator<Misfit> {
  try {
    modelLayout(model);
  } catch (error) {
    const part = model.kind === 'program' ? 'parameters' : 'layers';
    yield { path: ['model', part], message: reasonOf(error) };
  }
  // What a program makes of a row is its own; each site's is asked before it stakes.
  if (model.kind === 'program') return;
  const features = data.kind === 'csv' ? inputWidth(data) : data.side ** 2;
  const input = model.input.reduce((product, side) => product * side, 1);
  if (input !== features)
    yield {
      path: ['model', 'input'],
      message: `takes ${input} numbers, but a row of the data becomes ${features}`,
    };
  const classes = data.kind === 'csv' ? (data.target.classes?.length ?? 2) : 10;
  const last = model.layers.at(-1)!;
  if (model.loss === 'categorical' && last.type === 'dense' && last.units !== classes)
    yield {
      path: ['model', 'layers', model.layers.length - 1, 'units'],
      message: `is ${last.units}, but the data have ${classes} classes`,
    };
  if (model.loss === 'binary' && classes !== 2)
    yield { path: ['model', 'loss'], message: `binary is for 2 classes, but the data have ${classes}` };
}

function* statisticsMisfits({ data, preset }: { data: DataSpec; preset: PresetName }): Generator<Misfit> {
  if (data.kind !== 'csv') return;
  let rangeless = false;
  for (const [at, column] of data.columns.entries()) {
    if (column.type !== 'numeric' || column.range) continue;
    if (column.mean !== undefined && column.deviation !== undefined) continue;
    rangeless = true;
    yield {
      path: ['data', 'columns', at],
      message:
        `column ${column.name} needs mean and deviation, or a range, within which they are ` +
        'computed federatedly',
    };
  }
  if (rangeless) return;
  const open = openColumns(data).length;
  const { coordinatesPerChunk, maxChunks } = chunkShapes[preset];
  const chunks = Math.ceil(statisticsCoordinates(data) / coordinatesPerChunk);
  if (chunks > maxChunks)
    yield {
      path: ['data', 'columns'],
      message:
        `${open} columns leave mean and deviation open, which takes ${chunks} ciphertexts of ` +
        `${preset}; at most ${maxChunks}`,
    };
}
