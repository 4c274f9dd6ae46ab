// Numbers that a training must not give: not finite, they would spoil the sum of all.
import { NodeError } from '../errors.ts';

/** The values. @throws NodeError `learning` naming the first that is not finite. */
export function finite(values: Float32Array, what: string): Float32Array {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new NodeError('learning', `${what}: value ${i} is ${values[i]}: the training diverged`, {
        mend: 'Lower the learning rate, or scale the data.',
      });
  return values;
}
