// `murmur owner consent|adopt|bond|mandate|queue|withdraw|claim|show`.
import { action, type Group } from '../../command/verb.ts';
import * as flags from './flags.ts';

export const owner: Group = {
  summary: 'stake and earnings out of reach of the key that acts',
  details: `The key of a running role is hot. An owner, whose key lies elsewhere, has the role's stake and earnings: it
    alone bonds, queues, withdraws and claims, the tokens go to it, and only to tasks that it names can the role
    pledge. Both consent: the account signs, the owner sends. An account is its own owner until then.

    With --calldata, or printed and given to it, a hardware wallet or a multisig sends what these commands would.`,
  actions: {
    consent: action({
      summary: 'sign, as the account that acts, that an owner may adopt it',
      details: `One line of JSON; give it to the owner. Nothing is sent. It is good for this owner, once. What the account
        has goes with it: stake, pledges, earnings. Later the owner hands it on in the same way, with --operator.`,
      flags: flags.consentFlags,
      examples: ['murmur owner consent --owner 0x… > consent.json'],
      run: async (settings) => (await import('./consent.ts')).consent(settings),
    }),
    adopt: action({
      summary: 'take an account on by its consent; bond it in the same transaction',
      flags: flags.adoptFlags,
      examples: [
        'murmur owner adopt --consent consent.json --stake 100 --task 1',
        'murmur owner adopt --consent consent.json --stake 100 --calldata',
      ],
      run: async (settings) => (await import('./give.ts')).adopt(settings),
    }),
    bond: action({
      summary: 'bond stake of an account',
      details: 'Bond what the account needs and no more: who takes its key can have free stake burnt.',
      flags: flags.bondFlags,
      examples: ['murmur owner bond --operator 0x… --stake 100'],
      run: async (settings) => (await import('./give.ts')).bond(settings),
    }),
    mandate: action({
      summary: 'let an account pledge stake to a task',
      details: `A trainer or a validator needs it before it joins; a prover does not. The task's terms are reviewed first.`,
      flags: flags.mandateFlags,
      examples: ['murmur owner mandate --operator 0x… --task 1 --stake 100'],
      run: async (settings) => (await import('./give.ts')).mandate(settings),
    }),
    queue: action({
      summary: 'put free stake into the queue to leave',
      flags: flags.queueFlags,
      examples: ['murmur owner queue', 'murmur owner queue --operator 0x… --stake 50'],
      run: async (settings) => (await import('./take.ts')).queue(settings),
    }),
    withdraw: action({
      summary: 'get out what has waited in the queue',
      flags: flags.payFlags,
      examples: ['murmur owner withdraw'],
      run: async (settings) => (await import('./take.ts')).withdraw(settings),
    }),
    claim: action({
      summary: 'get earnings out: rewards, fees, refunds',
      flags: flags.payFlags,
      examples: ['murmur owner claim', 'murmur owner claim --operator 0x… --calldata'],
      run: async (settings) => (await import('./take.ts')).claim(settings),
    }),
    show: action({
      summary: 'what the accounts of an owner have',
      flags: flags.showFlags,
      examples: ['murmur owner show --account 0x…'],
      run: async (settings) => (await import('./show.ts')).show(settings),
    }),
  },
  examples: [
    'murmur owner consent --owner 0x… > consent.json',
    'murmur owner adopt --consent consent.json --stake 100 --task 1',
    'murmur owner claim',
  ],
};
