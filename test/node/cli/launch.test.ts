// The command line as a user meets it: help, unknown words, and one line for every fault.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeError, UserError } from '../../../node/cli/errors.ts';
import { root } from '../../suites/suite.ts';

const launch = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/launch.js'), ...args], { encoding: 'utf8' });
const murmur = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'node/murmur.js'), ...args], { encoding: 'utf8' });

describe('launch', () => {
  it('shows every verb with one line', () => {
    const { status, stdout } = murmur('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('npm run murmur -- <verb>');
  });

  it.each([
    [['nonsense'], /unknown verb "nonsense"; see/],
    [['__proto__'], /unknown verb "__proto__"; see/],
    [['trainer'], /`trainer` needs an action: join, run, status, leave\. See .*trainer --help/],
    [['up', '--nonsense'], /murmuration: Unknown option '--nonsense'\. See --help\.\n/],
    [['start', 'nonsense'], /Unexpected argument 'nonsense'\. See --help\.\n/],
  ])('murmur %j exits 1 with one clear line', (args, message) => {
    const { status, stderr } = murmur(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [['nonsense'], /unknown script "nonsense"; known: build/],
    [['bench', 'nonsense'], /unknown part "nonsense"; parts: he/],
    [['test', '--only', 'nonsense'], /no suite is called "nonsense"/],
  ])('a script %j exits 1 with one clear line', (args, message) => {
    const { status, stderr } = launch(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses an old Node in one line', () => {
    const script = join(root, 'node/murmur.js');
    const source = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); process.argv.push('start'); await import(${JSON.stringify(script)});`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/Node 20\.20\.2 is too old, 24 or later is needed\. .*npm ci/);
  });
});

describe('describeError', () => {
  const fault = (code: string, more: object = {}) => Object.assign(new Error('raw'), { code, ...more });
  it.each([
    [fault('ENOSPC', { path: 'build/x' }), /no space left on the device at build\/x.*delete build\//],
    [fault('EADDRINUSE', { port: 8545 }), /port 8545 is already in use.*--port/],
    [fault('ENOENT', { path: 'build/keys/x.zkey' }), /build\/keys\/x\.zkey is missing.*npm run build/],
    [fault('ENOENT', { path: 'task.json' }), /^task\.json is missing\. Check the path\.$/],
    [fault('EISDIR', { path: 'data' }), /^data is a folder/],
    [
      Object.assign(new Error('a page'), { shortMessage: 'Refused.', details: 'nonce\n too low' }),
      /^Refused\. nonce too low$/,
    ],
    [fault('EACCES', { path: '/root' }), /permission denied at \/root/],
    [new UserError('say this'), /^say this$/],
    ['text', /^text$/],
  ])('%s names the fault and the mend', (error, message) => {
    expect(describeError(error)).toMatch(message);
  });
});
