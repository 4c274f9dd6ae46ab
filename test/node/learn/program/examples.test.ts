// The examples in Python: each learns by rounds, as two sites with a half of the rows and one that judges would have
// it, from what it says of itself. What Python lacks skips an example by name.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askParameters, startProgram } from '../../../../node/learn/index.ts';
import { halves } from '../host/compliance.ts';
import { examples, modelOf, pythonWith, walls } from './programs.ts';

const hear = () => undefined;
const steps = { steps: 40, batch: 32, rate: 0.2, seed: 'site' };

describe.each([
  { file: 'mlp_numpy.py', needs: ['numpy'], settings: { inputs: 12, hidden: 16, classes: 2 }, size: 242 },
  {
    file: 'logistic_sklearn.py',
    needs: ['numpy', 'sklearn'],
    settings: { inputs: 12, classes: 2 },
    size: 13,
  },
  {
    file: 'mlp_torch.py',
    needs: ['numpy', 'torch'],
    settings: { inputs: 12, hidden: 16, classes: 2 },
    size: 242,
  },
  { file: 'cnn_torch.py', needs: ['numpy', 'torch'], settings: { side: 4, classes: 2 }, size: 82, pad: 16 },
  {
    file: 'adapters_torch.py',
    needs: ['numpy', 'torch'],
    settings: { inputs: 12, classes: 2, rank: 2, base: 7 },
    size: 2 * (12 + 32) + 2 * (32 + 2),
  },
])('examples/programs/$file', ({ file, needs, settings, size, pad = 12 }) => {
  const python = pythonWith(...needs);

  it.skipIf(!python)(`learns together with another site (needs ${needs.join(', ')})`, async () => {
    const exec = `"${python}" "${join(examples, file)}"`;
    const { files } = await modelOf(examples, [file, 'murmur.py'], { parameters: [['w', [1]]] });
    const run = { exec, walls, hear };
    const parameters = await askParameters(run, { files, settings: Object(settings) });
    const model = await modelOf(examples, [file, 'murmur.py'], {
      settings,
      parameters: parameters.map(({ name, shape }) => [name, [...shape]]),
    });
    const host = await startProgram(model, run);
    try {
      const [first, second, test] = await Promise.all(
        [1, 2, 3].map((seed) => host.take(padded(halves(200, seed), pad))),
      );
      let flat = await host.initial(5);
      expect(flat).toHaveLength(size);
      expect(await host.initial(5)).toEqual(flat);
      const before = await test!.evaluate(flat);
      for (let round = 0; round < 4; round++) {
        const changes = await Promise.all(
          [first!, second!].map((rows) => rows.train(flat, { ...steps, round })),
        );
        expect(await first!.train(flat, { ...steps, round })).toEqual(changes[0]);
        flat = flat.map((x, i) => x + (changes[0]![i]! + changes[1]![i]!) / 2);
      }
      const after = await test!.evaluate(flat);
      expect(after.logLoss).toBeLessThan(before.logLoss);
      expect(after.accuracy).toBeGreaterThan(0.85);
      // Where it has a gradient, that is the slope of the loss.
      const { loss, gradient } = await test!.gradient(flat);
      const downhill = flat.map((x, i) => x - 0.05 * gradient[i]!);
      expect((await test!.gradient(downhill)).loss).toBeLessThan(loss);
    } finally {
      await host.close();
    }
  });
});

/** Rows of twelve numbers as rows of more, zeros behind. */
function padded(data: ReturnType<typeof halves>, width: number): ReturnType<typeof halves> {
  const inputs = new Float32Array(data.count * width);
  for (let row = 0; row < data.count; row++)
    inputs.set(data.inputs.subarray(row * 12, (row + 1) * 12), row * width);
  return { ...data, shape: [width], inputs };
}
