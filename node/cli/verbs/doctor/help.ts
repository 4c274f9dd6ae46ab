// `murmur doctor`.
import { action } from '../../command/verb.ts';
import { doctorFlags } from '../../doctor/flags.ts';

export const doctor = action({
  summary: 'what is to be mended here, and how',
  details: `One line a finding, each with its mend: processors, memory, disks, the chain's node, the clock against the
    chain's and peers', accounts, the digests of all key files, and whether the chain's verifiers hold these keys, the
    content store, the other members' addresses, the prover service. With --service: the service's key, tokens,
    keys, database, and whether it answers. It only looks. Exit code 1 where something is to be mended.`,
  flags: doctorFlags,
  examples: ['murmur doctor --task 1', 'murmur doctor --service --json'],
  run: async (settings) => (await import('./run.ts')).diagnose(settings),
});
