// How a task's parameters lie to each other, as the public clues read it.
import type { Geometry } from '../protocol/innovation/clues.ts';
import type { Network } from './network.ts';
import type { TaskDescription } from './task.ts';

/** The geometry of a task's model. */
export const geometryOf = (
  { data, model }: TaskDescription,
  { layout }: Pick<Network, 'layout'>,
): Geometry => ({
  kernels: layout
    .filter(({ shape }) => shape.length === 2)
    .map(({ offset, shape }) => ({ offset, rows: shape[0]!, columns: shape[1]! })),
  side: data.kind === 'mnist' && model.layers[0]?.type === 'dense' ? data.side : undefined,
});
