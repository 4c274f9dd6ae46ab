// The faults as scenes of a federation: what stands between its members and their machine, and what takes place beside
// it.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type Anvil, createAnvil } from '@murmuration/contracts';
import { type Hex, hexToBytes } from 'viem';
import type { Phase } from '../../node/chain/index.ts';
import type { FederationMember, LocalFederation } from '../../node/local/index.ts';
import { digestOf } from '../../node/protocol/index.ts';
import type { Disguise } from '../../node/roles/index.ts';
import { type Manner, openProvider, type Provider } from '../../test/node/chain/provider.ts';
import { type Staged, type Staging, stage } from './federation.ts';
import { atEachPhase } from './phases.ts';
import type { FaultName, PointRun } from './plan.ts';

/** Those who meet the faults that one member meets: one of each role. */
export const victims = ['trainer 1', 'validator 1', 'prover'] as const;

/** What every scene is played in. */
export interface Base extends Pick<Staging, 'options' | 'cacheFolder'> {
  /** Milliseconds that something is away, in each phase. */
  readonly away: number;
}

type Scene = (base: Base) => Promise<Staged>;

const each = <Plan>(plan: Plan): Record<string, Plan> =>
  Object.fromEntries(victims.map((name) => [name, plan]));

/** By the fault's name. */
export const scenes: Readonly<Record<FaultName, Scene>> = {
  none: (base) => stage({ ...base, plans: each({ how: 'nowhere' }) }),
  'every-write': (base) => stage({ ...base, plans: each({ how: 'everywhere' }) }),
  'full-at-every-write': (base) => stage({ ...base, plans: each({ how: 'full' }) }),
  'full-disk': fullDisk,
  'clock-ahead': (base) => clockOff(base, 10 * 60_000),
  'clock-behind': (base) => clockOff(base, -10 * 60_000),
  'provider-pauses': (base) =>
    withProvider(base, {
      reach: ({ url }) => url,
      async at({ provider, gone }) {
        provider.manner = gone;
        await sleep(base.away);
        provider.manner = () => undefined;
      },
    }),
  'provider-falls-over': (base) =>
    withProvider(base, {
      reach: ({ url, chain }) => `${url},${chain}`,
      async at({ phase, provider, gone }) {
        const isGone = ['support', 'inspect', 'commit', 'settle'].includes(phase);
        provider.manner = isGone ? gone : () => undefined;
      },
    }),
  'chain-restarts': (base) => otherChain(base, { dumped: 'aggregate', loaded: 'aggregate' }),
  'chain-goes-back': (base) => otherChain(base, { dumped: 'submit', loaded: 'commit' }),
  'two-homes': (base) =>
    stage({ ...base, prepare: (federation, folder) => double(federation, join(folder, 'twin')) }),
  'copied-home': copiedHome,
};

/** A federation in which one member of each role dies once. */
export const dieOnce = (base: Base, { point, fate }: PointRun): Promise<Staged> =>
  stage({ ...base, plans: each({ how: 'at', point, fate }) });

/** The disk that everybody works on is full for a while, in each phase. It takes the right to mount one. */
async function fullDisk(base: Base): Promise<Staged> {
  let disk = '';
  return stage({
    ...base,
    disk: '96m',
    prepare(_, folder) {
      disk = folder;
    },
    beside: (federation) =>
      atEachPhase(federation, federation.place.url, async () => {
        const ballast = join(disk, 'ballast');
        fill(disk, ballast);
        await sleep(base.away);
        rmSync(ballast);
      }),
  });
}

/** Fills a disk to its last byte. */
function fill(disk: string, ballast: string): void {
  for (;;) {
    const { bavail, bsize } = statfsSync(disk);
    if (bavail === 0) return;
    try {
      writeFileSync(ballast, new Uint8Array(bavail * bsize), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

/** Whether this process may mount a disk of its own. */
export function mayMount(): boolean {
  const folder = '/tmp/murmuration-may-mount';
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * All members' clocks are off by so many milliseconds; the chain's is right. What one of them shows comes a while after
 * its name, so that the others have something to wait for or to give up.
 */
async function clockOff(base: Base, off: number): Promise<Staged> {
  const { now } = Date;
  Date.now = () => now() + off;
  try {
    return await stage({ ...base, disguise: (name) => (name === 'validator 2' ? late(base.away) : {}) });
  } finally {
    Date.now = now;
  }
}

/** Names what it shows at once, and shows it later. */
const late = (after: number): Disguise => ({
  services(own) {
    const put = async (bytes: Uint8Array) => {
      setTimeout(() => void own.store.put(bytes).catch(() => undefined), after);
      return digestOf(bytes);
    };
    return { ...own, store: Object.create(own.store, { put: { value: put } }) };
  },
});

interface Between {
  reach(provider: Provider): string;
  /** What becomes of the provider when a phase begins; `gone` is the manner of one that answers nothing. */
  at(moment: { readonly phase: Phase; readonly provider: Provider; readonly gone: Manner }): Promise<void>;
}

/** A provider stands between the members and the chain. */
async function withProvider(base: Base, { reach, at }: Between): Promise<Staged> {
  let provider: Provider | undefined;
  let refused = 0;
  const gone: Manner = () => {
    refused += 1;
    return { status: 503 };
  };
  try {
    const staged = await stage({
      ...base,
      async reach(url) {
        provider = await openProvider(url);
        return reach(provider);
      },
      beside: (federation) =>
        atEachPhase(
          federation,
          () => provider!.chain,
          ({ phase }) => at({ phase, provider: provider!, gone }),
        ),
    });
    if (refused === 0) throw new Error('the provider was never missed');
    return staged;
  } finally {
    provider?.stop();
  }
}

/**
 * The chain ends and goes on elsewhere from what it had written down when a phase of the first round began; later than
 * that, what has happened since is lost.
 */
async function otherChain(
  base: Base,
  { dumped, loaded }: { readonly dumped: Phase; readonly loaded: Phase },
): Promise<Staged> {
  let second: Anvil | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-chain-'));
  const file = join(folder, 'chain.json');
  try {
    return await withProvider(base, {
      reach: ({ url }) => url,
      async at({ phase, provider, gone }) {
        if (second) return;
        // In the middle of the phase.
        if (phase === dumped) {
          await sleep(base.away / 5);
          writeFileSync(file, await stateOf(provider.chain));
        }
        if (phase !== loaded || !existsSync(file)) return;
        provider.manner = gone;
        await sleep(base.away);
        second = createAnvil({ state: file, blockTime: 1 });
        await second.start();
        provider.chain = second.url;
        provider.manner = () => undefined;
      },
    });
  } finally {
    await second?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a development chain writes into its file, history included. */
async function stateOf(url: string): Promise<Buffer> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_dumpState', params: [true] });
  const { result } = (await (await fetch(url, { method: 'POST', headers, body })).json()) as { result: Hex };
  return gunzipSync(hexToBytes(result));
}

const victimsOf = ({ trainers, validators, provers }: LocalFederation): FederationMember[] =>
  [...trainers, ...validators, ...provers].filter(({ account }) =>
    (victims as readonly string[]).includes(account.name),
  );

/** A second process with the key of one member of each role, in a folder of its own. */
async function double(federation: LocalFederation, folder: string): Promise<void> {
  for (const member of victimsOf(federation)) {
    const { service } = await member.again(folder);
    await service.start();
  }
}

/** The second processes begin in the middle of the first round, in copies of the folders of the first ones. */
async function copiedHome(base: Base): Promise<Staged> {
  let place = '';
  let copied = false;
  return stage({
    ...base,
    prepare(_, folder) {
      place = folder;
    },
    beside: (federation) =>
      atEachPhase(federation, federation.place.url, async ({ phase }) => {
        if (copied || phase !== 'submit') return;
        copied = true;
        const twin = join(place, 'twin');
        // As a backup copies them: without the lock, which this process would let go of by reading it.
        cpSync(join(place, 'state'), twin, {
          recursive: true,
          filter: (file) => !/\/lock(\.db)?$/.test(file),
        });
        await double(federation, twin);
      }),
  });
}
