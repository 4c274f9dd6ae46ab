// `murmur validator join|run|status|leave`.
import { saying } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { action, type Group } from '../../command/verb.ts';
import { joinFlags, leaveFlags, runFlags, statusFlags } from '../../member/flags.ts';

export const validator: Group = {
  summary: 'judge models on hold-out data',
  actions: {
    join: action({
      summary: 'bond stake and apply for a seat',
      details:
        'Repeated, it changes nothing. A member has to run before the first phase after the start is over.',
      flags: joinFlags,
      examples: ['murmur validator join --task 1'],
      run: async (settings) => (await import('../../member/join.ts')).join('validator', settings),
    }),
    run: action({
      summary: 'probe and vote until the task is over',
      details: 'Killed at any point and started again with the same flags, it goes on where it was.',
      flags: {
        task: flags.task,
        data: saying(
          flags.trainingData,
          `hold-out data: ${flags.tableOrDigits}; it never leaves this process`,
        ),
        seed: flags.seed,
        ...flags.readingFlags,
        ...flags.programFlags,
        ...runFlags,
      },
      examples: [
        'murmur validator run --task 1 --data csv:holdout.csv',
        'murmur validator run --task 1 --data csv:holdout.csv --exec "python3 train.py"',
      ],
      run: async (settings) =>
        (await import('../../member/run.ts')).runRole({ role: 'validator', ...settings }),
    }),
    status: action({
      summary: 'seat, standing, stake and earnings',
      flags: statusFlags,
      examples: ['murmur validator status --task 1', 'murmur validator status --task 1 --explain'],
      run: async (settings) => (await import('../../member/status.ts')).status(settings),
    }),
    leave: action({
      summary: 'take an application back; after the task, get stake and earnings out',
      details: 'Stake leaves through a queue: `leave` again when it is due.',
      flags: leaveFlags,
      examples: ['murmur validator leave --task 1'],
      run: async (settings) => (await import('../../member/leave.ts')).leave('validator', settings),
    }),
  },
  examples: ['murmur validator join --task 1', 'murmur validator run --task 1 --data csv:holdout.csv'],
};
