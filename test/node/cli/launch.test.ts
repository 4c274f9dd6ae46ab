// The command line as a user meets it: unknown words, exit codes, and one line for every fault, whatever goes
// wrong.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MurmurationError } from '@murmuration/core';
import { BaseError } from 'viem';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeError, faultOf } from '../../../node/cli/output/fault.ts';
import { NodeError } from '../../../node/errors.ts';
import { root } from '../../suites/suite.ts';

const run = (script: string, args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(root, script), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
const launch = (...args: string[]) => run('scripts/launch.js', args);
const murmur = (...args: string[]) => run('node/murmur.js', args);

describe('launch', () => {
  it('shows every verb with one line', () => {
    const { status, stdout } = murmur('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('murmur <verb>');
    expect(murmur()).toMatchObject({ status: 2, stdout });
  });

  it.each([
    [['nonsense'], /^murmur: unknown verb "nonsense"\. See `murmur --help`\.\n$/],
    [['__proto__'], /unknown verb "__proto__"\. See/],
    [['trainer'], /`murmur trainer` needs an action: join, run, status, leave\. See .*trainer --help/],
    [['up', '--nonsense'], /^murmur: `murmur up` does not take --nonsense\. See `murmur up --help`\.\n/],
    [['start', 'nonsense'], /`murmur start` does not take the word "nonsense"\. See .*--help/],
    [['keys', 'verify'], /`murmur keys verify` needs FOLDER\. See/],
  ])('murmur %j exits 2 with one clear line', (args, message) => {
    const { status, stderr, stdout } = murmur(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
  });

  it('exits 1 with one line of JSON where that is asked for', () => {
    const { status, stderr, stdout } = murmur('planner', 'list', '--home', '/nonexistent', '--json');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `${JSON.stringify({
        error: {
          code: 'input',
          message: 'no deployment at /nonexistent/deployment.json',
          mend: 'Whoever deployed the contracts has it: name it by --deployment. `murmur deploy` makes a new one.',
        },
      })}\n`,
    );
    const usage = murmur('trainer', 'run', '--task', '0', '--json');
    expect(usage.status).toBe(2);
    expect(JSON.parse(usage.stderr)).toMatchObject({ error: { code: 'usage' } });
  });

  it.each([
    [['nonsense'], /unknown script "nonsense"; known: build/],
    [
      ['bench', 'nonsense'],
      /PART is "nonsense", but it must be: he, prove, learn, round, service, audit, credit, privacy, desk or sizes/,
    ],
    [['test', '--only', 'nonsense'], /no suite is called "nonsense"/],
    [['build', '--presets', 'huge'], /--presets is "huge", but it must be: tiny, quick, base and wide/],
  ])('a script %j exits 2 with one clear line', (args, message) => {
    const { status, stderr } = launch(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each(['build', 'bench', 'test'])('the script %s has help', (script) => {
    const { status, stdout } = launch(script, '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^npm (run )?\w+ -- [\s\S]*\n\nExamples\n/);
  });

  // An old Node links what is imported by name before the first line runs, and names what it does not know.
  it.each(['node/murmur.js', 'node/node_version.js', 'scripts/launch.js'])(
    '%s imports nothing of a newer Node before it has looked at its version',
    (file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const first = [...text.matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name);
      expect(first.filter((name) => !name!.endsWith('/node_version.js'))).toEqual([]);
    },
  );

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

describe('what fails outside of the command', () => {
  /** A program that `run` runs. */
  const program = (command: string, json = false) => [
    '--input-type=module',
    '-e',
    `const { run } = await import(${JSON.stringify(join(root, 'node/cli/output/run.ts'))});
     const { onInterrupt } = await import(${JSON.stringify(join(root, 'node/cli/output/interrupt.ts'))});
     await run({ program: 'murmur', json: ${json} }, async () => { ${command} });`,
  ];
  const forever = 'setInterval(() => {}, 1000); await new Promise(() => {});';

  it.each([
    ['a rejection that nobody handles', "Promise.reject(new Error('lost'));"],
    ['an exception in a timer', "setTimeout(() => { throw new Error('lost'); }, 1);"],
  ])('%s ends it with one line', (_, source) => {
    const { status, stderr } = spawnSync(process.execPath, program(source + forever), { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toBe('murmur: lost. This is a bug; MURMURATION_DEBUG=1 shows where it arose.\n');
  });

  // Its timer does not keep Node alive, and nothing else is there.
  it('does not end before its command, which waits for a signal of AbortSignal.timeout alone', () => {
    const source = `const late = AbortSignal.timeout(200);
      await new Promise((resolve) => late.addEventListener('abort', resolve));
      console.log('waited');
      return 0;`;
    expect(spawnSync(process.execPath, program(source), { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: 'waited\n',
    });
  });

  it('does not go on after a fault, whatever the command left open', () => {
    const source = "setInterval(() => {}, 1000); throw new Error('lost');";
    const { status } = spawnSync(process.execPath, program(source), { timeout: 30_000 });
    expect(status).toBe(1);
  });

  it('shows the stack after the line where that is asked for', () => {
    const { status, stderr } = spawnSync(process.execPath, program("throw new Error('lost');"), {
      encoding: 'utf8',
      env: { ...process.env, MURMURATION_DEBUG: '1' },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^murmur: lost\. [^\n]*\nError: lost\n\s+at /);
  });

  /** Starts a program whose output nobody reads after its first line; resolves to how it ended. */
  async function unread(source: string) {
    const child = spawn(process.execPath, program(source), { stdio: ['ignore', 'pipe', 'pipe'] });
    const errors: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    return { code, stderr: Buffer.concat(errors).toString() };
  }

  it('ends in silence when nobody reads its output any more', async () => {
    const lines = "setInterval(() => console.log('line'), 5);";
    expect(await unread(`${lines} await new Promise(() => {});`)).toEqual({ code: 141, stderr: '' });
  });

  it('lets work that goes on end in order then', async () => {
    const source = `
      const ending = Promise.withResolvers();
      onInterrupt(ending.resolve);
      const timer = setInterval(() => console.log('line'), 5);
      await ending.promise;
      clearInterval(timer);
      console.error('stopped in order');
      return 0;`;
    expect(await unread(source)).toEqual({ code: 141, stderr: 'stopped in order\n' });
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
    [fault('EPERM'), /^raw$/],
    [new NodeError('input', 'say this'), /^say this$/],
    [new NodeError('input', 'say this', { mend: 'Do that.' }), /^say this\. Do that\.$/],
    [new NodeError('input', 'two\n  lines;', { mend: 'Do\nthat.' }), /^two lines\. Do that\.$/],
    ['text', /^text$/],
    [new TypeError('x is no function'), /^TypeError: x is no function\. This is a bug; MURMURATION_DEBUG=1 /],
  ])('%s names the fault and the mend', (error, message) => {
    expect(describeError(error)).toMatch(message);
  });

  it('looks for the reason below what is no error of the family', () => {
    const refused = fault('ECONNREFUSED', { message: 'connect ECONNREFUSED 127.0.0.1:5001' });
    expect(describeError(new TypeError('fetch failed', { cause: refused }))).toBe(
      'connect ECONNREFUSED 127.0.0.1:5001',
    );
    const several = Object.assign(new AggregateError([refused], ''), { code: 'ECONNREFUSED' });
    expect(faultOf(several)).toEqual({
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED 127.0.0.1:5001',
    });
    const inner = new NodeError('store', 'content is missing', { mend: 'Ask again.' });
    expect(describeError(new Error('wrapped', { cause: inner }))).toBe('content is missing. Ask again.');
  });

  it('adds the mend of a cause to an error that has none', () => {
    const full = fault('ENOSPC', { path: 'store' });
    expect(describeError(new NodeError('store', 'store: cannot write', { cause: full }))).toMatch(
      /^store: cannot write\. Free some, or delete build\//,
    );
    const own = new NodeError('store', 'store: cannot write', { cause: full, mend: 'Buy a disk.' });
    expect(describeError(own)).toBe('store: cannot write. Buy a disk.');
  });

  it('gives every fault a code to branch on', () => {
    expect(faultOf(new MurmurationError('key-file', 'torn'))).toEqual({ code: 'key-file', message: 'torn' });
    expect(faultOf(new BaseError('no answer', { details: 'timeout' }))).toMatchObject({ code: 'chain' });
    const { error } = z.object({ a: z.int() }).safeParse({ a: 'x' });
    expect(faultOf(error)).toMatchObject({ code: 'input', message: expect.stringMatching(/^a: /) });
    expect(faultOf(fault('ENOSPC'))).toMatchObject({ code: 'ENOSPC' });
    expect(faultOf(new RangeError('n'))).toMatchObject({ code: 'bug', message: 'RangeError: n' });
  });
});
