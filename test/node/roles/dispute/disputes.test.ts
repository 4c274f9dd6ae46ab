// Disputes as members take part in them: who accuses, judges, signs and files, once each, also after a restart; and what
// spam, junk and liars come to.
import { type Hex, zeroHash } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChainAway, Reverted, type SignerOf, type TaskChain } from '../../../../node/chain/index.ts';
import { type Evidence, encodeEvidence, maxEvidence } from '../../../../node/disputes/index.ts';
import { type Accusation, digestOf, type TopicKind, topicOf } from '../../../../node/protocol/index.ts';
import { createDisputes, DisputingMember } from '../../../../node/roles/dispute/disputes.ts';
import type { RoleContext } from '../../../../node/roles/runtime/context.ts';
import { StoreError } from '../../../../node/store/index.ts';
import { makeRound, type TestRound } from '../support/round.ts';

const culprit = 1;
const validators = [11, 12, 13].map((i) => privateKeyToAccount(`0x${String(i).padStart(64, '0')}`));
const trainers = [1, 2, 3].map((i) => privateKeyToAccount(`0x${String(i).padStart(64, '0')}`));
const disputes = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0';

let round: TestRound;
let own: readonly Hex[];
let height: bigint;
let now: bigint;
let filed: { accusation: Accusation; signed: readonly SignerOf[] }[];
let executed: Hex[];
/** Who is out of the task. */
let out: Hex[];

beforeAll(async () => {
  round = await makeRound();
  own = round.entry.submitted.update.map(({ digests }) => digests[0]!);
});
afterAll(() => round.stop());

beforeEach(async () => {
  [height, now, filed, executed, out] = [0n, 1000n, [], [], []];
  round.journal.announcements.length = 0;
  round.journal.disputes.clear();
  Object.assign(round.journal.epochs.get(1)!, { validators: validators.map(({ address }) => address) });
  round.entry.outcome = 'pending';
  for (const [at, each] of round.entry.submitted.update.entries()) each.digests = [own[at]!];
  round.entry.submitted.update[culprit]!.digests = [await round.store.put(Uint8Array.of(1, 2, 3))];
});

/** The chain as an account sees it; what is announced and filed comes into the journal at once. */
function chainOf(account: Hex): TaskChain {
  const { chain } = round.context({ member: 0 });
  const post = (kind: TopicKind, number: number, digest: Hex) => {
    height += 1n;
    round.journal.announcements.push({
      sender: account,
      topic: topicOf(kind, number),
      digest,
      block: height,
    });
  };
  return {
    ...chain,
    account,
    disputes,
    journal: round.journal,
    get height() {
      return height;
    },
    refresh: async () => undefined,
    time: async () => now,
    seat: async (of: Hex) => ({ standing: out.includes(of) ? 'ejected' : 'good' }),
    pledgeOf: async () => 100n,
    announce: async (kind: TopicKind, number: number, digest: Hex) => post(kind, number, digest),
    async fileDispute(accusation: Accusation, signed: readonly SignerOf[]) {
      filed.push({ accusation, signed });
      const { culprit: of, fault, evidence } = accusation;
      const dispute = { id: zeroHash, round: Number(accusation.round), culprit: of, fault, evidence };
      round.journal.disputes.set(zeroHash, { ...dispute, appealEnds: 2000n, status: 'pending' });
    },
    async executeDispute(id: Hex) {
      executed.push(id);
      round.journal.disputes.get(id)!.status = 'executed';
    },
  } as unknown as TaskChain;
}

/** A member, begun anew. */
function member(signer: (typeof trainers)[number]): DisputingMember {
  const context: RoleContext = { ...round.context({ member: 0 }), chain: chainOf(signer.address) };
  return new DisputingMember(context, { signer, chunks: 1 });
}

const { signal } = new AbortController();
const look = async (...members: DisputingMember[]) => {
  for (const each of members) await each.look(signal);
};
/** What was announced, as the places of its senders. */
const posts = (kind: TopicKind, of: readonly { address: Hex }[]) =>
  round.journal.announcements
    .filter(({ topic }) => topic === topicOf(kind, 1))
    .map(({ sender }) => of.findIndex(({ address }) => address === sender));
const suspect = (of: DisputingMember) =>
  of.suspect({ kind: 'ciphertext', entry: round.entry, sender: trainers[culprit]!.address });
const evidenceAgainst = (at: number): Evidence => ({
  kind: 'ciphertext',
  version: 1,
  chainId: 31337,
  contract: round.context({ member: 0 }).chain.rounds,
  task: 1n,
  round: 1,
  culprit: trainers[at]!.address,
});
const announce = async (by: Hex, content: Uint8Array | Hex) =>
  chainOf(by).announce(
    'accusation',
    1,
    typeof content === 'string' ? content : await round.store.put(content),
  );

describe('a member that noticed something wrong', () => {
  it('announces evidence once, however often it notices, and after a restart', async () => {
    const first = member(trainers[0]!);
    for (let again = 0; again < 3; again++) {
      suspect(first);
      await look(first);
    }
    const restarted = member(trainers[0]!);
    suspect(restarted);
    await look(restarted);
    expect(posts('accusation', trainers)).toEqual([0]);
  });

  it('leaves it to the first that did, unless what that one announced convicts nobody', async () => {
    // A confederate's evidence against the same member, which is about a sum that it did not prove.
    const junk = { ...evidenceAgainst(culprit), kind: 'sum', sum: 0 } as const;
    const { kind, version, chainId, contract, task, round: number, culprit: of, sum } = junk;
    const content = encodeEvidence({
      kind,
      version,
      chainId,
      contract,
      task,
      round: number,
      culprit: of,
      sum,
    });
    await announce(trainers[2]!.address, content);
    const [second, third] = [member(trainers[0]!), member(trainers[2]!)];
    suspect(second);
    await look(second);
    expect(posts('accusation', trainers)).toEqual([2, 0]);
    suspect(third);
    await look(third);
    expect(posts('accusation', trainers)).toEqual([2, 0]);
  });

  it('announces nothing about who did no wrong', async () => {
    const careful = member(trainers[0]!);
    careful.suspect({ kind: 'ciphertext', entry: round.entry, sender: trainers[2]!.address });
    await look(careful);
    expect(posts('accusation', trainers)).toEqual([]);
  });
});

describe('a suspicion that cannot be looked into', () => {
  /** A member that suspects a ring, for which it takes the key; `fault` keeps it from reading that. */
  function suspicious() {
    const state = { fault: undefined as Error | undefined, reads: 0 };
    const chain = Object.assign(Object.create(chainOf(trainers[0]!.address)), {
      async state() {
        state.reads += 1;
        if (state.fault) throw state.fault;
        return { status: 'running', epoch: 1, deadline: 0n };
      },
    }) as TaskChain;
    const of = new DisputingMember(
      { ...round.context({ member: 0 }), chain },
      { signer: trainers[0]!, chunks: 1 },
    );
    of.suspect({ kind: 'ring', entry: round.entry, sum: 0, chains: [] });
    return { of, state };
  }

  it('for something that may still come is looked into again at the next block', async () => {
    const { of, state } = suspicious();
    state.fault = new StoreError('missing', 'a key share is not there');
    await look(of, of);
    expect(state.reads).toBe(1);
    height += 1n;
    await look(of);
    expect(state.reads).toBe(2);
  });

  it('while the chain is away is told, and looked into again', async () => {
    const { of, state } = suspicious();
    state.fault = new ChainAway([{ name: 'a node', reason: 'no answer', overtaxed: false }]);
    await expect(look(of)).rejects.toBe(state.fault);
    height += 1n;
    await expect(look(of)).rejects.toBe(state.fault);
    expect(state.reads).toBe(2);
  });

  it('for another reason is told, and given up', async () => {
    const { of, state } = suspicious();
    state.fault = new Error('no key');
    await expect(look(of)).rejects.toBe(state.fault);
    height += 1n;
    await look(of);
    expect(state.reads).toBe(1);
  });

  it('since the member stops is told to nobody', async () => {
    const { of, state } = suspicious();
    state.fault = new Error('stopped');
    await of.look(AbortSignal.abort());
    height += 1n;
    await look(of).catch(() => undefined);
    expect(state.reads).toBe(2);
  });
});

describe('a member between two blocks', () => {
  it('looks when there is something new, or after a while, and not again and again', async () => {
    const { chain, ...context } = { ...round.context({ member: 0 }), chain: chainOf(trainers[0]!.address) };
    let looks = 0;
    const asked: bigint[] = [];
    let block = Promise.withResolvers<void>();
    const counted = {
      ...chain,
      get height() {
        return height;
      },
      async refresh() {
        looks += 1;
      },
      async news(since: bigint) {
        asked.push(since);
        await block.promise;
        block = Promise.withResolvers();
      },
    };
    const settings = { signer: trainers[0]!, chunks: 1, interval: 1, onError: () => undefined };
    const disputes = createDisputes({ ...context, chain: counted as TaskChain }, settings);
    await disputes.start();
    await vi.waitFor(() => expect(asked).toEqual([0n]), 60_000);
    height = 7n;
    block.resolve();
    await vi.waitFor(() => expect(asked).toEqual([0n, 7n]), 60_000);
    expect(looks).toBe(2);
    const stopped = disputes.stop();
    block.resolve();
    await stopped;
  });
});

describe('validators', () => {
  it('sign what convicts, once, also after a restart, and nothing against the honest', async () => {
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(2)));
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    const each = validators.map(member);
    await look(...each, ...each, member(validators[0]!));
    expect(posts('accusation-signature', validators)).toEqual([0, 1, 2]);
  });

  it('sign as long as they are in, and nobody else does: such signatures count for nothing', async () => {
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    out = [validators[1]!.address];
    await look(...[...trainers, ...validators].map(member));
    expect(posts('accusation-signature', [...trainers, ...validators])).toEqual([3, 5]);
  });

  it('sign against each culprit of a round, and announce no signature again that their store does not show', async () => {
    round.entry.submitted.update[2]!.digests = [await round.store.put(Uint8Array.of(3, 2, 1))];
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(2)));
    await look(member(validators[0]!));
    expect(posts('accusation-signature', validators)).toEqual([0, 0]);
    const announced = round.journal.announcements.slice(-2).map(({ digest }) => digest);
    const { get } = round.store;
    const hidden = vi.spyOn(round.store, 'get').mockImplementation(async (digest, options) => {
      if (announced.includes(digest)) throw new StoreError('missing', `block ${digest}: hidden`);
      return get(digest, options);
    });
    await look(member(validators[0]!));
    hidden.mockRestore();
    expect(posts('accusation-signature', validators)).toEqual([0, 0]);
  });

  it('sign the first that convicts of several, so that their signatures add up', async () => {
    await announce(trainers[2]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await look(...validators.map(member));
    round.entry.outcome = 'accepted';
    await look(member(trainers[0]!), member(trainers[2]!));
    expect(filed).toHaveLength(1);
    expect(filed[0]!.accusation.reporter).toBe(trainers[2]!.address);
    expect(filed[0]!.signed).toHaveLength(3);
  });

  it('sign nothing while it stays open, and do not judge what its culprit announced', async () => {
    const missing = digestOf(Uint8Array.of(9, 9));
    round.entry.submitted.update[culprit]!.digests = [missing];
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await look(...validators.map(member));
    expect(posts('accusation-signature', validators)).toEqual([]);
    await round.store.put(Uint8Array.of(9, 9));
    await look(...validators.map(member));
    expect(posts('accusation-signature', validators)).toEqual([0, 1, 2]);

    round.journal.announcements.length = 0;
    await announce(trainers[culprit]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await look(...validators.map(member));
    expect(posts('accusation-signature', validators)).toEqual([]);
  });

  it('judge again a while later what stays open, and not at every look', async () => {
    const content = Uint8Array.of(8, 8);
    round.entry.submitted.update[culprit]!.digests = [digestOf(content)];
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    const validator = member(validators[0]!);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const signs = async () => {
      await look(validator);
      return posts('accusation-signature', validators).length;
    };
    expect(await signs()).toBe(0);
    await round.store.put(content);
    clock.mockReturnValue(15_999);
    expect(await signs()).toBe(0);
    clock.mockReturnValue(16_000);
    expect(await signs()).toBe(1);
    clock.mockRestore();
  });

  it('read four accusations of a member and no more, and none twice', async () => {
    for (let junk = 0; junk < 50; junk++) await announce(trainers[2]!.address, Uint8Array.of(junk, 77));
    await announce(trainers[2]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await announce(trainers[0]!.address, new Uint8Array(maxEvidence + 1));
    const get = vi.spyOn(round.store, 'get');
    const validator = member(validators[0]!);
    await look(validator, validator);
    expect(get).toHaveBeenCalledTimes(5);
    get.mockRestore();
    expect(posts('accusation-signature', validators)).toEqual([]);
  });

  it("are counted by their own signatures alone: another's, a stranger's, or one on another accusation is none", async () => {
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await look(member(validators[0]!));
    const { digest } = round.journal.announcements.at(-1)!;
    for (const { address } of [validators[1]!, validators[2]!, trainers[2]!])
      await chainOf(address).announce('accusation-signature', 1, digest);
    round.entry.outcome = 'accepted';
    await look(member(trainers[0]!));
    expect(filed).toEqual([]);
  });
});

describe('a quorum', () => {
  beforeEach(async () => {
    await announce(trainers[0]!.address, encodeEvidence(evidenceAgainst(culprit)));
    await look(member(validators[0]!));
  });

  it('is more than half of the stake, and is filed by the reporter when the round is over, once', async () => {
    round.entry.outcome = 'accepted';
    await look(member(trainers[0]!));
    expect(filed).toEqual([]);
    round.entry.outcome = 'pending';
    await look(member(validators[1]!));
    await look(member(trainers[0]!));
    expect(filed).toEqual([]);
    round.entry.outcome = 'accepted';
    const reporter = member(trainers[0]!);
    await look(reporter, reporter, member(trainers[0]!));
    expect(filed.map(({ signed }) => signed.length)).toEqual([2]);
    expect(filed[0]!.accusation).toMatchObject({ culprit: trainers[culprit]!.address, fault: 3, round: 1n });
  });

  it('is filed by another where the reporter is gone, and carried out after the appeal window, once', async () => {
    await look(member(validators[1]!));
    round.entry.outcome = 'accepted';
    const other = member(trainers[2]!);
    const clock = vi.spyOn(performance, 'now');
    const start = performance.now();
    await look(other);
    expect(filed).toEqual([]);
    clock.mockReturnValue(start + 60_000);
    await look(other);
    expect(filed).toHaveLength(1);
    clock.mockRestore();
    now = 2000n;
    await look(member(trainers[0]!));
    expect(executed).toEqual([]);
    now = 2001n;
    const reporter = member(trainers[0]!);
    await look(reporter, reporter, member(trainers[0]!));
    expect(executed).toEqual([zeroHash]);
  });

  it('that the contract refuses is filed again a while later, and what keeps it from being sent is passed on', async () => {
    await look(member(validators[1]!));
    round.entry.outcome = 'accepted';
    const told: string[] = [];
    let [tries, error] = [0, new Reverted('file', 'TooEarly', 'was refused.') as Error];
    const chain = Object.create(chainOf(trainers[0]!.address), {
      fileDispute: {
        value: async () => {
          tries++;
          throw error;
        },
      },
    }) as TaskChain;
    const observe = (event: { readonly text?: string }) => void told.push(event.text ?? '');
    const context = { ...round.context({ member: 0 }), chain, observe } as RoleContext;
    const reporter = new DisputingMember(context, { signer: trainers[0]!, chunks: 1 });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    await look(reporter, reporter);
    expect(told).toEqual([
      `files the dispute with ${trainers[culprit]!.address} about round 1`,
      'is refused: file was refused.',
    ]);
    clock.mockReturnValue(15_999);
    await look(reporter);
    expect(tries).toBe(1);
    clock.mockReturnValue(16_000);
    error = new Error('no answer');
    await expect(look(reporter)).rejects.toBe(error);
    clock.mockRestore();
    expect(tries).toBe(2);
    expect(told).toHaveLength(3);
  });
});

describe('what a member does about wrongs', () => {
  it('is told: the accusation, its judgement, the dispute and its end', async () => {
    const told: string[] = [];
    const open = (signer: (typeof trainers)[number]) => {
      const observe = (event: { readonly text?: string }) => void told.push(event.text ?? '');
      const context = {
        ...round.context({ member: 0 }),
        chain: chainOf(signer.address),
        observe,
      } as RoleContext;
      return new DisputingMember(context, { signer, chunks: 1 });
    };
    const reporter = open(trainers[0]!);
    suspect(reporter);
    await look(reporter, open(validators[0]!), open(validators[1]!));
    round.entry.outcome = 'accepted';
    await look(reporter);
    now = 2001n;
    await look(reporter);
    const { address } = trainers[culprit]!;
    expect(told.filter((text) => text.includes(address))).toEqual([
      expect.stringMatching(`^accuses ${address} of .+ in round 1$`),
      ...Array(2).fill(expect.stringMatching(`^finds ${address} guilty of .+ in round 1$`)),
      `files the dispute with ${address} about round 1`,
      `has the dispute with ${address} about round 1 carried out`,
    ]);
  });

  it('is to look into the last 32 wrongs that it noticed, each once', async () => {
    const noticing = member(trainers[0]!);
    const notice = (number: number) =>
      noticing.suspect({
        kind: 'ciphertext',
        entry: { ...round.entry, number },
        sender: trainers[culprit]!.address,
      });
    // The one of this round is forgotten with 32 after it, and is not with 31.
    suspect(noticing);
    for (let number = 2; number < 34; number++) notice(number);
    await noticing.look(signal).catch(() => undefined);
    expect(posts('accusation', trainers)).toEqual([]);
    const other = member(trainers[0]!);
    suspect(other);
    for (let number = 2; number < 33; number++)
      for (let times = 0; times < 2; times++)
        other.suspect({
          kind: 'ciphertext',
          entry: { ...round.entry, number },
          sender: trainers[culprit]!.address,
        });
    await other.look(signal).catch(() => undefined);
    expect(posts('accusation', trainers)).toEqual([0]);
  });
});
