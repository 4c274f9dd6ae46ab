// How a site's file is read, from the flags that say it.
import { type Reading, readingOptions } from '../../learn/index.ts';
import type { Settings } from '../command/flag.ts';
import type { readingFlags } from '../command/flags.ts';

const marks = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  bar: '|',
  point: '.',
  space: ' ',
  apostrophe: "'",
} as const;

/** The options that flags name by words, which no shell takes for something else. */
export function readingOf({
  separator,
  decimal,
  thousands,
  ...rest
}: Settings<typeof readingFlags>): Reading {
  return readingOptions.parse({
    ...(separator && { separator: marks[separator] }),
    ...(decimal && { decimal: marks[decimal] }),
    ...(thousands && { thousands: marks[thousands] }),
    ...(rest.encoding !== undefined && { encoding: rest.encoding }),
    absent: rest.absent ?? [],
    dropFaulty: rest.dropFaulty,
  });
}
