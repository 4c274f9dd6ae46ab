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
  const digits = brightnesses(await readFile(path));
  if (!digits || digits.length % pixels !== 0)
    throw new NodeError(
      'learning',
      `${path} is not in the mnist package's format ({ "data": [784 numbers in 0..1 a digit] })`,
      { mend: 'Run npm ci.' },
    );
  return digits;
}

const [zero, point, comma] = [...Buffer.from('0.,')] as [number, number, number];
/** Digits behind the point, at most: with as few, the quotient below is the number that is nearest to what is written. */
const mostDigits = 15;

/**
 * The numbers of `{ "data": [0,0.25,1] }`, each in 0..1 and written without an exponent; undefined where anything else is
 * there. One pass over the bytes: there are eight million numbers, which a reader of any JSON makes an object each.
 */
export function brightnesses(json: Buffer): Float32Array | undefined {
  const head = /^\s*\{\s*"data"\s*:\s*\[/.exec(json.toString('latin1', 0, 64))?.[0].length;
  const end = json.lastIndexOf(']');
  if (head === undefined || end < head || !/^\]\s*\}\s*$/.test(json.toString('latin1', end)))
    return undefined;
  // A number and its comma take two bytes, at least.
  const out = new Float32Array((end - head + 1) >> 1);
  let count = 0;
  for (let at = head; at < end; ) {
    const whole = json[at++]! - zero;
    let above = 0;
    let scale = 1;
    if (json[at] === point) {
      const first = ++at;
      for (let digit = json[at]! - zero; digit >= 0 && digit <= 9; digit = json[++at]! - zero) {
        above = 10 * above + digit;
        scale *= 10;
      }
      if (at === first || at > first + mostDigits) return undefined;
    }
    if (!(whole === 0 || (whole === 1 && above === 0))) return undefined;
    out[count++] = whole + above / scale;
    // Between two numbers, and nowhere else.
    if (at < end && (json[at++] !== comma || at === end)) return undefined;
  }
  return out.slice(0, count);
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
