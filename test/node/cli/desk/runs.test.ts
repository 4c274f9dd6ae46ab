// The roles of the desk: begun once, stopped in order, remembered over a start; a fault is told and can be tried again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runSchema } from '../../../../desk/index.ts';
import type { RunOnChain } from '../../../../node/cli/desk/runs/run_view.ts';
import { openRuns, type RunBook } from '../../../../node/cli/desk/runs/runs.ts';
import type { Hearers, RunSite } from '../../../../node/cli/desk/runs/site.ts';
import type { Wish } from '../../../../node/cli/desk/runs/wish.ts';
import { NodeError } from '../../../../node/errors.ts';
import { plainReading } from '../../../../node/learn/index.ts';
import type { Member } from '../../../../node/roles/index.ts';
import { openState, type State } from '../../../../node/state/index.ts';

const account = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const owner = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

type Held = Pick<Member, 'close'>;

/** A site whose roles do as the test says. */
class Site implements RunSite<Held> {
  /** How often the account's state was opened, less how often it was let go of. */
  open = 0;
  begun: Wish[] = [];
  stopped = 0;
  hearers: Hearers | undefined;
  over = Promise.withResolvers<void>();
  refuses: unknown;
  unlocked = true;
  covered = true;
  /** What `begin` waits for. */
  gate: Promise<void> = Promise.resolve();

  async member(): Promise<Held> {
    if (this.open > 0) throw new Error('the state is open already');
    this.open++;
    return { close: async () => void this.open-- };
  }
  async begin(wish: Wish, _: Held, hearers: Hearers) {
    this.begun.push(wish);
    this.hearers = hearers;
    await this.gate;
    if (this.refuses !== undefined) throw this.refuses;
    return { over: this.over.promise, stop: async () => void this.stopped++ };
  }
  async leave() {
    if (this.refuses !== undefined) throw this.refuses;
    return ['took its application back'];
  }
  async isCovered() {
    return this.covered;
  }
  isUnlocked() {
    return this.unlocked;
  }
  async look({ task }: Wish): Promise<RunOnChain> {
    const none = '0';
    const money = { earned: none, slashed: none, held: none, claimable: none, deadline: none };
    const place = { task, account, owner: account, status: 'open', round: 0, rounds: 8, phase: 'none' };
    return { ...place, ...money, history: [], movements: [] };
  }
}

const wish = {
  task: '1',
  name: 'a task',
  role: 'trainer',
  account,
  reading: plainReading,
  acceptRisks: false,
} as const;

let folder: string;
let state: State;
let site: Site;
let runs: RunBook;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'murmuration-runs-'));
  await start();
});
afterEach(async () => {
  await end();
  await rm(folder, { recursive: true, force: true });
});

async function start() {
  state = await openState(join(folder, 'runs'));
  site = new Site();
  runs = openRuns(state, site, () => undefined);
}
async function end() {
  await runs.close();
  await state.close();
}
const one = async () => runSchema.parse((await runs.list())[0]);
const stands = (as: string) => vi.waitFor(async () => expect((await one()).state).toBe(as), 20_000);

describe('a run', () => {
  it('works, once, however often it is asked for', async () => {
    await runs.begin(wish);
    await expect(runs.begin(wish)).rejects.toMatchObject({ kind: 'not-ready' });
    await stands('working');
    await expect(runs.begin(wish)).rejects.toMatchObject({ kind: 'not-ready' });
    await expect(runs.leave('1')).rejects.toMatchObject({ kind: 'not-ready' });
    expect(site.begun).toHaveLength(1);
  });

  it('is stopped in order, lets go of its state, and goes on when it is told to', async () => {
    await runs.begin(wish);
    await stands('working');
    await runs.stop('1');
    expect(await one()).toMatchObject({ state: 'stopped' });
    expect([site.stopped, site.open]).toEqual([1, 0]);
    await runs.resume('1');
    await stands('working');
    expect(site.begun).toHaveLength(2);
  });

  it('that is stopped while it joins is stopped once it has', async () => {
    const gate = Promise.withResolvers<void>();
    site.gate = gate.promise;
    await runs.begin(wish);
    await vi.waitFor(() => expect(site.begun).toHaveLength(1), 60_000);
    const stopping = runs.stop('1');
    gate.resolve();
    await stopping;
    expect(await one()).toMatchObject({ state: 'stopped' });
    expect([site.stopped, site.open]).toEqual([1, 0]);
  });

  it('waits for the signature of its owner, and goes on by itself once the chain has it', async () => {
    site.covered = false;
    await runs.begin({ ...wish, owner });
    await stands('unsigned');
    expect([site.begun.length, site.open]).toEqual([0, 0]);
    expect((await one()).owner).toBe(owner);
    site.covered = true;
    await stands('working');
    await expect(runs.forget('1')).rejects.toMatchObject({ kind: 'not-ready' });
  });

  it('that waits for its owner is stopped and given up, and does not come back', async () => {
    site.covered = false;
    await runs.begin({ ...wish, owner });
    await stands('unsigned');
    await runs.stop('1');
    expect((await one()).state).toBe('stopped');
    await runs.resume('1');
    await stands('unsigned');
    await runs.forget('1');
    site.covered = true;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect([await runs.list(), site.begun]).toEqual([[], []]);
  });

  it('that is refused says why, holds nothing, and can be tried again', async () => {
    site.refuses = new NodeError('input', 'the terms are bad', { mend: 'Change them.' });
    await runs.begin(wish);
    await stands('failed');
    expect((await one()).fault).toEqual({
      code: 'input',
      message: 'the terms are bad',
      mend: 'Change them.',
    });
    expect(site.open).toBe(0);
    site.refuses = undefined;
    await runs.resume('1');
    await stands('working');
    expect((await one()).fault).toBeUndefined();
  });

  it('whose role ends by a fault has failed; whose task is over is over, and does not come back', async () => {
    await runs.begin(wish);
    await stands('working');
    site.over.reject(new NodeError('chain', 'the contracts are gone'));
    await stands('failed');
    site.over = Promise.withResolvers();
    await runs.resume('1');
    await stands('working');
    site.over.resolve();
    await stands('over');
    expect(site.open).toBe(0);
    await end();
    await start();
    await runs.resumeAll();
    expect(site.begun).toEqual([]);
  });

  it('tells its steps as plain text, and counts its proofs', async () => {
    await runs.begin(wish);
    await stands('working');
    const by = { account, role: 'trainer', round: 1 } as const;
    site.hearers!.observe({ ...by, type: 'step', text: 'names\u202E itself' });
    for (const milliseconds of [200, 300])
      site.hearers!.observe({ ...by, type: 'proof', statement: 'update', milliseconds, engine: 'wasm' });
    const { steps, proofs } = await one();
    expect(steps.map(({ text }) => text)).toContain('names\uFFFD itself');
    expect(proofs).toEqual([{ statement: 'update', count: 2, milliseconds: 500 }]);
  });

  it('that nobody has begun cannot be stopped, gone on with or left', async () => {
    for (const act of [runs.stop, runs.resume, runs.leave])
      await expect(act('7')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('over a start of the desk', () => {
  it('what worked goes on, with what it was begun with; what was stopped stays so', async () => {
    await runs.begin({ ...wish, reading: { ...plainReading, dropFaulty: true } });
    await stands('working');
    await end();
    expect(site.open).toBe(0);
    await start();
    await runs.resumeAll();
    await stands('working');
    expect(site.begun).toEqual([
      expect.objectContaining({ task: '1', reading: { ...plainReading, dropFaulty: true } }),
    ]);
    await runs.stop('1');
    await end();
    await start();
    await runs.resumeAll();
    expect(await one()).toMatchObject({ state: 'stopped' });
    expect(site.begun).toEqual([]);
  });
});

describe('a run whose account is locked', () => {
  it('is not begun, and nothing of it is remembered', async () => {
    site.unlocked = false;
    await expect(runs.begin(wish)).rejects.toMatchObject({
      kind: 'not-ready',
      mend: expect.stringContaining('Unlock'),
    });
    expect(await runs.list()).toEqual([]);
  });

  it('waits after a start, goes on when its own account is unlocked, and can be stopped as it waits', async () => {
    await runs.begin(wish);
    await stands('working');
    await end();
    await start();
    site.unlocked = false;
    await runs.resumeAll();
    await stands('locked');
    await expect(runs.resume('1')).rejects.toMatchObject({ kind: 'not-ready' });
    site.unlocked = true;
    await runs.unlocked('0x70997970C51812dc3A010C7d01b50e0d17dc79C8');
    expect(site.begun).toEqual([]);
    await runs.unlocked(account.toLowerCase());
    await stands('working');

    await end();
    await start();
    site.unlocked = false;
    await runs.resumeAll();
    await stands('locked');
    await runs.stop('1');
    expect(await one()).toMatchObject({ state: 'stopped' });
    site.unlocked = true;
    await runs.unlocked(account);
    expect(site.begun).toEqual([]);
  });

  it('was remembered without its seat by the version before, and is the example’s trainer', async () => {
    await end();
    const before = [{ task: '1', name: 'a task', dropFaulty: true, acceptRisks: false, works: true }];
    const kept = await openState(join(folder, 'runs'));
    await kept.document({ name: 'runs', version: 1, schema: z.any() }).write(before);
    await kept.close();
    await start();
    await runs.resumeAll();
    await stands('working');
    expect(site.begun).toMatchObject([{ role: 'trainer', reading: { ...plainReading, dropFaulty: true } }]);
  });
});

describe('leaving', () => {
  it('says what was done, and a reason against it in its own words', async () => {
    await runs.begin(wish);
    await stands('working');
    await runs.stop('1');
    expect(await runs.leave('1')).toEqual(['took its application back']);
    site.refuses = new NodeError('task', 'stake is held', { mend: 'Wait.' });
    await expect(runs.leave('1')).rejects.toMatchObject({
      kind: 'not-ready',
      message: 'stake is held',
      mend: 'Wait.',
    });
    expect(site.open).toBe(0);
  });
});
