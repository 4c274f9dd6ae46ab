// Help: it is there for every verb and action, says every flag and no other, and is answered without loading
// what the work needs.
import { describe, expect, it, vi } from 'vitest';
import { type Flag, flagName } from '../../../node/cli/command/flag.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { isGroup } from '../../../node/cli/command/verb.ts';
import { main } from '../../../node/cli/murmur.ts';
import manifest from '../../../node/package.json' with { type: 'json' };
import { actions, commands } from './commands.ts';
import { runLoaded } from './modules.ts';

/** What a command prints. */
async function print(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  try {
    expect(await main(args)).toBe(0);
  } finally {
    log.mockRestore();
  }
  return printed.join('\n');
}

/** What an argument of a flag could be; the rules' own tests say what they refuse. */
const samples: Readonly<Record<string, string>> = {
  ADDRESS: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  DATA: 'csv:rows.csv',
  DID: 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
  HEX: '00ff'.repeat(16),
  HOW: 'even',
  N: '12',
  NAMES: 'tiny,base',
  PLACE: 'kubo:http://127.0.0.1:5001',
  SECONDS: '60',
  SETTING: 'hidden=16',
  MS: '100',
  TOKENS: '0.5',
  URL: 'http://127.0.0.1:1',
  X: '0.04',
  WHAT: 'sum',
};
const relay = '/ip4/10.0.0.1/tcp/4001/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
const sampleOf = ({ value = '', rule }: Flag): string => {
  const words = rule.must.split(/, | or | and |;/);
  const choices = [samples[value], '3', '/ip4/0.0.0.0/tcp/4001', relay, ...words, 'file'].filter(
    (text) => text !== undefined,
  );
  return choices.find((text) => rule.read(text) !== undefined)!;
};

describe('murmur --help', () => {
  it('fits a screen of 80 by 24, and names every verb', async () => {
    const lines = (await print('--help')).split('\n');
    expect(lines.length).toBeLessThan(25);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const { words } of commands.filter(({ words }) => words.length === 1))
      expect(lines.some((line) => line.startsWith(`  ${words[0]} `))).toBe(true);
    expect(await print('help')).toBe(lines.join('\n'));
    expect(await print('-h')).toBe(lines.join('\n'));
  });

  it('has a version beside it', async () => {
    expect(await print('--version')).toBe(manifest.version);
  });
});

describe('the help of every command', () => {
  it.each(commands.map(({ words, verb }) => [words.join(' '), words, verb] as const))(
    'murmur %s --help is its own',
    async (name, words, verb) => {
      const help = await print(...words, '--help');
      expect(help).toMatch(new RegExp(`^murmur ${name} [^]*\n\nExamples\n  murmur `));
      expect(await print('help', ...words)).toBe(help);
      expect(help).not.toMatch(/npm run|undefined|\[object/);
      const [usage, ...rest] = help.split('\n\nExamples\n')[0]!.split('\n');
      expect(Math.max(...rest.map((line) => line.length)), usage).toBeLessThanOrEqual(80);
      if (isGroup(verb))
        for (const [action, { summary }] of Object.entries(verb.actions))
          expect(help).toMatch(new RegExp(`^  ${action} +${summary.split(' ')[0]}`, 'm'));
    },
  );

  it.each(actions.map(({ words, verb }) => [words.join(' '), verb] as const))(
    'murmur %s shows every flag that it takes, and takes every flag that it shows',
    async (name, { flags }) => {
      const help = await print(...name.split(' '), '--help');
      const described = help.split('\n\nExamples\n')[0]!;
      const shown = [...described.matchAll(/^ {2}--([a-z-]+)( [A-Z]+)? {2}/gm)].map((match) => match[1]!);
      const taken = Object.entries(flags).filter(([, { operand }]) => !operand);
      expect(shown.toSorted()).toEqual([...taken.map(([flag]) => flagName(flag)), 'help'].toSorted());

      const needed = Object.entries(flags).filter(([, { presence }]) => presence === 'needed');
      const words = (entries: typeof needed) =>
        entries.flatMap(([flag, each]) => {
          if (each.operand) return [sampleOf(each)];
          return each.value === undefined ? [`--${flagName(flag)}`] : [`--${flagName(flag)}`, sampleOf(each)];
        });
      const everything = readFlags(`murmur ${name}`, flags, words(Object.entries(flags)));
      expect(Object.keys(everything).toSorted()).toEqual(Object.keys(flags).toSorted());
      expect(() => readFlags(`murmur ${name}`, flags, words(needed))).not.toThrow();
      for (const [flag, each] of needed) {
        const others = words(needed.filter(([other]) => other !== flag));
        const missing = each.operand ? each.value! : `--${flagName(flag)}`;
        expect(() => readFlags(`murmur ${name}`, flags, others)).toThrow(
          `\`murmur ${name}\` needs ${missing}`,
        );
      }
    },
  );

  it.each(actions.map(({ words, verb }) => [words.join(' '), verb] as const))(
    'the examples of murmur %s are command lines that it takes',
    (name, { flags, examples }) => {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples.filter((line) => line.startsWith(`murmur ${name} `))) {
        const rest = example.slice(`murmur ${name} `.length).split(' > ')[0]!;
        const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
        const real = words.map((word) => (word === '0x…' ? samples.ADDRESS! : word));
        expect(() => readFlags(`murmur ${name}`, flags, real), example).not.toThrow();
      }
    },
  );
});

describe('what is loaded', () => {
  /** All that help, and a command line that is wrong, may load. */
  const light = [
    /^core\//,
    /^node\/(murmur\.js|node_version\.js|errors\.ts|package\.json)$/,
    /^node\/cli\/(murmur\.ts|command\/|output\/|verbs\/index\.ts|verbs\/[a-z]+\/((chain_)?help|flags)\.ts|(member|doctor)\/flags\.ts)/,
  ];

  it.each([
    ['murmur --help', 'node/murmur.js', ['--help'], 0],
    ['murmur --version', 'node/murmur.js', ['--version'], 0],
    ['a flag that is wrong', 'node/murmur.js', ['trainer', 'run', '--task', '0'], 2],
    ['the help of every command', 'test/node/cli/every_help.ts', [], 0],
  ])('for %s is the data of the commands, and no package but hashes', (_, script, args, code) => {
    const { status, output, modules, packages } = runLoaded(script, ...args);
    expect(status, output).toBe(code);
    expect(packages.filter((name) => name !== '@noble/hashes')).toEqual([]);
    const own = modules.filter((path) => !path.includes('node_modules/') && !path.startsWith('test/'));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((path) => !light.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  it.each([
    [['account', 'list'], 0],
    [['account', 'show', '--account', samples.ADDRESS!], 1],
    [['planner', 'list'], 1],
    [['trainer', 'status', '--task', '1', '--account', samples.ADDRESS!], 1],
  ])('for %j is no learning engine, prover, encryption or peer', (args, code) => {
    const home = ['--home', '/nonexistent/murmuration'];
    const { status, output, packages } = runLoaded('node/murmur.js', ...args, ...home);
    expect(status, output).toBe(code);
    const heavy = packages.filter((name) => /tensorflow|^libp2p|^@libp2p|node-seal|snarkjs/.test(name));
    expect(heavy).toEqual([]);
  });
});
