// What a validator does before anything is opened: it excludes what is missing or false, and nothing else.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Hex } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskChain } from '../../../../node/chain/index.ts';
import { sealChunks } from '../../../../node/cryptography/index.ts';
import { subjects } from '../../../../node/protocol/index.ts';
import { Inspector } from '../../../../node/roles/round/inspection.ts';
import { RoundSums } from '../../../../node/roles/round/sums.ts';
import type { RoleContext } from '../../../../node/roles/runtime/context.ts';
import { type ContentStore, StoreError } from '../../../../node/store/index.ts';
import { makeRound, type TestRound } from '../support/round.ts';

const never = new AbortController().signal;
const nowhere: Hex = `0x${'ab'.repeat(32)}`;

let round: TestRound;
/** Seconds of the phase that have passed, of 1200. */
let passed: number;
const deadline = 1_800_000_000n;
/** Whether all validators have looked. */
let settled: boolean;
/** Whether it is drawn whom the round leaves out; undefined where it leaves out nobody. */
let drawn: boolean | undefined;

beforeEach(async () => {
  [passed, settled, drawn] = [0, false, undefined];
  round = await makeRound();
});
afterEach(() => round.stop());

/** A validator, the round's first account; what it sends to the chain and says, and its look at the round. */
function validator({ store = round.store }: { readonly store?: ContentStore } = {}) {
  const [sent, said]: [string[], string[]] = [[], []];
  const base = round.context({ member: 0, said });
  const name = (account: Address) => `exclude ${round.accounts.indexOf(account)}`;
  const chain: TaskChain = Object.create(base.chain, {
    voteToExclude: {
      value: async (_: number, { sender }: { sender: Address }) => void sent.push(name(sender)),
    },
    inspect: { value: async () => void sent.push('inspected') },
    isSifted: { value: async () => drawn === undefined },
    draw: {
      value: async () => {
        const due = drawn === false;
        if (due) sent.push('drawn');
        drawn = true;
        return due;
      },
    },
    surplus: { value: async () => (drawn ? [round.accounts[2], round.accounts[1]] : []) },
    leaveOut: {
      value: async (_: number, { sender }: { sender: Address }) => settled && sent.push(name(sender)) > 0,
    },
    time: { value: async () => deadline - 1200n + BigInt(passed) },
  });
  const context: RoleContext = { ...base, chain, store };
  const inspector = new Inspector(context, new RoundSums(context, 1));
  const look = (signal = never) =>
    inspector.round(round.entry, { ...round.stage, phase: 'inspect', deadline }, signal);
  return { sent, said, look, sift: () => inspector.sift(round.entry) };
}

/** Replaces what a member sent as its update. */
function send(member: number, digest: Hex) {
  const { update } = round.entry.submitted;
  update[member] = { ...update[member]!, digests: [digest] };
}

/** A store that does not show a digest. */
const hiding = (digest: Hex, reason: 'missing' | 'unreachable' = 'missing'): ContentStore => ({
  ...round.store,
  get: async (asked, options) => {
    if (asked === digest) throw new StoreError(reason, `block ${asked}: hidden`);
    return round.store.get(asked, options);
  },
});

describe('an inspection', () => {
  it('of sound content says at once that there is nothing to exclude', async () => {
    const { sent, said, look } = validator();
    await look();
    expect(sent).toEqual(['inspected']);
    expect(said).toEqual([]);
  });

  it('excludes content that is nowhere when half of the phase is over, and waits for it until then', async () => {
    const { sent, look } = validator();
    send(1, nowhere);
    passed = 599;
    await look();
    await look();
    expect(sent).toEqual([]);
    passed = 600;
    await look();
    expect(sent).toEqual(['exclude 1', 'inspected']);
  });

  it('takes content that comes late', async () => {
    const [{ digests }] = [round.entry.submitted.update[1]!];
    let shown = false;
    const late = hiding(digests[0]!);
    const store = { ...late, get: (...asked) => (shown ? round.store : late).get(...asked) } as ContentStore;
    const { sent, look } = validator({ store });
    passed = 500;
    await look();
    expect(sent).toEqual([]);
    shown = true;
    passed = 900;
    await look();
    expect(sent).toEqual(['inspected']);
  });

  it('excludes at once what is no ciphertext, is too large, or has a proof that fails', async () => {
    const { he } = round.context({ member: 0 });
    const { sent, look } = validator();
    send(1, await round.store.put(new TextEncoder().encode('no ciphertext')));
    // Another's ciphertext under one's own name: its proof is bound to the other.
    send(2, round.entry.submitted.update[0]!.digests[0]!);
    await look();
    expect(sent).toEqual(['exclude 1', 'exclude 2', 'inspected']);

    const second = validator();
    send(1, await round.store.put(new Uint8Array(2 * he.ciphertextBytes + he.encryptionProofBytes(1))));
    await second.look();
    expect(second.sent).toEqual(['exclude 1', 'exclude 2', 'inspected']);
  });

  it('excludes an honest ciphertext of another round: shown again, it would be opened twice', async () => {
    const { he } = round.context({ member: 0 });
    const group = await new RoundSums(round.context({ member: 0 }), 1).group();
    const binding = {
      subject: 'update',
      chainId: 31337,
      contract: round.context({ member: 0 }).chain.rounds,
      task: 1n,
      round: 7,
      sender: round.accounts[1]!,
    } as const;
    const [sealed] = sealChunks(
      { he, group },
      { binding, chunks: [new Int32Array(he.params.coordinatesPerChunk)] },
    );
    send(1, await round.store.put(sealed!.content));
    const { sent, look } = validator();
    await look();
    expect(sent).toEqual(['exclude 1', 'inspected']);
  });

  it('shows all what it has seen itself: content that is shown to some only excludes nobody', async () => {
    const { digests } = round.entry.submitted.update[1]!;
    const content = await round.store.get(digests[0]!, { maxBytes: 1e7 });
    // What the others can read is what a validator has put there.
    const common = new Map<Hex, Uint8Array>();
    const secret = hiding(digests[0]!);
    const shared: ContentStore = {
      ...secret,
      get: async (asked, options) => common.get(asked) ?? secret.get(asked, options),
    };
    const favoured: ContentStore = {
      ...shared,
      get: async (asked, options) => (asked === digests[0] ? content : shared.get(asked, options)),
      put: async (bytes) => {
        const digest = await round.store.put(bytes);
        common.set(digest, bytes);
        return digest;
      },
    };
    const other = validator({ store: shared });
    await other.look();
    expect(other.sent).toEqual([]);
    const first = validator({ store: favoured });
    await first.look();
    expect(first.sent).toEqual(['inspected']);
    passed = 900;
    await other.look();
    expect(other.sent).toEqual(['inspected']);
  });

  it('blames nobody for a store that does not answer, or has nothing at all', async () => {
    passed = 899;
    const unreachable = validator({
      store: hiding(round.entry.submitted.update[1]!.digests[0]!, 'unreachable'),
    });
    await unreachable.look();
    expect([unreachable.sent, unreachable.said]).toEqual([[], []]);
    // A validator that said nothing at all would count as absent itself.
    passed = 900;
    await unreachable.look();
    expect(unreachable.sent).toEqual(['inspected']);
    expect(unreachable.said).toEqual([expect.stringMatching(/could not look at what 1 sent/)]);
    const empty: ContentStore = {
      ...round.store,
      get: async (asked, options) => {
        const sent = subjects.flatMap((subject) => round.entry.submitted[subject]);
        if (!sent.some(({ digests }) => digests.includes(asked))) return round.store.get(asked, options);
        throw new StoreError('missing', `block ${asked}: not here`);
      },
    };
    const without = validator({ store: empty });
    await without.look();
    expect(without.sent).toEqual(['inspected']);
  });

  it.each([
    ['a body that breaks off', 'get', new TypeError('terminated')],
    ['a disk that is full', 'put', Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })],
    ['a look that took too long', 'get', new DOMException('timed out', 'TimeoutError')],
  ] as const)('blames nobody for %s', async (_, call, error) => {
    const { digests } = round.entry.submitted.update[1]!;
    const content = await round.store.get(digests[0]!, { maxBytes: 1e7 });
    let fails = true;
    const failing = {
      get: async (asked: Hex, options: Parameters<ContentStore['get']>[1]) => {
        if (fails && call === 'get' && asked === digests[0]) throw error;
        return round.store.get(asked, options);
      },
      put: async (bytes: Uint8Array) => {
        if (fails && call === 'put' && Buffer.compare(bytes, content) === 0) throw error;
        return round.store.put(bytes);
      },
    };
    const { sent, look } = validator({ store: { ...round.store, ...failing } });
    passed = 800;
    await look();
    expect(sent).toEqual([]);
    fails = false;
    await look();
    expect(sent).toEqual(['inspected']);
  });

  it('that is cut off blames nobody', async () => {
    passed = 1100;
    const stop = new AbortController();
    const hangs: ContentStore = {
      ...round.store,
      get: async (asked, options) => {
        if (asked !== round.entry.submitted.update[1]!.digests[0]) return round.store.get(asked, options);
        while (!options.signal?.aborted) await sleep(5);
        throw options.signal.reason;
      },
    };
    const { sent, look } = validator({ store: hangs });
    const looking = look(stop.signal);
    await sleep(50);
    stop.abort(new Error('the role ends'));
    await expect(looking).rejects.toThrow('the role ends');
    expect(sent).toEqual([]);
  });

  it('leaves out whom the draw leaves out, once all have looked, and nobody twice', async () => {
    const { sent, sift } = validator();
    await sift();
    expect(sent).toEqual([]);
    drawn = false;
    await sift();
    expect(sent).toEqual(['drawn']); // before anybody has looked: who could wait would choose the draw
    await sift();
    expect(sent).toHaveLength(1);
    settled = true;
    await sift();
    expect(sent).toEqual(['drawn', 'exclude 2', 'exclude 1']);
    round.entry.submitted.update.splice(1);
    await sift();
    expect(sent).toHaveLength(3);
  });

  it('votes once on each, also when it looks again', async () => {
    const { sent, look } = validator();
    send(1, await round.store.put(new TextEncoder().encode('no ciphertext')));
    send(2, nowhere);
    await look();
    await look();
    expect(sent).toEqual(['exclude 1']);
    passed = 700;
    await look();
    expect(sent).toEqual(['exclude 1', 'exclude 2', 'inspected']);
  });
});
