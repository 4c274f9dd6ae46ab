// anvil, the embedded chain, as a service: a free port unless one is asked for, and no process left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute } from 'node:path';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';
import { ContractsError } from '../errors.ts';
import { foundryBinary } from './foundry.ts';

export interface AnvilOptions {
  /** 1 to 65535; any free one by default. */
  port?: number;
  /** 31337 by default. Development keys are taken on 31337 and 1337 only. */
  chainId?: number;
  /** Accounts with money, 1 to 1000; 10 by default. */
  accounts?: number;
  /** Seconds between blocks; by default each transaction makes one. */
  blockTime?: number;
  /** Absolute path of a file that keeps the chain from one start to the next. */
  state?: string;
}

export interface Anvil {
  /** Resolves when the chain answers. @throws Error with code EADDRINUSE and the port, if that is taken. */
  start(): Promise<void>;
  /** Resolves when the process is gone. May be called at any time, and before a new `start`. */
  stop(): Promise<void>;
  /** @throws Error when not started. */
  readonly url: string;
  readonly chainId: number;
  /** A funded account, by its place; the keys are public, for this chain only. */
  account(index: number): HDAccount;
}

const host = '127.0.0.1';
/** The mnemonic of every development chain: its accounts are everyone's. */
const mnemonic = 'test test test test test test test test test test test junk';
const startLimitMs = 30_000;
const stopLimitMs = 10_000;
/**
 * The shell watches its input, which only this process holds open: when that ends, however this process died,
 * anvil is ended too.
 */
const watch = `"$0" "$@" 0</dev/null & child=$!
exec 3<&0
{ while read -r _ <&3; do :; done; kill "$child" 2>/dev/null; } >/dev/null 2>&1 &
wait "$child"`;

/** A chain that is not started yet. @throws RangeError on an option out of its range. */
export function createAnvil(options: AnvilOptions = {}): Anvil {
  const { port = 0, chainId = 31337, accounts = 10, blockTime, state } = options;
  within('port', port, [0, 65535]);
  within('chainId', chainId, [1, 2 ** 48]);
  within('accounts', accounts, [1, 1000]);
  if (blockTime !== undefined) within('blockTime', blockTime, [1, 3600]);
  if (state !== undefined && !isAbsolute(state)) {
    throw new RangeError(`anvil: state is ${JSON.stringify(state)}, but it is an absolute path`);
  }
  const args = ['--host', host, '--port', port, '--chain-id', chainId, '--accounts', accounts];
  args.push('--mnemonic', mnemonic);
  if (blockTime !== undefined) args.push('--block-time', blockTime);
  if (state !== undefined) args.push('--state', state);

  let running: { child: ChildProcess; url: string } | undefined;

  async function start(): Promise<void> {
    if (running) throw new Error(`anvil: already started at ${running.url}; call stop() first`);
    const child = spawn('sh', ['-c', watch, foundryBinary('anvil'), ...args.map(String)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own group: an interrupt at the terminal reaches this process, which stops it in order.
      detached: true,
    });
    try {
      running = { child, url: await listening(child, port) };
    } catch (error) {
      await end(child);
      throw error;
    }
  }

  async function stop(): Promise<void> {
    const child = running?.child;
    running = undefined;
    if (child) await end(child);
  }

  return {
    start,
    stop,
    get url() {
      if (!running) throw new Error('anvil: not started, so it has no URL; call start() first');
      return running.url;
    },
    chainId,
    account(index) {
      within('account', index, [0, accounts - 1]);
      return mnemonicToAccount(mnemonic, { addressIndex: index });
    },
  };
}

/** The URL, once anvil has said that it listens; its output is read on, so that it never waits for us. */
async function listening(child: ChildProcess, port: number): Promise<string> {
  let output = '';
  let errors = '';
  child.stderr!.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-4000);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ContractsError('program', `anvil: not listening after ${startLimitMs / 1000} s`)),
      startLimitMs,
    );
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    child.once('error', fail);
    child.once('exit', (code) => {
      if (!/address already in use/i.test(errors)) {
        const reason = errors.trim() || 'no message';
        return fail(
          new ContractsError('program', `anvil: exited with ${code} before it listened: ${reason}`),
        );
      }
      const error = new Error(
        `anvil: port ${port} is already in use; stop what listens there, or choose another`,
      );
      fail(Object.assign(error, { code: 'EADDRINUSE', port }));
    });
    child.stdout!.on('data', function read(chunk) {
      output += chunk;
      const found = /Listening on [^\s]*:(\d+)/.exec(output);
      if (!found) return;
      clearTimeout(timer);
      child.stdout!.off('data', read).resume();
      resolve(`http://${host}:${found[1]}`);
    });
  });
}

/** Ends the process and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return void child.stdin?.destroy();
  const gone = once(child, 'exit');
  child.stdin!.end();
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), stopLimitMs);
  await gone;
  clearTimeout(timer);
}

function within(name: string, value: number, [low, high]: readonly [number, number]): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`anvil: ${name} is ${value}, but it is an integer from ${low} to ${high}`);
  }
}
