// A description whose parts do not fit each other is refused when it is written, not when everybody trains.
import { describe, expect, it } from 'vitest';
import { taskDescription } from '../../../node/learn/index.ts';
import { clinicTask } from './clinics.ts';

const refusal = (change: (task: ReturnType<typeof clinicTask>) => void): string | undefined => {
  const task = clinicTask(1);
  change(task);
  const parsed = taskDescription.safeParse(task);
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
};

describe('a task', () => {
  it('is taken when model and data fit', () => {
    expect(refusal(() => undefined)).toBeUndefined();
  });

  it.each<[string, (task: ReturnType<typeof clinicTask>) => void, RegExp]>([
    ['another width', (task) => task.model.input.splice(0, 1, 7), /model\.input: takes 7 .* becomes 8/],
    [
      'another number of classes',
      (task) => Object.assign(task.model.layers[1]!, { units: 3 }),
      /model\.layers\.1\.units: is 3, but the data have 2 classes/,
    ],
    [
      'a binary loss for three classes',
      (task) => {
        task.model.loss = 'binary';
        Object.assign(task.model.layers[1]!, { units: 1 });
        task.data.target.classes.push(['perhaps']);
      },
      /model\.loss: binary is for 2 classes, but the data have 3/,
    ],
    [
      'a column without statistics and without a range',
      (task) => Object.assign(task.data.columns[0]!, { range: undefined }),
      /data\.columns\.0: column age needs mean and deviation, or a range/,
    ],
    [
      'more open columns than ciphertexts hold',
      (task) => {
        const columns = Array.from({ length: 140 }, (_, i) => ({
          type: 'numeric',
          name: `x${i}`,
          range: [0, 1],
        }));
        Object.assign(task.data, { columns });
        task.model.input = [140];
      },
      /data\.columns: 140 columns leave .* takes 33 ciphertexts of tiny; at most 32/,
    ],
  ])('is refused with %s', (_, change, message) => {
    expect(refusal(change)).toMatch(message);
  });
});
