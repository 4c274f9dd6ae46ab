// Changes of tables as text: separators, quotes, line ends, numbers that are none.
import type { Random } from '../random.ts';
import type { Mutator } from './mutator.ts';

const cells = [
  '',
  '"',
  '""',
  '"a',
  'a"b',
  '"a""b"',
  '"a\nb"',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '0x10',
  '1,5',
  '1;5',
  '９',
  '\u0000',
  '\ufeff',
  '9'.repeat(5000),
  '?',
  '-',
  ' 1 ',
];

const ofLines =
  (change: (lines: string[], random: Random) => string[], end = '\n'): Mutator =>
  (input, random) =>
    new TextEncoder().encode(change(new TextDecoder().decode(input).split('\n'), random).join(end));

const inCell = (line: string, random: Random): string => {
  const fields = line.split(',');
  return fields.with(random.below(fields.length), random.pick(cells)).join(',');
};

/** Changes of a table. */
export const tableMutators: readonly Mutator[] = [
  ...Array.from({ length: 4 }, () =>
    ofLines((lines, random) => {
      const at = random.below(lines.length);
      return lines.with(at, inCell(lines[at]!, random));
    }),
  ),
  ofLines((lines, random) => lines.with(random.below(lines.length), ','.repeat(1 + random.below(10_000)))),
  ofLines((lines, random) => lines.toSpliced(random.below(lines.length), 1)),
  ofLines((lines, random) =>
    lines.toSpliced(random.below(lines.length), 0, random.pick(lines), random.pick(lines)),
  ),
  ofLines((lines) => lines, '\r\n'),
  ofLines((lines) => lines, '\r'),
  ofLines((lines) => lines.map((line) => line.replaceAll(',', ';'))),
  ofLines((lines, random) => lines.map((line) => (random.below(3) === 0 ? `${line},` : line))),
  ofLines((lines) => [lines[0]!, ...Array<string>(5000).fill(lines[1] ?? '')]),
];
