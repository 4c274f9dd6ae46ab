// What an account does outside of rounds, on a real chain: each call changes what it says it does, once it is mined.
import { erc20Abi, maxUint256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountActions,
  ContractsGone,
  checkContracts,
  createActions,
  escrowOf,
} from '../../../node/chain/index.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { applyForSeat } from '../../../node/roles/index.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from './fixture.ts';

const stake = 40n * token;
let site: Site;
let planner: Person;
let member: Person;
let actions: AccountActions;
/** Calls that the member's actions were told of. */
const told: string[] = [];

beforeAll(async () => {
  site = await openSite();
  planner = await person(site, 40);
  member = await person(site, 41);
  const { client, deployment } = site;
  const onTransaction = (call: string, gas: bigint) => {
    expect(gas).toBeGreaterThan(21_000n);
    told.push(call);
  };
  actions = createActions({ client, deployment, sender: member.sender, onTransaction });
});
afterAll(() => site?.anvil.stop());

const tokensOf = ({ account }: Person) =>
  site.client.readContract({
    address: site.deployment.token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account.address],
  });

/** The member, with a trainer's seat in a new task. */
async function seated(): Promise<bigint> {
  const task = await planner.actions.post(smallTask);
  const secretBox = createSecretBox(new Uint8Array(32).fill(7));
  const { deployment } = site;
  const applicant = { actions, signer: member.account, deployment, secretBox, places: openPlaces };
  expect(await applyForSeat(applicant, { task, role: 'trainer', stake })).toBe(true);
  expect(await actions.seat(task)).toMatchObject({ role: 'trainer', pledged: stake });
  expect(await actions.stake()).toMatchObject({ bonded: stake, pledged: stake, free: 0n });
  return task;
}

it('a deployment is on the chain, or its contracts are said to be gone', async () => {
  const { client, deployment } = site;
  await checkContracts(client, deployment);
  const marketplace = planner.account.address;
  await expect(checkContracts(client, { ...deployment, marketplace })).rejects.toThrow(ContractsGone);
});

describe('an account on chain', () => {
  it('takes its application back, which frees its stake; each call that was mined is told', async () => {
    const task = await seated();
    expect(await actions.mandate(task)).toBe(maxUint256);
    await actions.withdrawApplication(task);
    expect(await actions.seat(task)).toMatchObject({ role: 'none', pledged: 0n });
    expect(await actions.stake()).toMatchObject({ bonded: stake, pledged: 0n, free: stake });
    expect(told).toEqual(['approve', 'bond', 'join', 'withdrawApplication']);
  });

  it('gets its stake out of a cancelled task, and its planner the whole escrow, once', async () => {
    const escrow = await escrowOf(site.client, site.deployment, smallTask);
    const task = await seated();
    expect((await planner.actions.stake()).credit).toBe(0n);
    await planner.actions.cancel(task);
    expect(await actions.stake()).toMatchObject({ pledged: stake, free: 0n });
    await actions.release(task);
    expect(await actions.stake()).toMatchObject({ bonded: stake, pledged: 0n, free: stake });
    const before = await tokensOf(planner);
    expect(await planner.actions.claim()).toBe(escrow);
    expect(await tokensOf(planner)).toBe(before + escrow);
    expect(await planner.actions.claim()).toBe(0n);
    expect(await tokensOf(planner)).toBe(before + escrow);
  });

  it('gets free stake out when the queue is due, and not before', async () => {
    const before = await tokensOf(member);
    await actions.queue(stake);
    const { queued, bonded, withdrawableAt } = await actions.stake();
    expect({ queued, bonded }).toEqual({ queued: stake, bonded: 0n });
    await expect(actions.withdraw()).rejects.toThrow(/QueueNotDue/);
    await site.rpc('evm_setNextBlockTimestamp', Number(withdrawableAt));
    await site.rpc('evm_mine');
    await actions.withdraw();
    expect((await actions.stake()).queued).toBe(0n);
    expect(await tokensOf(member)).toBe(before + stake);
  });
});
