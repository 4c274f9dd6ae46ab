// The settings of the roles' commands: defaults, rules, and one line for each mistake.
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../node/cli/errors.ts';
import { moment, toJson, tokens } from '../../../node/cli/output.ts';
import { readFlags, readSettings } from '../../../node/cli/settings.ts';

const actions = {
  run: ['home', 'task', 'data', 'stake', 'account', 'store', 'rpc', 'keys', 'json'],
} as const;
const read = (...args: string[]) => readSettings('trainer', ['run', ...args], actions).settings;

describe('settings', () => {
  it('have defaults below the home folder', () => {
    const home = resolve('/srv/m');
    expect(read('--home', home)).toMatchObject({
      home,
      rpc: 'http://127.0.0.1:8545',
      deployment: join(home, 'deployment.json'),
      keystore: join(home, 'keystore'),
      store: join(home, 'store'),
      json: false,
    });
    expect(read().home).toMatch(/\.murmuration$/);
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
    [['--store', 'kubo:nowhere'], /--store is "kubo:nowhere", but it must be: a folder, or kubo:/],
    [['--rounds', '3'], /`trainer run` does not take --rounds/],
    [['--password', 'secret'], /Unknown option '--password'/],
    [['--task'], /--task/],
  ])('%j is refused in one line', (args, message) => {
    expect(() => read(...args)).toThrow(UserError);
    expect(() => read(...args)).toThrow(message);
  });

  it('name the actions there are', () => {
    expect(() => readSettings('trainer', ['fly'], actions)).toThrow(
      /unknown action "fly" of trainer; there are run/,
    );
    expect(() => readSettings('trainer', ['__proto__'], actions)).toThrow(UserError);
    expect(() => readFlags('deploy', ['now'], ['home'])).toThrow(/unexpected argument "now"/);
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
