// `murmur data check`.
import { flag, needed } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { data as dataRule, path } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

const { home, json } = flags;

export const data: Group = {
  summary: 'whether a file fits a task, before anyone stakes',
  actions: {
    check: action({
      summary: 'what a task would make of a file: rows, classes, each column, and all that is wrong',
      details: `Everything that cannot be used is listed with its count and its first lines, as an editor numbers
        them. Exit code 1: the file would be refused.`,
      flags: {
        description: needed(flag('FILE', "the task's description", path)),
        data: needed(flag('DATA', flags.table, dataRule)),
        ...flags.readingFlags,
        ...flags.programFlags,
        home,
        json,
      },
      examples: [
        'murmur data check --description heart.json --data csv:patients.csv',
        'murmur data check --description heart.json --data csv:export.csv --decimal comma --absent NA',
      ],
      run: async (settings) => (await import('./check.ts')).check(settings),
    }),
  },
  examples: ['murmur data check --description heart.json --data csv:patients.csv'],
};
