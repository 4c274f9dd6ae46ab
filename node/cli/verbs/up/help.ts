// `murmur up`.
import { resolve } from 'node:path';
import { flag, saying, withDefault } from '../../command/flag.ts';
import { cache, demonstration, demonstrationLists, home, json } from '../../command/flags.ts';
import { whole } from '../../command/rules.ts';
import { action } from '../../command/verb.ts';

export const up = action({
  summary: 'a whole federation, kept in a folder that other commands look at',
  details: `Starts a chain, deploys, posts a scenario's task and runs a planner, trainers, validators
    and a prover, until the task is over or Ctrl-C. Everything is kept in a folder: started again it goes on
    where it was, also after a kill. While it runs, the other commands can look at it with --home FOLDER (and
    --rpc, if the port is not 8545).

    Phases go by the clock also while it is stopped: give --phase more seconds than a pause may take.`,
  flags: {
    ...demonstration,
    minGain: withDefault(
      flag('N', 'smallest gain of an accepted model, in basis points', whole(-10_000, 10_000)),
      -1000,
    ),
    phase: withDefault(flag('SECONDS', 'longest duration of each phase', whole(1, 86_400)), 600),
    port: withDefault(flag('N', 'port of the chain; 0 takes a free one', whole(0, 65_535)), 8545),
    cache,
    home: withDefault(home, () => resolve('build/up'), 'build/up'),
    json: saying(json, 'print what happens as JSON lines'),
  },
  lists: demonstrationLists,
  examples: [
    'murmur up',
    'murmur up --home /tmp/federation --preset tiny --rounds 2',
    'murmur planner show --task 1 --home build/up',
  ],
  run: async (settings) => (await import('./run.ts')).up(settings),
});
