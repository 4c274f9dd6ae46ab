// Roles as services, on a chain that is written down: what each does at each stage of its task, what it tells its owner,
// what it leaves behind when it is stopped, and how long it stays for its stake.
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHe, type He } from '@murmuration/he';
import { keccak256, zeroHash } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AccountActions,
  type Draft,
  emptyJournal,
  type Journal,
  type MemberKeys,
  Reverted,
  type RoundEntry,
  type TaskChain,
  type TaskState,
} from '../../../node/chain/index.ts';
import { ChainAway } from '../../../node/chain/rpc/error.ts';
import { NodeError } from '../../../node/errors.ts';
import { modelLayout, scaledData } from '../../../node/learn/index.ts';
import { createAddressBook, peerKey } from '../../../node/peer/index.ts';
import { token, topicOf } from '../../../node/protocol/index.ts';
import { peerBytes } from '../../../node/roles/key/keying.ts';
import type { PeerPlace } from '../../../node/roles/peer_place.ts';
import type { Startable } from '../../../node/roles/runtime/loop.ts';
import type { RoleEvent } from '../../../node/roles/runtime/observer.ts';
import {
  type Meeting,
  proverService,
  type ServiceSettings,
  trainerService,
  validatorService,
} from '../../../node/roles/services.ts';
import { openSiteLog, type SiteLog } from '../../../node/site/index.ts';
import { createFolderStore, StoreError } from '../../../node/store/index.ts';
import { data, task as description } from './support/learning.ts';
import { plainStorage } from './support/plain_storage.ts';

const signer = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const another = privateKeyToAccount(`0x${'2'.repeat(64)}`).address;
const contract = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const secret = `0x${'5e'.repeat(32)}` as const;
const folder = mkdtempSync(join(tmpdir(), 'services-'));
const store = createFolderStore(join(folder, 'store'));

let he: He;
let log: SiteLog;
beforeAll(async () => {
  he = await createHe('tiny');
  await store.start();
  const place = { chainId: 31337, marketplace: contract, sent: 0, software: 'test', round: () => 0 } as const;
  log = await openSiteLog({ folder: join(folder, 'log'), account: signer.address, ...place });
});
afterAll(async () => {
  await log.close();
  await store.stop();
  rmSync(folder, { recursive: true });
});

let status: TaskState['status'];
let journal: Draft<Journal>;
let events: RoleEvent[];
/** What was sent to the chain, and what was started and stopped, in order. */
let done: unknown[];
let looks: number;
/** What a look at the chain fails with. */
let fault: unknown;
let release: () => Promise<void>;
let running: Startable[];
beforeEach(() => {
  [status, journal, events, done, looks, fault] = ['open', emptyJournal(), [], [], 0, undefined];
  release = async () => undefined;
  running = [];
});
afterEach(async () => {
  for (const service of running) await service.stop();
});

const chain = {
  account: signer.address,
  chainId: 31337,
  task: 3n,
  rounds: contract,
  marketplace: contract,
  disputes: contract,
  height: 1n,
  get journal() {
    return journal;
  },
  async refresh() {
    looks += 1;
    if (fault) throw fault;
  },
  news: (_: bigint, { signal }: { signal: AbortSignal }) =>
    // Where looks fail, no news ends a pause.
    sleep(fault ? 60_000 : 5, undefined, { signal }).catch(() => undefined),
  state: async () => ({ status, epoch: 1, deadline: 10n ** 12n }),
  stage: async () => ({ round: 9, phase: 'submit', deadline: 10n ** 12n }),
  time: async () => 0n,
  terms: async () => ({ threshold: 2 }),
  advance: async () => undefined,
  revealSecret: async (of: string) => void done.push(['reveals', of]),
  async registerKeys(epoch: number, keys: MemberKeys) {
    done.push(['registers', epoch, keys]);
    journal.epochs.get(epoch)!.keys.set(signer.address, keys);
  },
  async announce(kind: 'peer', number: number, digest: `0x${string}`) {
    done.push(['announces', kind]);
    journal.announcements.push({ sender: signer.address, topic: topicOf(kind, number), digest, block: 1n });
  },
} as unknown as TaskChain;
const actions = {
  claim: async () => void done.push('claims'),
  async release(task: bigint) {
    done.push(['releases', task]);
    await release();
  },
} as unknown as AccountActions;

/** A box whose seeds are those of their names. */
const secretBox = { seed: (name: string) => keccak256(new TextEncoder().encode(name), 'bytes') };
const partsOf = (name: string) => ({
  name,
  chain,
  store,
  storage: plainStorage(),
  he,
  prover: undefined as never,
  observe: (event: RoleEvent) => void events.push(event),
  description,
  layout: modelLayout(description.model),
  host: undefined as never,
  seed: 's',
});
const settingsWith = (given: Partial<ServiceSettings> = {}): ServiceSettings => ({
  actions,
  interval: 1,
  patience: 5,
  untilReleased: false,
  secretBox: secretBox as ServiceSettings['secretBox'],
  signer,
  secret,
  checkTask: async () => undefined,
  log,
  ...given,
});

/** A place whose peer writes down that it is started and stopped. */
function placeOf(): PeerPlace {
  const domain = { chainId: 31337, contract } as const;
  const noted = (what: string) => async () => void done.push(what);
  const peer = {
    id: 'a peer',
    addresses: () => [],
    serve: () => () => undefined,
    onDisconnect: () => () => undefined,
    start: noted('peer starts'),
    stop: noted('peer stops'),
  };
  return { peer, book: createAddressBook(domain, () => true), domain } as unknown as PeerPlace;
}
const trainer = (given?: Partial<ServiceSettings>, meeting: Partial<Meeting> = { place: placeOf() }) =>
  trainerService({ ...partsOf('trainer'), data: scaledData(data) }, settingsWith(given), {
    reachability: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    ...meeting,
  });
const validator = (given?: Partial<ServiceSettings>) =>
  validatorService({ ...partsOf('validator'), holdout: scaledData(data) }, settingsWith(given));
const prover = (given?: Partial<ServiceSettings>) => proverService(partsOf('prover'), settingsWith(given), 1);

const said = () => events.flatMap((event) => (event.type === 'step' ? [event.text] : []));
const faults = () => events.flatMap((event) => (event.type === 'fault' ? [event] : []));
/** A service that is started; it is stopped after the test, if not before. */
async function started(making: Startable | Promise<Startable>) {
  const service = await making;
  running.push(service);
  await service.start();
  return service;
}
/** Lets a service look until `until` holds, and a little longer; then stops it. */
async function watch(making: Startable | Promise<Startable>, until: () => void) {
  const service = await started(making);
  await vi.waitFor(until, wait);
  await sleep(20);
  await service.stop();
}
const wait = { timeout: 30_000, interval: 5 };
const later = (times: number) => () => expect(looks).toBeGreaterThan(times);

/** Its first round has begun. */
function runs() {
  status = 'running';
  const entry = { number: 1, phase: 'support', penalties: [], settled: [] };
  journal.rounds.push(entry as unknown as Draft<RoundEntry>);
}

describe.each([
  ['trainer', trainer],
  ['validator', validator],
] as const)('a %s', (name, open) => {
  it('reveals its secret while seats are drawn, unless it has', async () => {
    status = 'drawing';
    await watch(open(), () => expect(done).toContainEqual(['reveals', secret]));
    expect(said()).toContain('reveals its secret for the draw');
    done = [];
    journal.revealed.add(signer.address);
    looks = 0;
    await watch(open(), later(4));
    expect(done.flat()).not.toContain('reveals');
  });

  it('ends with its task, whether its stake is free or not', async () => {
    status = 'ended';
    release = () => Promise.reject(new Reverted('release', 'StakeHeld', 'refused'));
    const over = vi.fn();
    await watch(open({ onOver: over }), () => expect(over).toHaveBeenCalled());
    expect(done.filter((each) => each === 'claims')).toHaveLength(1);
    expect(done).toContainEqual(['releases', 3n]);
    expect(faults()).toEqual([]);
  });

  it('stays until its stake is free where it is asked to', async () => {
    status = 'ended';
    let held = 3;
    release = async () => {
      if (held-- > 0) throw new Reverted('release', 'StakeHeld', 'refused');
    };
    const over = vi.fn();
    await watch(open({ onOver: over, untilReleased: true }), () => expect(over).toHaveBeenCalled());
    expect(done.filter((each) => each === 'claims')).toHaveLength(4);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('looks no more once it is stopped, at its task or at disputes, and works again when it is started again', async () => {
    const service = await open();
    for (const _ of [1, 2]) {
      looks = 0;
      await service.start();
      await vi.waitFor(later(5), wait);
      await service.stop();
      const then = looks;
      await sleep(50);
      expect(looks).toBe(then);
    }
  });

  it('takes part in disputes while its task runs and when it is over, at a pace that is nobody’s burden', async () => {
    status = 'ended';
    const over = vi.fn();
    const service = await started(open({ onOver: over }));
    await vi.waitFor(() => expect(over).toHaveBeenCalled(), wait);
    // The role itself looks no more.
    await vi.waitFor(later(5), wait);
    fault = new Error('a dispute cannot be read');
    await vi.waitFor(() => expect(faults()).toHaveLength(1), wait);
    expect(faults()[0]).toMatchObject({ account: signer.address, role: name, error: fault });
    const then = looks;
    await sleep(300);
    expect(looks).toBeLessThanOrEqual(then + 1);
    await service.stop();
  });

  it('tells once that its chain does not answer, though its disputes miss it as well', async () => {
    fault = new ChainAway([{ name: 'node', reason: 'refused' } as never]);
    const service = await started(open());
    await vi.waitFor(later(1), wait);
    await sleep(50);
    expect(faults()).toEqual([expect.objectContaining({ error: fault })]);
    await service.stop();
  });
});

describe('a validator', () => {
  it('looks at what is due in the round that runs', async () => {
    runs();
    const stage = vi.spyOn(chain, 'stage');
    await watch(validator({ patience: 0 }), () => expect(stage).toHaveBeenCalled());
    stage.mockRestore();
  });

  it('registers the peer and the sealing key of its own account', async () => {
    status = 'keying';
    journal.epochs.set(1, { trainers: [], validators: [], keys: new Map(), confirmed: new Map() });
    await watch(validator(), () => expect(done).toHaveLength(1));
    const { peer, sealingKey, keyShare } = (done[0] as [string, number, MemberKeys])[2];
    expect(peer).toMatch(/^0x[0-9a-f]{60,}$/);
    expect(sealingKey).toMatch(/^0x[0-9a-f]{64}$/);
    expect(keyShare).toBe(zeroHash);
  });
});

describe('a trainer', () => {
  const keying = () => {
    status = 'keying';
    const epoch = {
      trainers: [signer.address],
      validators: [],
      keys: new Map<typeof another, MemberKeys>(),
      confirmed: new Map(),
    };
    journal.epochs.set(1, epoch);
    return epoch;
  };

  it('registers its peer with its part of the key', async () => {
    keying();
    await watch(trainer(), () => expect(done.flat()).toContain('registers'));
    expect(done.find((each) => Array.isArray(each) && each[0] === 'registers')).toMatchObject([
      'registers',
      1,
      { peer: peerBytes('a peer') },
    ]);
  });

  it('announces where it is reached before its duty in a round', async () => {
    keying().keys.set(signer.address, { peer: peerBytes('a peer') } as MemberKeys);
    runs();
    const announced: unknown[][] = [];
    const stage = vi.spyOn(chain, 'stage').mockImplementation(async () => {
      announced.push([...done]);
      return { round: 9, phase: 'submit', deadline: 10n ** 12n } as Awaited<ReturnType<TaskChain['stage']>>;
    });
    const place = placeOf();
    const key = await peerKey(new Uint8Array(32).fill(7));
    Object.assign(place.peer, { key, addresses: () => ['/ip4/127.0.0.1/tcp/4001'] });
    // The registration of a peer that is made up would not verify.
    Object.assign(place.book, { add: async () => undefined });
    await watch(trainer({ patience: 0 }, { place }), () => expect(announced.length).toBeGreaterThan(0));
    stage.mockRestore();
    expect(announced[0]).toContainEqual(['announces', 'peer']);
  });

  it('serves its rings while it is started; a peer that contents need is started and stopped elsewhere', async () => {
    const noted = (what: string) => () => void done.push(what);
    const rings: Meeting['rings'] = (own) => ({
      ...own,
      start: noted('rings start'),
      stop: async () => noted('rings stop')(),
    });
    await watch(trainer({}, { place: placeOf(), rings }), later(2));
    expect(done).toEqual(['rings start', 'rings stop']);
  });

  it('has a peer of its own otherwise, which is reached while the trainer is started, and is a member', async () => {
    keying();
    const { port, listening } = await freePort();
    const address = `/ip4/127.0.0.1/tcp/${port}`;
    const service = await trainer({}, { reachability: { listen: [address] } });
    running.push(service);
    expect(await listening()).toBe(false);
    await service.start();
    expect(await listening()).toBe(true);
    await vi.waitFor(() => expect(done.flat()).toContain('registers'), wait);
    runs();
    await vi.waitFor(() => expect(done.flat()).toContain('announces'), wait);
    const { digest } = journal.announcements[0]!;
    const announced = new TextDecoder().decode(await store.get(digest, { maxBytes: 2 ** 13 }));
    expect(JSON.parse(announced)).toMatchObject({ addresses: [address] });
    await service.stop();
    expect(await listening()).toBe(false);
  });
});

describe('a prover', () => {
  it('claims what it earned when the task is over, and has no stake in it to free', async () => {
    status = 'ended';
    const over = vi.fn();
    await watch(prover({ onOver: over }), () => expect(over).toHaveBeenCalled());
    expect(done).toEqual(['claims']);
  });
});

describe('what a role tells its owner', () => {
  it('is who left before the start, why, and what that cost', async () => {
    const left = { account: another, status: 'keying', epoch: 1, rejected: false, block: 4n } as const;
    journal.departures.push({ ...left, slashed: 0n }, { ...left, block: 5n, slashed: 12n * token });
    await watch(prover(), later(3));
    const told = said().filter((text) => text.startsWith(another));
    expect(told).toEqual([
      expect.stringMatching(/the others$/),
      expect.stringMatching(/not reached, and lost 12 .*of its stake$/),
    ]);
  });

  it('is what a round that is over cost it, and nothing of the others', async () => {
    const penalty = (account: typeof another, amount: bigint) => ({
      account,
      amount,
      fault: 'no-show',
      round: 1,
    });
    journal.rounds.push({
      number: 1,
      phase: 'closed',
      penalties: [penalty(signer.address, 7n * token), penalty(another, 9n * token)],
      settled: [],
    } as unknown as Draft<RoundEntry>);
    await watch(prover(), later(3));
    expect(said()).toEqual([expect.stringMatching(/^round 1: it lost 7 /)]);
  });

  it('is that its chain is there again', async () => {
    fault = new ChainAway([{ name: 'node', reason: 'refused' } as never]);
    const service = await started(prover());
    await vi.waitFor(() => expect(faults()).toHaveLength(1), wait);
    fault = undefined;
    await vi.waitFor(() => expect(said()).toContain('has its chain again'), wait);
    await service.stop();
  });

  it('is why it keeps something back, before the fault that comes of it', async () => {
    fault = new NodeError('key', 'two sums show what one added', { keeps: 'statistics' });
    await watch(prover(), () => expect(faults()).toHaveLength(1));
    expect(events).toMatchObject([
      { type: 'refused', what: 'statistics', why: 'two sums show what one added' },
      { type: 'fault', role: 'prover', error: fault },
    ]);
  });

  it('is nothing of content that is still to come', async () => {
    fault = new StoreError('missing', 'not there yet');
    await watch(prover(), later(3));
    expect(events).toEqual([]);
  });

  it('is once what ends it for good', async () => {
    fault = new NodeError('chain', 'its contracts are gone', { mend: 'None.', prospect: 'final' });
    const final = vi.fn();
    await watch(prover({ onFinal: final }), () => expect(final).toHaveBeenCalledWith(fault));
    expect(final).toHaveBeenCalledTimes(1);
  });

  it('is that the task is not the one that it joined, where it has a seat', async () => {
    journal.origin = { block: 1n, hash: zeroHash };
    const checkTask = vi.fn(async () => {
      throw new Error('another task of this number');
    });
    await watch(validator({ checkTask }), () => expect(faults()).toHaveLength(1));
    expect(checkTask).toHaveBeenCalledWith(journal.origin);
  });
});

/** A port that nobody has, and whether somebody listens there. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  const listening = () =>
    new Promise<boolean>((answer) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        answer(true);
      });
      socket.once('error', () => answer(false));
    });
  return { port, listening };
}
