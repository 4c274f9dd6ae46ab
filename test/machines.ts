// Machines on one machine: network namespaces, each with an address of its own, and a router between them that may sit
// in front of some as a firewall that lets nothing in, and that drops, splits and slows down on demand. What it drops
// it drops without a word, as broken networks do.
import { execFileSync } from 'node:child_process';

function run(command: string, args: readonly string[], input = ''): string {
  return execFileSync(command, args, { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
}

const ip = (...args: string[]) => run('ip', args);

function failureOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/** What this machine lacks for machines of its own: root, `ip` (iproute2) with namespaces and veth, `nft`, `tc tbf`. */
export function missing(): string | undefined {
  const probe = `mur${process.pid}-can`;
  const failure = failureOf(() => {
    ip('netns', 'add', probe);
    ip('-n', probe, 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb');
    const within = (...args: string[]) => ip('netns', 'exec', probe, ...args);
    within(
      'tc',
      'qdisc',
      'add',
      'dev',
      'va',
      'root',
      'tbf',
      'rate',
      '1mbit',
      'burst',
      '4kb',
      'limit',
      '64kb',
    );
    run(
      'ip',
      ['netns', 'exec', probe, 'nft', '-f', '-'],
      rules([{ link: 'va', subnet: '198.18.1.0/24' }], ['iifname { "va" } numgen random mod 100 < 2 drop']),
    );
  });
  failureOf(() => ip('netns', 'del', probe));
  return failure;
}

/** The router's rules: who is hidden behind it, and what it drops now. */
function rules(hidden: readonly { link: string; subnet: string }[], drops: readonly string[]): string {
  const masked = hidden.map(({ subnet }) => `ip saddr ${subnet} masquerade`);
  const closed = hidden.map(({ link }) => `oifname "${link}" ct state new drop`);
  return `
    flush ruleset
    table ip hide {
      chain hide {
        type nat hook postrouting priority 100
        ${masked.join('\n')}
      }
    }
    table ip guard {
      chain guard {
        type filter hook forward priority 0
        ${[...closed, ...drops].join('\n')}
      }
    }
  `;
}

interface Machine {
  readonly link: string;
  readonly namespace: string;
  readonly subnet: string;
  readonly address: string;
  readonly hidden: boolean;
}

/** Subnets of one router. */
const blockSize = 16;

/**
 * The first of sixteen subnets that no other test on this machine uses, of the networks that are for measuring (RFC
 * 2544); they are routed to `link` from now on.
 */
function freeBlock(link: string): number {
  for (let block = 0; block < 256; block += blockSize)
    if (!failureOf(() => ip('route', 'add', `198.18.${block}.0/20`, 'dev', link))) {
      const via = `198.18.${block}.1`;
      ip('route', 'add', `${via}/32`, 'dev', link);
      ip('route', 'replace', `198.18.${block}.0/20`, 'via', via, 'dev', link);
      return block;
    }
  throw new Error('machines: all sixteen blocks of 198.18.0.0/16 are in use');
}

/** Takes away what tests that were killed have left. */
function sweep() {
  for (const [name, pid] of ip('netns', 'list').matchAll(/^mur(\d+)-\S+/gm))
    if (failureOf(() => process.kill(Number(pid), 0))) failureOf(() => ip('netns', 'del', name));
}

/** Machines and the router between them, until `remove`. */
export function createMachines() {
  const tag = `mur${process.pid}`;
  const router = `${tag}-r`;
  const machines = new Map<string, Machine>();
  sweep();
  ip('netns', 'add', router);
  ip('netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  // This machine itself is the world outside: chain and test are here.
  ip('link', 'add', `${tag}w`, 'type', 'veth', 'peer', 'name', 'world', 'netns', router);
  ip('link', 'set', `${tag}w`, 'up');
  ip('-n', router, 'link', 'set', 'world', 'up');
  const block = freeBlock(`${tag}w`);
  const net = (n: number) => `198.18.${block + n}`;
  ip('-n', router, 'address', 'add', `${net(0)}.1/24`, 'dev', 'world');
  ip('address', 'add', `${net(0)}.2/24`, 'dev', `${tag}w`);

  let drops: string[] = [];
  const apply = () => {
    const hidden = [...machines.values()].filter((machine) => machine.hidden);
    run('ip', ['netns', 'exec', router, 'nft', '-f', '-'], rules(hidden, drops));
  };
  const linksOf = (names: readonly string[]) =>
    `{ ${names.map((name) => `"${machines.get(name)!.link}"`).join()} }`;

  return {
    /** Where the world is, which no rule but `cut` and `split` keeps machines from. */
    world: `${net(0)}.2`,
    /** @param hidden lets connections out, under the router's own address, and none in. */
    add(
      name: string,
      { hidden = false } = {},
    ): { readonly address: string; readonly within: readonly string[] } {
      const number = machines.size + 1;
      const subnet = `${net(number)}.0/24`;
      const machine = {
        link: `h${number}`,
        namespace: `${tag}-${number}`,
        subnet,
        address: `${net(number)}.2`,
        hidden,
      };
      const { link, namespace, address } = machine;
      machines.set(name, machine);
      ip('netns', 'add', namespace);
      ip('-n', router, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      ip('-n', router, 'address', 'add', `${net(number)}.1/24`, 'dev', link);
      ip('-n', router, 'link', 'set', link, 'up');
      ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
      ip('-n', namespace, 'link', 'set', 'eth0', 'up');
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'route', 'add', 'default', 'via', `${net(number)}.1`);
      apply();
      return { address, within: ['ip', 'netns', 'exec', namespace] };
    },
    /** Cuts a machine off from all others and the world. */
    cut(name: string) {
      const links = linksOf([name]);
      drops.push(`iifname ${links} counter drop`, `oifname ${links} counter drop`);
      apply();
    },
    /** Splits some machines from all others and the world; among themselves they talk on. */
    split(...names: string[]) {
      const links = linksOf(names);
      drops.push(
        `iifname ${links} oifname != ${links} counter drop`,
        `iifname != ${links} oifname ${links} counter drop`,
      );
      apply();
    },
    /** Lets a machine send and receive so many bits a second, and loses some percent of its packets on the way. */
    slow(name: string, kilobits: number, percentLost: number) {
      drops.push(`iifname ${linksOf([name])} numgen random mod 100 < ${percentLost} drop`);
      apply();
      const { namespace, link } = machines.get(name)!;
      const shape = ['root', 'tbf', 'rate', `${kilobits}kbit`, 'burst', '4kb', 'limit', '64kb'];
      ip('netns', 'exec', namespace, 'tc', 'qdisc', 'replace', 'dev', 'eth0', ...shape);
      ip('netns', 'exec', router, 'tc', 'qdisc', 'replace', 'dev', link, ...shape);
    },
    /**
     * Everything is whole again, at full speed.
     *
     * @returns how many packets were dropped until now.
     */
    heal(): number {
      const listed = run('ip', ['netns', 'exec', router, 'nft', 'list', 'table', 'ip', 'guard']);
      const dropped = [...listed.matchAll(/counter packets (\d+)/g)].reduce(
        (sum, [, packets]) => sum + Number(packets),
        0,
      );
      drops = [];
      apply();
      for (const { namespace, link } of machines.values()) {
        failureOf(() => ip('netns', 'exec', namespace, 'tc', 'qdisc', 'del', 'dev', 'eth0', 'root'));
        failureOf(() => ip('netns', 'exec', router, 'tc', 'qdisc', 'del', 'dev', link, 'root'));
      }
      return dropped;
    },
    remove() {
      for (const { namespace } of machines.values()) failureOf(() => ip('netns', 'del', namespace));
      failureOf(() => ip('link', 'del', `${tag}w`));
      failureOf(() => ip('netns', 'del', router));
    },
  };
}

export type Machines = ReturnType<typeof createMachines>;
