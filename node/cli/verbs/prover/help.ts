// `murmur prover run|leave`.
import { saying } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { action, type Group } from '../../command/verb.ts';
import { leaveFlags, runFlags } from '../../member/flags.ts';

export const prover: Group = {
  summary: 'open and prove the sums of a task, for a fee',
  details: `It opens the sums of every round with the shares that trainers publish, and proves them for a fee.
    It needs no seat, but free stake for a sum that fails. It also pushes the task on whenever it may.`,
  actions: {
    run: action({
      summary: 'open and prove sums until the task is over',
      details: 'What is missing of --stake is bonded. Killed and started again, it goes on.',
      flags: { task: flags.task, stake: saying(flags.stake, 'kept free'), ...runFlags },
      examples: ['murmur prover run --task 1'],
      run: async (settings) => (await import('../../member/run.ts')).runRole({ role: 'prover', ...settings }),
    }),
    leave: action({
      summary: 'get fees and free stake out',
      details: 'Stake leaves through a queue: `leave` again when it is due.',
      flags: leaveFlags,
      examples: ['murmur prover leave --task 1'],
      run: async (settings) => (await import('../../member/leave.ts')).leave('prover', settings),
    }),
  },
  examples: ['murmur prover run --task 1'],
};
