// How a task's parameters lie to each other, as the public clues read it.
import type { Geometry } from '../protocol/innovation/clues.ts';
import type { ModelLayout } from './layout.ts';
import type { TaskDescription } from './task.ts';

/** The geometry of a task's model. */
export const geometryOf = (
  { data, model }: TaskDescription,
  { weights }: Pick<ModelLayout, 'weights'>,
): Geometry => ({
  kernels: weights
    .filter(({ shape }) => shape.length === 2)
    .map(({ offset, shape }) => ({ offset, rows: shape[0]!, columns: shape[1]! })),
  side:
    data.kind === 'mnist' && model.kind !== 'program' && model.layers[0]?.type === 'dense'
      ? data.side
      : undefined,
});
