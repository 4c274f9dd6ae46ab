// Trainers that go away in the middle of a round, and a model that the validators reject: the task goes on
// without either.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultEconomics } from '../../node/demo/index.ts';
import type { LocalFederation, LocalInput } from '../../node/local/index.ts';
import { topicOf, updateSum } from '../../node/protocol/index.ts';
import type { RoleEvent } from '../../node/roles/index.ts';
import { runFederation, type Watch } from './federation.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-leaving-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const run = (name: string, input: LocalInput, watch: Watch) => runFederation(join(out, name), input, watch);

/** Stops a trainer at the first event of its own that `when` holds for. */
function stopAt(index: number, when: (event: RoleEvent) => boolean) {
  let stopped = false;
  return (event: RoleEvent, { trainers }: LocalFederation) => {
    const { account, service } = trainers[index]!;
    if (stopped || event.account !== account.signer.address || !when(event)) return;
    stopped = true;
    void service.stop();
  };
}

const penaltiesOf = ({ chain, trainers }: LocalFederation, index: number) =>
  chain.journal.rounds.flatMap(({ penalties }) =>
    penalties.filter(({ account }) => account === trainers[index]!.account.signer.address),
  );

describe('a trainer that leaves', () => {
  it('before it submits is a no-show; the round counts with the others', async () => {
    const watch = stopAt(2, (event) => event.type === 'step' && event.text.startsWith('trains'));
    const federation = await run('before', { rounds: 1, phase: 20 }, watch);
    const { chain, trainers } = federation;
    const [round] = chain.journal.rounds;
    expect(round!.outcome).toBe('accepted');
    const senders = round!.submitted.update.map(({ sender }) => sender);
    expect(senders.sort()).toEqual([0, 1].map((index) => trainers[index]!.account.signer.address).sort());
    expect(penaltiesOf(federation, 2)).toEqual([
      { account: trainers[2]!.account.signer.address, fault: 'no-show', amount: defaultEconomics.noShow },
    ]);
    for (const index of [0, 1]) expect(penaltiesOf(federation, index)).toEqual([]);
    expect(chain.journal.credits.get(trainers[2]!.account.signer.address)).toBeUndefined();
  });

  it('after it submitted is in the sum, which the others open without it', async () => {
    // The first to be asked for its share of the decryption is the first in the committee: it is the one that
    // goes.
    const watch = stopAt(0, (event) => event.type === 'transaction' && event.call === 'submitUpdate');
    const federation = await run('after', { rounds: 1, phase: 20 }, watch);
    const { chain, trainers } = federation;
    const address = trainers[0]!.account.signer.address;
    const [round] = chain.journal.rounds;
    expect(round!.outcome).toBe('accepted');
    expect(round!.submitted.update.map(({ sender }) => sender)).toContain(address);
    expect(round!.sums.has(updateSum)).toBe(true);
    const topic = topicOf('decryption', 1);
    const decrypted = chain.journal.announcements
      .filter((each) => each.topic === topic)
      .map(({ sender }) => sender);
    expect(decrypted).not.toContain(address);
    expect(new Set(decrypted).size).toBe(2);
    // It earns nothing: its alignment was never proven, which is a duty that it missed.
    expect(round!.settled.find(({ trainer }) => trainer === address)).toMatchObject({
      reward: 0n,
      seen: -128,
    });
    expect(penaltiesOf(federation, 0)).toEqual([
      { account: address, fault: 'no-show', amount: defaultEconomics.noShow },
    ]);
    for (const index of [1, 2]) expect(penaltiesOf(federation, index)).toEqual([]);
  });
});

describe('a rejected model', () => {
  it('leaves the model where it was, and pays nobody for it', async () => {
    const federation = await run('rejected', { rounds: 1, minGain: 10_000 }, () => undefined);
    const { chain, trainers } = federation;
    const [round] = chain.journal.rounds;
    expect(round!.outcome).toBe('rejected');
    expect(round!.votes).toHaveLength(2);
    expect(round!.modelAfter).toBe(round!.model);
    expect(round!.settled.every(({ reward }) => reward === 0n)).toBe(true);
    for (const { account } of trainers)
      expect(chain.journal.credits.get(account.signer.address)).toBeUndefined();
  });
});
