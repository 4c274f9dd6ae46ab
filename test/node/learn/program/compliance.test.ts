// Programs keep the promises of a host: one of this project's own layers, and one of numpy.
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { startProgram } from '../../../../node/learn/index.ts';
import { root } from '../../../suites/suite.ts';
import { promisesOfAHost } from '../host/compliance.ts';
import { examples, modelOf, perceptron, pythonWith, walls } from './programs.ts';

const hear = () => undefined;
const layers = await modelOf(
  examples,
  ['layers.ts'],
  perceptron(12, 64, 2, ['hidden weights', 'hidden bias', 'output weights', 'output bias']),
);
promisesOfAHost('a program of layers', () =>
  startProgram(layers, {
    exec: `"${process.execPath}" "${join(examples, 'layers.ts')}"`,
    walls,
    shows: [root],
    hear,
  }),
);

const python = pythonWith('numpy');
if (python) {
  const numpy = await modelOf(
    examples,
    ['mlp_numpy.py', 'murmur.py'],
    perceptron(12, 64, 2, ['w1', 'b1', 'w2', 'b2']),
  );
  promisesOfAHost('a program of numpy', () =>
    startProgram(numpy, { exec: `${python} "${join(examples, 'mlp_numpy.py')}"`, walls, hear }),
  );
} else
  describe.skip('a program of numpy, as a host of a model (no Python with numpy)', () =>
    it('is skipped', () => undefined));
