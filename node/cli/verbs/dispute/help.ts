// `murmur dispute list|show|sign|file`.
import { flag, needed } from '../../command/flag.ts';
import * as flags from '../../command/flags.ts';
import { digest } from '../../command/rules.ts';
import { action, type Group } from '../../command/verb.ts';

const { task, keys, cache, state, chainFlags, accountFlags } = flags;
const evidence = needed(flag('HEX', 'digest of the evidence, as `list` shows it', digest));

export const dispute: Group = {
  summary: 'who is accused of what, by which evidence, and what came of it',
  details: `Members accuse, judge, sign and file by themselves while they run. These commands show what they do, and do
    it by hand: where a validator's process is down, or somebody wants to see for themselves.`,
  actions: {
    list: action({
      summary: "a task's accusations and disputes",
      flags: { task, ...chainFlags },
      examples: ['murmur dispute list --task 1'],
      run: async (settings) => (await import('./list.ts')).list(settings),
    }),
    show: action({
      summary: 'what evidence says, and what it comes to when it is judged here',
      details: `The evidence is judged from the chain and from content by its digest, as every validator does. It convicts,
        clears, or stays open while something that it rests on cannot be had.`,
      flags: { task, evidence, keys, cache, ...chainFlags },
      examples: [`murmur dispute show --task 1 --evidence ${'00ff'.repeat(16)}`],
      run: async (settings) => (await import('./show.ts')).show(settings),
    }),
    sign: action({
      summary: 'sign an accusation, as a validator, if its evidence convicts',
      details: 'Repeated, it changes nothing.',
      flags: { task, evidence, keys, cache, state, ...accountFlags },
      examples: [`murmur dispute sign --task 1 --evidence ${'00ff'.repeat(16)}`],
      run: async (settings) => (await import('./act.ts')).sign(settings),
    }),
    file: action({
      summary: 'file what a quorum has signed; carry it out after the appeal window',
      details: `Anyone may. The quorum is more than half of the validators' stake. The accused is suspended at once; when
        the appeal window is over, \`file\` again has it slashed and its seat ended.`,
      flags: { task, evidence, state, ...accountFlags },
      examples: [`murmur dispute file --task 1 --evidence ${'00ff'.repeat(16)}`],
      run: async (settings) => (await import('./act.ts')).file(settings),
    }),
  },
  examples: ['murmur dispute list --task 1'],
};
