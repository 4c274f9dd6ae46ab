// A federation whose members are on machines of their own (network namespaces behind a router), with homes of their own:
// contents travel between them as everything else does. Two have no inbound port, a link is slow, one is cut off in the
// middle of a round, two are split from the rest, and all heals. Rounds end, nobody is slashed for it, and everyone is
// paid.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Anvil, createAnvil, deploymentSchema } from '@murmuration/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeystore } from '../../node/keystore/index.ts';
import { fund } from '../../node/local/index.ts';
import { long } from '../long.ts';
import { createMachines, type Machines, missing } from '../machines.ts';
import { type Command, createCommands } from './processes.ts';

const lack = missing();
const password = 'only for tests';
const token = 10n ** 18n;
const given = 1_000_000n * token;
const rounds = 3;

const members = {
  t1: ['trainer', '--data', 'mnist:1/3', '--listen', '/ip4/0.0.0.0/tcp/4001'],
  t2: ['trainer', '--data', 'mnist:2/3', '--listen', 'none'],
  t3: ['trainer', '--data', 'mnist:3/3', '--listen', 'none'],
  v1: ['validator', '--data', 'mnist:1/2'],
  v2: ['validator', '--data', 'mnist:2/2'],
  prover: ['prover', '--stake', '5'],
} as const;
type Name = keyof typeof members;
const names = Object.keys(members) as Name[];
const hidden: readonly Name[] = ['t2', 't3'];

/** Passes connections on to the chain, which listens on this machine's loopback alone. */
async function doorTo(url: string, host: string) {
  const { port } = new URL(url);
  const server = createServer((outside) => {
    const inside = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [outside, inside],
      [inside, outside],
    ] as const)
      from.on('error', () => to.destroy()).pipe(to);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as { port: number }).port, close: () => void server.close() };
}

/** How often a line is in what a command printed. */
const count = (command: Command, line: RegExp) =>
  command
    .output()
    .split('\n')
    .filter((each) => line.test(each)).length;

const ring = /added the sum of the updates around a ring of 3$/;
const away = /does not answer/;
const named = /--relay (\S+)/;

/** In the long form an outage lasts until everybody has noticed: two minutes. */
const outage = (...of: readonly Command[]) =>
  long ? Promise.all(of.map((each) => each.prints(away))) : sleep(outageTime);
/** Milliseconds: several tries of a connection. */
const outageTime = 4000;

/** Waits until a command has printed a line so often. */
const has = (command: Command, line: RegExp, times: number) =>
  expect.poll(() => count(command, line), { timeout: 300_000 }).toBe(times);

const name = `members on machines of their own${lack ? `, which cannot be made here (${lack})` : ''}`;
describe.skipIf(lack)(name, () => {
  const home = mkdtempSync(join(tmpdir(), 'murmuration-machines-'));
  const anvil: Anvil = createAnvil();
  const here = createCommands({ MURMURATION_PASSWORD: password });
  const running: Record<string, Command> = {};
  const stops: (() => unknown)[] = [];
  let machines: Machines;

  beforeAll(async () => {
    machines = createMachines();
    await anvil.start();
  });
  afterAll(async () => {
    for (const stop of [here.stop, ...stops]) await stop();
    await anvil.stop();
    machines?.remove();
    rmSync(home, { recursive: true, force: true });
  });

  it('take part from behind firewalls, and come through a broken network unharmed', async () => {
    const { json } = here;
    const local = ['--home', home, '--rpc', anvil.url];
    await json('deploy', ...local, '--presets', 'tiny');
    const deployment = deploymentSchema.parse(
      JSON.parse(readFileSync(join(home, 'deployment.json'), 'utf8')),
    );
    const door = await doorTo(anvil.url, machines.world);
    stops.push(door.close);
    const keystore = openKeystore(join(home, 'keystore'), 10);
    const accounts = new Map<string, string>();
    for (const each of ['planner', ...names]) {
      const account = await keystore.createAccount(password);
      await fund({ url: anvil.url, deployment }, { to: account, ether: 10n ** 19n, tokens: given });
      accounts.set(each, account);
    }
    const deployed = ['--deployment', join(home, 'deployment.json')];
    /** An account at home, where its contents are: what it knows of others', it has from them. */
    const at = (who: string, url: string) => [
      ...['--home', join(home, who), '--rpc', url, ...deployed, '--store', 'members'],
      ...['--keystore', join(home, 'keystore'), '--account', accounts.get(who)!],
    ];
    const as = (who: string) => at(who, anvil.url);
    const policy = join(home, 'policy.json');
    writeFileSync(policy, JSON.stringify({ rules: { minGain: -10_000 }, deadlines: { appeal: 1 } }));
    const plan = [
      '--preset',
      'tiny',
      '--rounds',
      `${rounds}`,
      '--trainers',
      '3',
      '--validators',
      '2',
      '--policy',
      policy,
    ];
    const { task } = await json<{ task: string }>('planner', 'create', ...as('planner'), ...plan);
    const url = `http://${machines.world}:${door.port}`;
    function begin(who: string, hidden: boolean, ...command: string[]): Command {
      const { within } = machines.add(who, { hidden });
      const commands = createCommands({ MURMURATION_PASSWORD: password }, within);
      stops.unshift(commands.stop);
      return commands.murmur(...command, '--task', task);
    }
    // What the task begins with, everybody gets from its planner; of each other they hear through it.
    const open = ['--listen', '/ip4/0.0.0.0/tcp/4001'];
    const served = begin('planner', false, 'planner', 'serve', ...at('planner', url), ...open);
    const relay = begin('relay', false, 'relay', '--home', join(home, 'relay'), '--rpc', url, ...deployed);
    await Promise.all([relay.prints(named), served.prints(/serves .*, task/)]);
    const [, relayAt = ''] = named.exec(relay.output())!;
    const [, contact = ''] = /--peer (\S+)/.exec(served.output())!;

    const seats = names.filter((each) => members[each][0] !== 'prover');
    const joining = ['--peer', contact, '--task', task];
    await Promise.all(seats.map((each) => json(members[each][0], 'join', ...as(each), ...joining)));
    await json('planner', 'start', ...as('planner'), '--task', task);
    for (const each of names) {
      const [role, ...flags] = members[each];
      const isHidden = hidden.includes(each);
      const own = [...at(each, url), '--peer', contact, ...flags, ...(isHidden ? ['--relay', relayAt] : [])];
      running[each] = begin(each, isHidden, role, 'run', ...own);
    }
    const { t1, t2, t3, v2 } = running as Record<Name, Command>;

    // Who has no inbound port is in the first round's ring, each behind a firewall of its own. From here on the planner
    // is gone: contents are where members made and fetched them.
    await Promise.all([t1, t2, t3].map((each) => each.prints(ring)));
    await served.kill();

    // From the second round on: a slow link that loses packets, and one that is cut off before its update is on chain.
    machines.slow('v1', 256, 3);
    await has(t2, /proves its update/, 2);
    machines.cut('t2');
    await outage(t2);
    expect(machines.heal()).toBeGreaterThan(0);
    // Two, one of each role, on a side of their own, without chain, content or the others, as a vote is due.
    await has(v2, /judges the new model/, 2);
    machines.split('t3', 'v2');
    await outage(t3, v2);
    expect(machines.heal()).toBeGreaterThan(0);

    const codes = await Promise.all(names.map((each) => running[each]!.ended));
    expect(await relay.ended, relay.output()).toBe(0);
    const logs = names.map((each) => `---- ${each}\n${running[each]!.output()}`).join('\n');
    expect(codes, logs).toEqual(names.map(() => 0));
    expect(await json('planner', 'show', ...local, '--task', task)).toMatchObject({ status: 'ended' });
    const isPaid = async (each: Name) => {
      const status = await json<{ earned: string }>(members[each][0], 'status', ...as(each), '--task', task);
      expect(status, each).toMatchObject({ standing: 'good', round: rounds, slashed: '0' });
      expect(BigInt(status.earned), each).toBeGreaterThan(0n);
    };
    await Promise.all(seats.map(isPaid));
    const { tokens } = await json<{ tokens: string }>('account', 'show', ...as('prover'));
    expect(BigInt(tokens)).toBeGreaterThan(given - 5n * token);
    // Of an outage that is noticed each says one line, and one when it is over.
    for (const each of Object.values(running)) {
      expect(count(each, away), each.output()).toBeLessThan(2);
      expect(count(each, /has its chain again/), each.output()).toBe(count(each, away));
      // Of a member that is not reached, too; whom it has no more business with, as with the planner, it does not
      // ask again.
      for (const account of accounts.values()) {
        const lost = count(each, new RegExp(`does not reach ${account}`));
        const found = count(each, new RegExp(`reaches ${account} again`));
        expect([0, 1], `${account}: ${each.output()}`).toContain(lost - found);
      }
    }
    // Who is hidden was reached through a member, and through a host that is none, once that knew it from the chain.
    for (const each of [t2, t3]) {
      const through = each.output().matchAll(/is reached through the relay (\S+)/g);
      const relays = new Set(Array.from(through, ([, relay]) => relay));
      expect(relays, each.output()).toContain(relayAt.split('/p2p/')[1]);
      expect(relays.size, each.output()).toBeGreaterThan(1);
    }
    if (long) for (const each of [t2, t3, v2]) expect(count(each, away), each.output()).toBe(1);
    // Rings again, after all was whole.
    for (const each of [t1, t2, t3]) expect(count(each, ring), each.output()).toBeGreaterThan(1);
  });
});
