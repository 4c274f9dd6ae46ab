// A program that goes wrong in its training in the way that its setting `how` names. Otherwise it adds 1 to each of its
// two parameters. It speaks the protocol from the text of docs/programs.md, without the repository's code.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

let how = '';
let mark = '';
let read = Buffer.alloc(0);

const header = (fields: object): string => `${JSON.stringify(fields)}\n`;
const floats = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => {
    bytes.writeFloatLE(value, 4 * at);
  });
  return bytes;
};
const say = (...parts: (string | Buffer)[]): void => {
  process.stdout.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
};
const give = (number: number, ...values: number[]): void =>
  say(
    header({ answer: 'given', number, lengths: values.length > 0 ? [values.length] : [] }),
    floats(...values),
  );

/** Whether it is the first life that comes here. */
function isFirst(): boolean {
  if (existsSync(mark)) return false;
  writeFileSync(mark, '');
  return true;
}

const half = (number: number) => say(header({ answer: 'given', number, lengths: [2] }), floats(1));

/** What goes wrong, by the setting. */
const odd: Readonly<Record<string, (number: number) => void>> = {
  'not a number': (number) => give(number, 1, Number.NaN),
  infinite: (number) => give(number, Number.NEGATIVE_INFINITY, 1),
  short: (number) => give(number, 1),
  long: (number) => give(number, 1, 1, 1),
  'a gigabyte': (number) => say(header({ answer: 'given', number, lengths: [2 ** 28] })),
  'an endless line': () => {
    process.stdout.on('error', () => process.exit(9));
    setInterval(() => say('x'.repeat(2 ** 18)), 1);
  },
  'more than its frame': (number) =>
    say(header({ answer: 'given', number, lengths: [2] }), floats(1, 1, 1, 1)),
  'another order': (number) => give(number + 1, 1, 1),
  noise: () => say('epoch 1: loss 0.3\n'),
  hangs: () => undefined,
  'dies for good': (number) => {
    half(number);
    process.exit(3);
  },
  'dies once': (number) => {
    if (!isFirst()) return give(number, 1, 1);
    half(number);
    process.stdout.write('', () => process.exit(3));
  },
  chatters: (number) => {
    for (let line = 0; line < 5000; line++)
      process.stderr.write(`line ${line} \u001b[31m${'y'.repeat(3000)}\n`);
    give(number, 1, 1);
  },
  refuses: (number) =>
    say(header({ answer: 'failed', number, text: `no memory\n\u001b[2J${'z'.repeat(5000)}`, lengths: [] })),
  tells: (number) => {
    say(header({ answer: 'progress', number, share: 0.5, text: 'epoch 3', lengths: [] }));
    give(number, 1, 1);
  },
  environment: (number) => {
    appendFileSync(mark, JSON.stringify(process.env));
    give(number, 1, 1);
  },
};

process.stdin.on('data', (piece: Buffer) => {
  read = Buffer.concat([read, piece]);
  for (;;) {
    const end = read.indexOf(0x0a);
    if (end < 0) return;
    const order = JSON.parse(read.toString('utf8', 0, end));
    const after = end + 1 + 4 * order.lengths.reduce((sum: number, length: number) => sum + length, 0);
    if (read.length < after) return;
    read = read.subarray(after);
    if (order.order === 'describe') {
      ({ how, mark } = order.settings);
      say(
        header({
          answer: 'given',
          number: order.number,
          parameters: [{ name: 'w', shape: [how === 'of another shape' ? 3 : 2] }],
          lengths: [],
        }),
      );
    } else if (order.order === 'train') (odd[how] ?? ((number) => give(number, 1, 1)))(order.number);
    else if (order.order === 'predict') {
      const wrong: Record<string, number[]> = { 'too sure': [1.2, -0.2], 'not whole': [0.2, 0.2] };
      give(order.number, ...(wrong[how] ?? [0.5, 0.5]));
    } else give(order.number);
  }
});
process.stdin.on('end', () => process.exit(0));
