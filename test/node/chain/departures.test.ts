// Who leaves a task before its start, and why: a task that is cancelled for want of members says whose absence it was.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createChainReader,
  createClient,
  createTaskChain,
  departureReason,
  type TaskChain,
} from '../../../node/chain/index.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { applyForSeat } from '../../../node/roles/index.ts';
import { entropyOf } from '../../../node/roles/runtime/seeds.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from './fixture.ts';

let site: Site;
let people: Person[];
beforeAll(async () => {
  site = await openSite();
  people = await Promise.all([21, 22, 23, 24, 25, 26].map((number) => person(site, number)));
});
afterAll(() => site?.anvil.stop());

function memberOf(index: number) {
  const { actions, account } = people[index]!;
  const secretBox = createSecretBox(new Uint8Array(32).fill(index + 1));
  return { actions, signer: account, deployment: site.deployment, secretBox, places: openPlaces };
}

async function apply(task: bigint, index: number): Promise<void> {
  const role = [3, 4].includes(index) ? 'validator' : 'trainer';
  await applyForSeat(memberOf(index), { task, role, stake: 40n * token });
}

function chainOf(task: bigint, { sender } = people[0]!): TaskChain {
  const { deployment, anvil } = site;
  const client = createClient({ url: anvil.url, deployment });
  const reader = createChainReader({ client, deployment, follow: { confirmations: 0, window: 2000 } });
  return createTaskChain({ reader, sender, task, onTransaction: () => undefined });
}

/** Lets a stage's time pass. */
async function passes(seconds: number): Promise<void> {
  await site.rpc('evm_increaseTime', seconds);
  await site.rpc('evm_mine');
}

describe('who leaves before the start', () => {
  it('is told with the reason and what it lost, and so is why a task was cancelled', async () => {
    const task = await people[0]!.actions.post(smallTask);
    const chain = chainOf(task);
    for (const index of [1, 2, 3, 4]) await apply(task, index);
    await chain.advance();
    await chain.refresh();
    expect(chain.journal.status).toBe('keying');
    expect(chain.journal.departures).toEqual([]);
    // Nobody runs: the time of the key passes.
    await passes(Number(smallTask.deadlines.keying) + 1);
    await chain.advance();
    await chain.refresh();
    expect((await chain.state()).status).toBe('cancelled');
    const { noShow } = smallTask.economics;
    expect(chain.journal.departures).toEqual(
      [1, 2, 3, 4].map((index) => ({
        account: people[index]!.account.address,
        status: 'keying',
        epoch: 1,
        slashed: noShow,
        rejected: false,
        block: expect.any(BigInt),
      })),
    );
    expect(departureReason(chain.journal.departures[0]!)).toMatch(/did not do its part of the key in time/);
  });
  it('is told at a draw, too: the seats go to those who showed their secrets', async () => {
    const task = await people[0]!.actions.post(smallTask);
    const chain = chainOf(task);
    for (const index of [1, 2, 3, 4, 5]) await apply(task, index);
    await passes(Number(smallTask.deadlines.join) + 1);
    await chain.advance();
    await chain.refresh();
    expect(chain.journal.status).toBe('drawing');
    const place = { task, ...(await people[0]!.actions.posting(task)) };
    for (const index of [1, 2, 3, 4])
      await chainOf(task, people[index]!).revealSecret(entropyOf(memberOf(index), place).secret);
    await passes(Number(smallTask.deadlines.draw) + 1);
    await chain.advance();
    await chain.refresh();
    expect(chain.journal.status).toBe('keying');
    const [left, ...others] = chain.journal.departures;
    expect(others).toEqual([]);
    expect(left).toMatchObject({ account: people[5]!.account.address, status: 'drawing', rejected: false });
    expect(left!.slashed).toBeGreaterThan(0n);
    expect(departureReason(left!)).toMatch(/did not show its secret for the draw in time/);
  });
  const departure = {
    account: `0x${'11'.repeat(20)}`,
    status: 'keying',
    epoch: 1,
    slashed: 0n,
    rejected: false,
    block: 1n,
  } as const;
  it.each([
    ['open', { slashed: 0n, rejected: false }, /took its application back/],
    ['drawing', { slashed: 1n, rejected: false }, /did not show its secret/],
    ['drawing', { slashed: 0n, rejected: false }, /was not drawn for a seat/],
    ['keying', { slashed: 1n, rejected: true }, /was voted out by the validators/],
    ['keying', { slashed: 1n, rejected: false }, /did not do its part of the key in time/],
    ['keying', { slashed: 0n, rejected: false }, /confirmed another key than the others/],
  ] as const)('while the task is %s, with %o, is told why: %s', (status, what, reason) => {
    expect(departureReason({ ...departure, status, ...what })).toMatch(reason);
  });
});
