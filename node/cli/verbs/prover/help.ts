// `murmur prover run|status|earnings|leave|serve|agent|bench|seal|token`.
import { flag, saying } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { taskNumber } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';
import { leaveFlags, runFlags, statusFlags } from '../../member/flags.ts';
import * as service from './flags.ts';

const optionalTask = flag('N', 'the task', taskNumber);

export const prover: Group = {
  summary: 'open and prove sums for a fee; a service that proves for others',
  details: `It opens the sums of every round with the shares that trainers publish, and proves them for a fee.
    It needs no seat, but free stake for a sum that fails. It also pushes tasks on.

    serve and agent are a service that makes proofs as jobs.`,
  actions: {
    run: action({
      summary: 'open and prove the sums of one task, or of every task that pays',
      details: `With --task it ends with the task. Without, it follows the marketplace until it is interrupted: it
        takes every sum whose fee is above its gas by --floor, the best first, leaves alone what another prover has
        landed, and says once what it skips and why. It pushes a task on while that costs less than the task brings.

        What is missing of --stake is bonded at the start. Fees stay in the vault. Killed and started again, it goes
        on. With $MURMURATION_PROVER, agents of a service prove the chunks.`,
      flags: {
        task: saying(optionalTask, 'one task alone'),
        stake: saying(flags.stake, 'kept free: a sum that fails costs it'),
        ...service.marketFlags,
        ...runFlags,
      },
      examples: ['murmur prover run --task 1', 'murmur prover run --token-price 0.0004 --floor 0.05 --json'],
      async run(settings) {
        const { task } = settings;
        if (task === undefined) return (await import('../../member/follow_market.ts')).followMarket(settings);
        return (await import('../../member/run.ts')).runRole({ role: 'prover', ...settings, task });
      },
    }),
    status: action({
      summary: 'stake and earnings',
      flags: statusFlags,
      examples: ['murmur prover status --task 1 --explain'],
      run: async (settings) => (await import('../../member/status.ts')).status(settings),
    }),
    earnings: action({
      summary: 'fees and slashes by task, and the gas that they took',
      flags: { task: flag('N', 'one task; without it, all', taskNumber), ...flags.lookingFlags },
      examples: ['murmur prover earnings', 'murmur prover earnings --task 1 --json'],
      run: async (settings) => (await import('../../member/explain.ts')).earnings(settings),
    }),
    leave: action({
      summary: 'get fees and free stake out',
      details: `Claims the fees, and puts free stake into the queue by which it leaves: \`leave\` again when it is due. A
        prover has no seat: what it served makes no difference. Stop \`run\` first; without free stake it proves nothing.`,
      flags: { ...leaveFlags, task: saying(optionalTask, 'whose run ended, if it was for one task') },
      examples: ['murmur prover leave', 'murmur prover leave --json'],
      run: async (settings) => (await import('../../member/leave.ts')).leave('prover', settings),
    }),
    serve: action({
      summary: 'take jobs over HTTP and prove them, here or on other machines',
      details: `One process is a whole service: its queue lies in HOME/service, its first token, which may do
        everything, is HOME/service/token. With $DATABASE_URL the queue lies in a PostgreSQL, and any number of
        servers and agents work on it.

        Jobs of update and alignment hold secrets: such a service is its institution's own. They come sealed to
        --service-key, and are erased when the job is over.`,
      flags: service.serveFlags,
      examples: ['murmur prover serve', 'murmur prover serve --presets base --api-only'],
      run: async (settings) => (await import('./serve.ts')).serve(settings),
    }),
    agent: action({
      summary: 'prove jobs of a queue in the PostgreSQL of $DATABASE_URL',
      details: `It holds keys in memory and nothing else; it gets jobs of its own keys alone. Killed, it loses no job.
        Every agent has the key that the first server made, HOME/service/key.`,
      flags: service.agentFlags,
      examples: ['murmur prover agent --presets base --circuits aggregate --parallel 2'],
      run: async (settings) => (await import('./serve.ts')).runAgent(settings),
    }),
    bench: action({
      summary: 'what this machine proves in an hour, and the fee from which it pays',
      details: `Of each circuit and preset, proofs in an hour, one at a time, the processors that one keeps busy, and
        the peak of memory; from these the agents that the machine bears. Of sums the fee at which gas, at the node's
        present price, and the machine are paid.`,
      flags: service.benchFlags,
      examples: [
        'murmur prover bench --presets base',
        'murmur prover bench --token-price 0.001 --hourly 0.0001 --json',
      ],
      run: async (settings) => (await import('./bench.ts')).bench(settings),
    }),
    seal: action({
      summary: 'seal a job for a service, to be sent with the same token',
      details: `Prints the job with its content sealed: only the service's agents can read it, neither its server nor what
        stands before that. Jobs of update and alignment are taken sealed alone. The program's own roles seal by
        themselves.`,
      flags: service.sealFlags,
      examples: ['murmur prover seal examples/update_job.json'],
      run: async (settings) => (await import('./seal.ts')).seal(settings),
    }),
    token: action({
      summary: 'make a token for the service; it is shown this once',
      details: `public: jobs of sums. secret: jobs of every circuit. operate: everybody's jobs and the dead letters.
        metrics: the metrics. A running service knows it within a second.`,
      flags: service.tokenFlags,
      examples: [
        'murmur prover token trainer-1 --scopes secret',
        'murmur prover token prometheus --scopes metrics',
      ],
      run: async (settings) => (await import('./serve.ts')).makeToken(settings),
    }),
  },
  examples: ['murmur prover run', 'murmur prover serve'],
};
