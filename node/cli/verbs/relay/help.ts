// `murmur relay`.
import { action } from '../../command/verb.ts';
import { relayFlags } from './flags.ts';

export const relay = action({
  summary: 'pass on what members without an inbound port send each other',
  details: `For tasks in which no member has an inbound port: on a machine that all can reach, whose address they
    take as --relay. It serves the members of these tasks and nobody else, until the tasks are over or Ctrl-C,
    and sees noise. It has no account and no stake; its identity is a key in HOME/relay.`,
  flags: relayFlags,
  examples: ['murmur relay --task 1 --announce /dns4/relay.example/tcp/4001'],
  run: async (settings) => (await import('./run.ts')).runRelay(settings),
});
