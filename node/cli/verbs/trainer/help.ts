// `murmur trainer join|run|status|leave`.
import * as flags from '../../command/flags.ts';
import { action, type Group } from '../../command/verb.ts';
import { joinFlags, leaveFlags, runFlags, statusFlags } from '../../member/flags.ts';

export const trainer: Group = {
  summary: 'train on data that stays here',
  actions: {
    join: action({
      summary: 'bond stake and apply for a seat',
      details:
        'Repeated, it changes nothing. A member has to run before the first phase after the start is over.',
      flags: joinFlags,
      examples: ['murmur trainer join --task 1 --stake 100'],
      run: async (settings) => (await import('../../member/join.ts')).join('trainer', settings),
    }),
    run: action({
      summary: 'take part until the task is over',
      details: 'Killed at any point and started again with the same flags, it goes on where it was.',
      flags: {
        task: flags.task,
        data: flags.trainingData,
        listen: flags.listen,
        announce: flags.announce,
        relay: flags.relay,
        seed: flags.seed,
        ...flags.readingFlags,
        ...flags.programFlags,
        ...runFlags,
      },
      examples: [
        'murmur trainer run --task 1 --data csv:patients.csv --listen /ip4/0.0.0.0/tcp/4001',
        'murmur trainer run --task 1 --data csv:patients.csv --listen none',
        'murmur trainer run --task 1 --data csv:patients.csv --exec "python3 train.py"',
      ],
      run: async (settings) =>
        (await import('../../member/run.ts')).runRole({ role: 'trainer', ...settings }),
    }),
    status: action({
      summary: 'seat, standing, strikes, stake and earnings',
      flags: statusFlags,
      examples: ['murmur trainer status --task 1', 'murmur trainer status --task 1 --explain'],
      run: async (settings) => (await import('../../member/status.ts')).status(settings),
    }),
    leave: action({
      summary: 'take an application back; after the task, get stake and earnings out',
      details: 'Stake leaves through a queue: `leave` again when it is due.',
      flags: leaveFlags,
      examples: ['murmur trainer leave --task 1'],
      run: async (settings) => (await import('../../member/leave.ts')).leave('trainer', settings),
    }),
  },
  examples: ['murmur trainer join --task 1', 'murmur trainer run --task 1 --data csv:patients.csv'],
};
