// Content that its author withholds: a leader its support, a prover the sum that it has proven. It costs
// nobody else stake.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presets } from '@murmuration/prover';
import type { Hex } from 'viem';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultEconomics } from '../../node/demo/index.ts';
import type { LocalFederation } from '../../node/local/index.ts';
import { digestOf, sumBytes } from '../../node/protocol/index.ts';
import { StoreError } from '../../node/store/index.ts';
import { runFederation } from './federation.ts';

const out = mkdtempSync(join(tmpdir(), 'murmuration-withheld-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const { coordinatesPerChunk: coordinates } = presets.tiny;

/** Keeps contents of `bytes` bytes out of the store, though their digests are announced. */
const withhold = (bytes: number) => (federation: LocalFederation) => {
  const { store } = federation;
  const { put } = store;
  store.put = async (content) => (content.length === bytes ? digestOf(content) : put(content));
};

/** Shows nobody what one trainer sends as its update, though it is proven and accepted. */
const hideUpdateOf = (trainer: number) => (federation: LocalFederation) => {
  const { store, chain, trainers } = federation;
  const { get } = store;
  const author = trainers[trainer]!.account.signer.address;
  const hidden = new Set<Hex>();
  store.get = async (digest, options) => {
    await chain.refresh();
    for (const { submitted } of chain.journal.rounds)
      for (const { sender, digests } of submitted.update)
        if (sender === author) for (const each of digests) hidden.add(each);
    if (hidden.has(digest)) throw new StoreError('missing', `block ${digest}: its author hides it`);
    return get(digest, options);
  };
};

describe('what is withheld', () => {
  it('as a ciphertext is excluded before anything is opened: the round counts, and its author alone pays', async () => {
    const input = { rounds: 1, phase: 60, trainers: 4 };
    const said: string[] = [];
    const { chain, trainers } = await runFederation(
      join(out, 'ciphertext'),
      input,
      (event) => event.type === 'step' && said.push(event.text),
      hideUpdateOf(1),
    );
    const [round] = chain.journal.rounds;
    const author = trainers[1]!.account.signer.address;
    expect(said.filter((text) => text.startsWith(`votes to exclude what ${author} sent`))).toHaveLength(2);
    expect(round).toMatchObject({ outcome: 'accepted', excluded: [author] });
    expect(round!.submitted.update.map(({ sender }) => sender)).not.toContain(author);
    expect(round!.submitted.update).toHaveLength(3);
    expect(round!.penalties).toEqual([
      { account: author, fault: 'excluded', amount: defaultEconomics.invalidProof },
    ]);
    expect(round!.settled).toHaveLength(3);
    expect(round!.modelAfter).not.toBe(round!.model);
  });

  it('as a support makes the others send zeros and abstain from the vote: nobody is slashed, and nobody paid for it', async () => {
    const input = { rounds: 1, phase: 90, selector: 'leader' } as const;
    const said: string[] = [];
    const { chain } = await runFederation(
      join(out, 'support'),
      input,
      (event) => event.type === 'step' && said.push(event.text),
      withhold(coordinates * 4),
    );
    const [round] = chain.journal.rounds;
    expect(said.filter((text) => text.startsWith('abstains, since'))).toHaveLength(5);
    expect(round!.abstained).toHaveLength(2);
    expect(round!.submitted.update).toHaveLength(3);
    expect(round!.submitted.probe).toHaveLength(2);
    expect(round).toMatchObject({ outcome: 'void', penalties: [], modelAfter: round!.model, settled: [] });
  });

  it('as a sum is opened from the shares by all who need it: the round counts, and nobody is slashed', async () => {
    const input = { rounds: 1, phase: 120 };
    const said: string[] = [];
    const { chain } = await runFederation(
      join(out, 'sum'),
      input,
      (event) => event.type === 'step' && said.push(event.text),
      withhold(sumBytes(coordinates)),
    );
    const [round] = chain.journal.rounds;
    // Two validators vote when they have opened the updates' sum and the group's; of trainers only those need to open
    // the group's for their alignment that did not see it open while they decrypted.
    const opens = (sum: string) => said.filter((text) => text.startsWith(`opens the sum of ${sum} itself`));
    expect(opens('the updates')).toHaveLength(2);
    expect(opens('the probes of group 0').length).toBeGreaterThanOrEqual(2);
    expect(round).toMatchObject({ outcome: 'accepted', penalties: [] });
    expect(round!.votes).toHaveLength(2);
    expect(round!.modelAfter).not.toBe(round!.model);
  });
});
