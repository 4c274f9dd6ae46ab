// The ring between network namespaces, a machine each as far as the network can tell: packets are lost for
// good, links go down without a word. Needs root and `ip netns`; delay and random loss need the kernel's
// netem too. Skipped by name where they are not.
import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { begin, end, type Process, startMember } from './processes.ts';

const count = 3;
const tag = `mur${process.pid}`;
const hub = `${tag}-hub`;
const machine = (i: number) => `${tag}-${i}`;
const address = (i: number) => `10.83.0.${i + 1}`;
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
const tc = (i: number, ...args: string[]) =>
  execFileSync('ip', ['netns', 'exec', machine(i), 'tc', 'qdisc', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString();

const shown = (i: number) => ip('netns', 'exec', machine(i), 'tc', '-s', 'qdisc', 'show', 'dev', 'eth0');

function works(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** Whether this machine lets the test make namespaces, and which ways of losing packets its kernel knows. */
function abilities() {
  const probe = `${tag}-probe`;
  const namespaces = works(() => {
    ip('netns', 'add', probe);
    ip('-n', probe, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', probe, 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb');
  });
  const shaper = (...args: string[]) =>
    namespaces &&
    works(() =>
      execFileSync('ip', ['netns', 'exec', probe, 'tc', 'qdisc', 'replace', 'dev', 'va', 'root', ...args], {
        stdio: 'ignore',
      }),
    );
  const found = {
    namespaces,
    netem: shaper('netem', 'delay', '1ms'),
    tbf: shaper('tbf', 'rate', '10mbit', 'burst', '4kb', 'limit', '8kb'),
  };
  works(() => ip('netns', 'del', probe));
  return found;
}

const can = abilities();
const members: Process[] = [];

describe.skipIf(!can.namespaces)('a ring between network namespaces', () => {
  beforeAll(() => {
    ip('netns', 'add', hub);
    ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', hub, 'link', 'set', 'br0', 'up');
    for (let i = 0; i < count; i++) {
      ip('netns', 'add', machine(i));
      ip('-n', hub, 'link', 'add', `v${i}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', machine(i));
      ip('-n', hub, 'link', 'set', `v${i}`, 'master', 'br0', 'up');
      ip('-n', machine(i), 'address', 'add', `${address(i)}/24`, 'dev', 'eth0');
      ip('-n', machine(i), 'link', 'set', 'eth0', 'up');
      ip('-n', machine(i), 'link', 'set', 'lo', 'up');
    }
  });

  afterEach(() => end(members.splice(0)));

  afterAll(() => {
    for (const name of [hub, ...Array.from({ length: count }, (_, i) => machine(i))])
      works(() => ip('netns', 'del', name));
  });

  async function start(): Promise<Process[]> {
    const started = Array.from({ length: count }, (_, i) =>
      startMember(address(i), ['ip', 'netns', 'exec', machine(i)]),
    );
    members.push(...(await Promise.all(started)));
    return [...members];
  }

  it('gives every machine the sum', async () => {
    const all = await start();
    const digest = begin(all);
    for (const { result } of all) expect(await result).toMatchObject({ digest });
  });

  it('survives a machine whose link goes down in the middle, without a word to anyone', async () => {
    const all = await start();
    const digest = begin(all, { 2: 2 });
    await all[2]!.hop(2);
    ip('-n', hub, 'link', 'set', 'v2', 'down');
    try {
      const rest = [all[0]!, all[1]!];
      for (const { result } of rest) expect(await result).toMatchObject({ digest });
    } finally {
      all[2]!.child.kill('SIGKILL');
      ip('-n', hub, 'link', 'set', 'v2', 'up');
    }
  });

  it.skipIf(!can.tbf)('survives links that drop what exceeds their rate (tc tbf)', async () => {
    for (let i = 0; i < count; i++)
      tc(i, 'replace', 'dev', 'eth0', 'root', 'tbf', 'rate', '1mbit', 'burst', '1600', 'limit', '1600');
    try {
      const all = await start();
      const digest = begin(all);
      for (const { result } of all) expect(await result).toMatchObject({ digest });
      const dropped = Array.from({ length: count }, (_, i) =>
        Number(/dropped (\d+)/.exec(shown(i))?.[1] ?? 0),
      );
      expect(dropped.reduce((sum, each) => sum + each)).toBeGreaterThan(0);
    } finally {
      for (let i = 0; i < count; i++) tc(i, 'del', 'dev', 'eth0', 'root');
    }
  });

  it.skipIf(!can.netem)('survives 40 ms of delay and 3 % of loss (tc netem)', async () => {
    for (let i = 0; i < count; i++)
      tc(i, 'replace', 'dev', 'eth0', 'root', 'netem', 'delay', '40ms', 'loss', '3%');
    try {
      const all = await start();
      const digest = begin(all);
      for (const { result } of all) expect(await result).toMatchObject({ digest });
    } finally {
      for (let i = 0; i < count; i++) tc(i, 'del', 'dev', 'eth0', 'root');
    }
  });
});
