// The 10,000 real handwritten digits of the `mnist` package (a tenth of MNIST, LeCun et al. 1998). Its JSON
// files are read as they are: the package's own functions shuffle with Math.random and keep state between
// calls.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NodeError } from '../../errors.ts';
import { type Dataset, width } from './dataset.ts';

const side = 28;
const pixels = side * side;

let loaded: Promise<Dataset> | undefined;

/** All digits, class by class: inputs in [0, 1] of shape [784], ten classes. Read once a process. */
export function loadMnist(): Promise<Dataset> {
  loaded ??= read().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function read(): Promise<Dataset> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist/package.json')), 'src', 'digits');
  const digits = await Promise.all(Array.from({ length: 10 }, (_, digit) => readDigit(folder, digit)));
  const count = digits.reduce((n, digit) => n + digit.length / pixels, 0);
  const data: Dataset = {
    count,
    shape: [pixels],
    inputs: new Float32Array(count * pixels),
    labels: new Uint16Array(count),
    classes: 10,
  };
  let row = 0;
  digits.forEach((digit, label) => {
    data.inputs.set(digit, row * pixels);
    data.labels.fill(label, row, row + digit.length / pixels);
    row += digit.length / pixels;
  });
  return data;
}

async function readDigit(folder: string, digit: number): Promise<Float32Array> {
  const path = join(folder, `${digit}.json`);
  const { data } = JSON.parse(await readFile(path, 'utf8')) as { data?: unknown };
  const digits = Array.isArray(data) && data.length % pixels === 0 ? brightnesses(data) : undefined;
  if (!digits)
    throw new NodeError(
      'learning',
      `${path} is not in the mnist package's format ({ "data": [784 numbers in 0..1 a digit] })`,
      { mend: 'Run npm ci.' },
    );
  return digits;
}

/** Numbers in 0..1, or undefined where one is none. One pass: there are eight million. */
function brightnesses(data: readonly unknown[]): Float32Array | undefined {
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const value = data[i];
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) return undefined;
    out[i] = value;
  }
  return out;
}

/** Each picture flipped left to right: the digits of a left-handed world. */
export function mirror(data: Dataset): Dataset {
  const size = Math.sqrt(width(data.shape));
  const inputs = new Float32Array(data.inputs.length);
  for (let row = 0; row < inputs.length; row += size)
    for (let x = 0; x < size; x++) inputs[row + x] = data.inputs[row + size - 1 - x]!;
  return { ...data, inputs };
}

/** Each picture averaged over squares of pixels, `from 28` to a side of 14 or 7; same order and labels. */
export function shrink(data: Dataset, to: 28 | 14 | 7): Dataset {
  const from = Math.sqrt(width(data.shape));
  if (from === to) return data;
  const step = from / to;
  const inputs = new Float32Array(data.count * to * to);
  for (let n = 0; n < data.count; n++)
    for (let y = 0; y < from; y++)
      for (let x = 0; x < from; x++)
        inputs[n * to * to + Math.floor(y / step) * to + Math.floor(x / step)]! +=
          data.inputs[n * from * from + y * from + x]! / (step * step);
  return { ...data, shape: [to * to], inputs };
}

/**
 * The first `share` of the rows mirrored, the rest as they are: a hold-out that knows of left-handed people.
 */
export function mirrorShare(data: Dataset, share: number): Dataset {
  if (!(share >= 0 && share <= 1))
    throw new RangeError(`mirrorShare: share is ${share}, but must lie in [0, 1]`);
  const floats = Math.round(data.count * share) * width(data.shape);
  const inputs = data.inputs.slice();
  inputs.set(mirror({ ...data, inputs: data.inputs.subarray(0, floats) }).inputs);
  return { ...data, inputs };
}
