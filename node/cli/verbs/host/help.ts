// `murmur host identity|pack|run|status|receipt`.
import { action, type Group } from '../../command/verb.ts';
import * as flags from './flags.ts';

export const host: Group = {
  summary: 'let a host train with your rows, or be one: the host sees them',
  details: `For an owner without a machine of its own. THE HOST SEES THE ROWS that it trains with; nothing here hides
    them from it. It cannot get at stake and earnings: they are the owner's (\`murmur owner --help\`), and a mandate
    lets it pledge so much to one task until a moment. docs/hosting.md.`,
  actions: {
    identity: action({
      summary: "print this host's account and key, for owners",
      details: `One line of JSON, signed; the fingerprint, on standard error, is to be compared by another way. The key
        follows from the account's and needs no file of its own.`,
      flags: flags.identityFlags,
      examples: ['murmur host identity --json > host.json'],
      run: async (settings) => (await import('./identity.ts')).identity(settings),
    }),
    pack: action({
      summary: 'as the owner: seal a file and a mandate to one host',
      details: `The host's account is yours already (\`murmur owner adopt\`, with its stake and mandate for the task). The
        file is held against the task first. Only that host opens the package; who keeps it learns its size.`,
      flags: flags.packFlags,
      examples: [
        'murmur host pack --host host.json --task 1 --data csv:patients.csv',
        'murmur host pack --host host.json --task 1 --data csv:patients.csv --out north.package',
      ],
      run: async (settings) => (await import('./pack.ts')).packFor(settings),
    }),
    run: action({
      summary: 'as the host: check a package, join, train until the task is over',
      details: `Started again with the same flags it goes on. The package lies sealed below HOME/hosted; the rows are in
        memory alone. When task or mandate are over the copy is erased, and a signed receipt lies beside it.`,
      flags: flags.hostRunFlags,
      examples: [
        'murmur host run --package 0x…',
        'murmur host run --package file:north.package --task 1 --listen none',
      ],
      run: async (settings) => (await import('./run.ts')).runHosted(settings),
    }),
    status: action({
      summary: 'as the host: packages that lie here, and receipts',
      flags: flags.statusFlags,
      examples: ['murmur host status'],
      run: async (settings) => (await import('./status.ts')).status(settings),
    }),
    receipt: action({
      summary: 'as the owner: whether a receipt is signed, and what it says',
      flags: flags.receiptFlags,
      examples: ['murmur host receipt --receipt receipt.json'],
      run: async (settings) => (await import('./receipt.ts')).receipt(settings),
    }),
  },
  examples: [
    'murmur host identity --json > host.json',
    'murmur host pack --host host.json --task 1 --data csv:patients.csv',
    'murmur host run --package 0x…',
  ],
};
