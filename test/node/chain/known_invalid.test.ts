// No member sends what it knows to fail: a call that its contract would record as invalid, and slash, stays
// here.
import type { ProvenChunk, ProvenSumChunk } from '@murmuration/contracts';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  createActions,
  createChainReader,
  createTaskChain,
  defaultFollowSettings,
  KnownInvalid,
  type TaskChain,
} from '../../../node/chain/index.ts';
import { describeError } from '../../../node/cli/output/fault.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { token } from '../../../node/protocol/index.ts';
import { applyForSeat } from '../../../node/roles/index.ts';
import { openPlaces, openSite, type Person, person, type Site, smallTask } from './fixture.ts';

const filled = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const g1 = { x: 1n, y: 2n };
const proof = Array(8).fill(0n) as unknown as ProvenChunk['proof'];
/** Well-formed words that prove nothing. */
const falseChunk: ProvenChunk = { commitment: g1, opening: g1, h: 1n, y: 1n, digest: filled(1), proof };

let site: Site;
let planner: Person;
let members: Person[];
beforeAll(async () => {
  site = await openSite();
  planner = await person(site, 20);
  members = await Promise.all([21, 22, 23, 24].map((index) => person(site, index)));
});
afterAll(() => site?.anvil.stop());

const nonceOf = ({ account }: Person) => site.client.getTransactionCount({ address: account.address });

/** The same person with a sender that sends what fails. */
async function reckless({ account }: Person): Promise<Person> {
  const { anvil, deployment } = site;
  const settings = { gasHeadroom: 30, receiptTimeout: 10_000, pollingInterval: 20, sendsInvalid: true };
  const { client, sender } = await connect({ url: anvil.url, deployment, settings }, account);
  return { account, sender, actions: createActions({ client, sender, deployment }) };
}

const chainOf = ({ sender }: Person, task: bigint, deployment = site.deployment): TaskChain =>
  createTaskChain({
    reader: createChainReader({ client: site.client, deployment, follow: defaultFollowSettings }),
    sender,
    task,
    onTransaction: () => undefined,
  });

/** A task in its first Submit phase. */
async function openSubmitPhase(): Promise<bigint> {
  const task = await planner.actions.post(smallTask);
  const { deployment } = site;
  for (const [index, { actions, account }] of members.entries()) {
    const secretBox = createSecretBox(new Uint8Array(32).fill(index + 1));
    const role = index < 2 ? 'trainer' : 'validator';
    await applyForSeat(
      { actions, signer: account, deployment, secretBox, places: openPlaces },
      { task, role, stake: 100n * token },
    );
  }
  const leading = chainOf(planner, task);
  await leading.advance();
  for (const [index, each] of members.entries())
    await chainOf(each, task).registerKeys(1, {
      peer: filled(index + 1),
      sealingKey: filled(index + 4),
      keyShare: index < 2 ? filled(index + 7) : filled(0),
    });
  for (const each of members.slice(0, 2)) await chainOf(each, task).confirmKey(1, filled(99));
  await leading.advance();
  await leading.refresh();
  const { leader } = leading.journal.rounds[0]!;
  const leads = members.find(({ account }) => account.address === leader)!;
  await chainOf(leads, task).propose(1, filled(50));
  await leading.advance();
  expect(await leading.stage()).toMatchObject({ round: 1, phase: 'submit' });
  return task;
}

describe('a proof that does not verify', () => {
  it('is kept back, and costs no stake; sent all the same, it is slashed', async () => {
    const task = await openSubmitPhase();
    const [trainer] = members as [Person];
    const chain = chainOf(trainer, task);
    await chain.refresh();
    const { basis } = chain.journal.rounds[0]!;
    const submission = { round: 1, basis, chunks: [falseChunk, falseChunk] };
    const before = { nonce: await nonceOf(trainer), stake: await trainer.actions.stake() };

    const kept = await chain.submit('update', submission).catch((error: unknown) => error);
    expect(kept).toBeInstanceOf(KnownInvalid);
    expect(kept).toMatchObject({ code: 'invalid', call: 'submitUpdate' });
    expect(describeError(kept)).toMatch(
      new RegExp(
        `submitUpdate was NOT sent: a proof that ${trainer.account.address} made itself does not verify ` +
          'against this deployment.*slash its stake\\. Take no further part until `murmur deployment verify`',
      ),
    );
    expect({ nonce: await nonceOf(trainer), stake: await trainer.actions.stake() }).toEqual(before);

    await chainOf(await reckless(trainer), task).submit('update', submission);
    expect(await nonceOf(trainer)).toBe(before.nonce + 1);
    expect((await trainer.actions.stake()).bonded).toBeLessThan(before.stake.bonded);
  });

  it('is kept back by every call that answers whether it was accepted', async () => {
    const [trainer] = members as [Person];
    // PUSH1 0, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN: answers false to everything.
    const denier: Address = '0x00000000000000000000000000000000000000dd';
    await site.rpc('anvil_setCode', denier, '0x60005f5260205ff3');
    const denied = { ...site.deployment, rounds: denier, settlement: denier };
    const sumChunk: ProvenSumChunk = { h: 1n, y: 1n, digest: filled(1), opening: g1, proof };
    const inputs = { hUpdate: [1n], references: filled(1) };
    const calls: Readonly<Record<string, (chain: TaskChain) => Promise<unknown>>> = {
      submitUpdate: (chain) => chain.submit('update', { round: 1, basis: filled(1), chunks: [falseChunk] }),
      submitProbe: (chain) => chain.submit('probe', { round: 1, basis: filled(1), chunks: [falseChunk] }),
      submitAggregate: (chain) => chain.submitSum(0, { round: 1, totals: [g1], chunks: [sumChunk] }),
      proveAlignment: (chain) =>
        chain.proveAlignment({
          round: 1,
          trainer: trainer.account.address,
          inputs,
          points: [g1],
          chunks: [{ out: 1n, proof }],
        }),
    };
    const bold = await reckless(trainer);
    for (const [name, call] of Object.entries(calls)) {
      const nonce = await nonceOf(trainer);
      await expect(call(chainOf(trainer, 1n, denied)), name).rejects.toMatchObject({
        code: 'invalid',
        call: name,
      });
      expect(await nonceOf(trainer), name).toBe(nonce);
      await call(chainOf(bold, 1n, denied));
      expect(await nonceOf(trainer), name).toBe(nonce + 1);
    }
  });
});
