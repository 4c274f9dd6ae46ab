// The settings of the commands: defaults, rules, and one line for each mistake.
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { getAddress, isAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import * as shared from '../../../node/cli/command/flags.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { address } from '../../../node/cli/command/rules.ts';
import { action } from '../../../node/cli/command/verb.ts';
import { main } from '../../../node/cli/murmur.ts';
import { moment, toJson, tokens } from '../../../node/cli/output/format.ts';
import { NodeError } from '../../../node/errors.ts';
import { faultOf } from './fault.ts';

const { task: neededTask, trainingData, stake, keys, listen, account, store, rpc, home, json } = shared;
const task = { ...neededTask, presence: 'optional' } as const;
const data = { ...trainingData, presence: 'optional' } as const;
const flags = { task, data, listen, stake, account, keys, store, rpc, home, json } as const;
const read = (...args: string[]) => readFlags('murmur trainer run', flags, args);

describe('settings', () => {
  it('have defaults below the home folder', () => {
    const at = resolve('/srv/m');
    expect(readFlags('murmur test', shared.accountFlags, ['--home', at])).toEqual({
      home: at,
      rpc: 'http://127.0.0.1:8545',
      deployment: join(at, 'deployment.json'),
      keystore: join(at, 'keystore'),
      disk: 20,
      json: false,
    });
    expect(read().home).toMatch(/\.murmuration$/);
    expect(read()).not.toHaveProperty('task');
  });

  it('are parsed', () => {
    expect(read('--task', '12').task).toBe(12n);
    expect(read('--stake', '0.5').stake).toBe(5n * 10n ** 17n);
    expect(read('--data', 'mnist:2/5:mirrored').data).toEqual({
      kind: 'mnist',
      part: 2,
      of: 5,
      mirrored: true,
    });
    expect(read('--data', 'csv:a.csv').data).toEqual({ kind: 'csv', file: resolve('a.csv') });
    expect(read('--store', 'kubo:http://127.0.0.1:5001').store).toBe('kubo:http://127.0.0.1:5001');
    expect(read('--keys', 'a', '--keys', 'b').keys).toEqual([resolve('a'), resolve('b')]);
    expect(read('--json', '--task=3')).toMatchObject({ json: true, task: 3n });
    expect(read('--task', '3', '--task', '4').task).toBe(4n);
  });

  it.each([
    [['--task', '0'], /--task is "0", but it must be: the number of a task/],
    [['--task', '-1'], /--task/],
    [['--data', 'mnist:6/5'], /--data is "mnist:6\/5", but it must be: mnist:PART\/OF/],
    [['--data', 'mnist:0/5'], /--data/],
    [['--data', 'csv:'], /--data/],
    [['--stake', '1e3'], /--stake is "1e3", but it must be: an amount of tokens/],
    [['--stake', '-5'], /--stake/],
    [['--account', '0x12'], /--account is "0x12", but it must be: an address/],
    [['--rpc', 'file:///etc/passwd'], /--rpc/],
    [['--store', 'kubo:nowhere'], /--store is "kubo:nowhere", but it must be: members, a folder, or kubo:/],
    [['--rounds', '3'], /`murmur trainer run` does not take --rounds/],
    [['--password', 'secret'], /`murmur trainer run` does not take --password/],
    [['-x'], /`murmur trainer run` does not take -x/],
    [['now'], /`murmur trainer run` does not take the word "now"/],
    [['--task'], /--task needs a value: the number of a task/],
    [['--task', '--json'], /--task needs a value/],
    [
      ['--listen', '127.0.0.1:4001'],
      /--listen is "127\.0\.0\.1:4001", but it must be: none, or a multiaddr of this machine, such as/,
    ],
    [['--json=yes'], /--json takes no value/],
    [Array.from({ length: 9 }, () => '--keys=a'), /--keys is given 9 times, but it can be given 8 times/],
    [['--__proto__', '3'], /does not take --__proto__/],
  ])('%j is refused in one line', (args, message) => {
    expect(() => read(...args)).toThrow(NodeError);
    expect(() => read(...args)).toThrow(message);
  });

  it('are what the work asks for: the compiler refuses flags that do not give it', () => {
    const work = async (_: { readonly task: bigint }) => {};
    const parts = { summary: 'x', examples: [], run: work };
    expect(action({ ...parts, flags: { task: neededTask } }).flags).toEqual({ task: neededTask });
    // @ts-expect-error The flag is not there.
    action({ ...parts, flags: { json } });
    // @ts-expect-error The flag may be left out.
    action({ ...parts, flags: { task } });
    // @ts-expect-error The flag becomes something else.
    action({ ...parts, flags: { task: { ...neededTask, rule: stake.rule, many: true } as const } });
  });

  it('take a negative number, but no flag, for a value', async () => {
    const { up } = await import('../../../node/cli/verbs/up/help.ts');
    expect(readFlags('murmur up', up.flags, ['--min-gain', '-500'])).toMatchObject({ minGain: -500 });
  });

  it('name the actions there are', async () => {
    expect(await faultOf(main(['trainer', 'fly']))).toBe(
      'unknown action "fly" of `murmur trainer`; there are join, run, status, leave. See `murmur trainer --help`.',
    );
    await expect(main(['trainer', '__proto__'])).rejects.toThrow(NodeError);
    await expect(main(['constructor'])).rejects.toThrow(NodeError);
    expect(await faultOf(main(['deploy', 'now']))).toMatch(/does not take the word "now"/);
  });
});

describe('an address', () => {
  it("is taken as viem takes it, and comes out with viem's checksum", () => {
    const digits = fc.array(fc.constantFrom(...'0123456789abcdefABCDEF'), { minLength: 40, maxLength: 40 });
    const cased = digits.map((each) => `0x${each.join('')}`);
    const right = cased.map((text) => getAddress(text.toLowerCase()));
    const lower = cased.map((text) => text.toLowerCase());
    fc.assert(
      fc.property(fc.oneof(cased, right, lower, fc.string()), (text) => {
        expect(address.read(text)).toBe(isAddress(text) ? getAddress(text) : undefined);
      }),
    );
  });
});

describe('output', () => {
  it('is exact in tokens, and JSON for machines', () => {
    expect(tokens(10n ** 20n)).toBe('100');
    expect(tokens(123_456n * 10n ** 14n)).toBe('12.3456');
    expect(tokens(5n * 10n ** 17n)).toBe('0.5');
    expect(moment(1_700_000_000n)).toBe('2023-11-14T22:13:20Z');
    expect(toJson({ amount: 2n ** 70n })).toBe('{"amount":"1180591620717411303424"}');
  });
});
