// A program that goes wrong in its training in the way that its setting `how` names. Otherwise it adds 1 to each of its
// two parameters. It speaks the protocol from the text of docs/programs.md, without the repository's code.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

let how = '';
let mark = '';
let aim = '';
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

/** Starts a process in a session of its own, which holds the standard output for as long as it lives. */
const leave = (): void => {
  const endless = 'setInterval(() => undefined, 1000)';
  spawn(process.execPath, ['-e', endless, aim], { detached: true, stdio: 'inherit' }).unref();
};

/** Tells its role what an attempt came to, as a line on standard error. */
const tell = (what: string, attempt: () => unknown): void => {
  let found: unknown;
  try {
    found = attempt() ?? 'done';
  } catch (error) {
    found = (error as NodeJS.ErrnoException).code;
  }
  process.stderr.write(`${what}: ${found}\n`);
};

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
  'leaves a process': (number) => {
    leave();
    give(number, 1, 1);
  },
  'leaves a process and dies': () => {
    leave();
    process.exit(3);
  },
  'hangs, and ignores its end': () => {
    leave();
    process.stdin.removeAllListeners('end');
    setInterval(() => undefined, 1000);
    process.stderr.write('hangs\n');
  },
  'looks at its role': (number) => {
    const seen = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const found = seen.filter((id) => {
      try {
        return readFileSync(`/proc/${id}/environ`, 'utf8').includes(aim);
      } catch {
        return false;
      }
    });
    process.stderr.write(`secret: ${found.length > 0 ? 'found' : 'not found'}\n`);
    give(number, 1, 1);
  },
  'calls out': (number) => {
    const targets = JSON.parse(aim) as Record<string, object>;
    const calls = Object.entries(targets).map(
      ([name, target]) =>
        new Promise<void>((resolve) => {
          const socket = connect(target as never);
          const told = (text: string) => {
            process.stderr.write(`${name}: ${text}\n`);
            socket.destroy();
            resolve();
          };
          socket.on('connect', () => told('reached')).on('error', (error) => told(Object(error).code));
        }),
    );
    Promise.all(calls).then(() => give(number, 1, 1));
  },
  writes: (number) => {
    for (const folder of [homedir(), dirname(process.argv[1]!), '/var/tmp', '/tmp'])
      tell(folder, () => writeFileSync(join(folder, aim), '', { flag: 'wx' }));
    give(number, 1, 1);
  },
  reads: (number) => {
    for (const path of aim.split(' ')) tell(path, () => JSON.stringify(readFileSync(path, 'utf8')));
    give(number, 1, 1);
  },
  'kills all it can': (number) => {
    for (const target of [1, process.ppid, -1])
      tell(`kill ${target}`, () => `${process.kill(target, 'SIGKILL')}`);
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
      ({ how, mark, aim } = order.settings);
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
