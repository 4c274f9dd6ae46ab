// Complete sets, and the attack on opening: BFV's ciphertexts are malleable, so without encryption proofs one
// trainer makes the opened sum show another's update.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkShapes } from '@murmuration/core';
import { createHe, DecryptionLog, type He, type MemberKey } from '@murmuration/he';
import { createBackend, createProver, ensureDevelopmentKeys, type Prover } from '@murmuration/prover';
import type { Address, Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Accepted,
  addCiphertexts,
  CiphertextError,
  completeSets,
  jointShareOf,
  openSums,
  type PublishedShares,
  readShares,
  type SealedChunk,
  sealChunks,
  shareOf,
  totalsChecker,
} from '../../../node/cryptography/index.ts';
import { type Binding, decodeBundle, encodeBundle, encryptionBinding } from '../../../node/protocol/index.ts';
import { type ContentStore, createFolderStore, StoreError } from '../../../node/store/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { expectError, type MadeGroup, makeGroup } from '../../he/support.ts';

describe('complete sets', () => {
  const of = (member: number, set: number[]): PublishedShares => ({ member, set, shares: [] });
  it('have a content of every member', () => {
    const published = [of(0, [0, 1]), of(1, [1, 2]), of(1, [0, 1]), of(0, [0, 2])];
    expect(completeSets(published, 2)).toEqual([[of(0, [0, 1]), of(1, [0, 1])]]);
  });
  it('count a member once', () => {
    expect(completeSets([of(0, [0, 1]), of(0, [0, 1])], 2)).toEqual([]);
  });
  it('are of t members: a set that a member forms with itself alone is none', () => {
    expect(completeSets([of(0, [0]), of(1, [1])], 2)).toEqual([]);
  });
});

describe('joint shares of many sums', () => {
  const key = {} as MemberKey;
  const sums = [Uint8Array.of(1), undefined, Uint8Array.of(2), Uint8Array.of(3)];

  it('are made one by one: in the largest groups each takes seconds, and peers and chain go on', async () => {
    const order: string[] = [];
    const turn = (left: number) => {
      order.push('turn');
      if (left > 0) setImmediate(turn, left - 1);
    };
    setImmediate(turn, 6);
    const jointShare = ({ sum }: { readonly sum: Uint8Array }) => {
      order.push('share');
      return Uint8Array.from(sum);
    };
    const content = await jointShareOf({ he: { jointShare }, key }, sums);
    expect(decodeBundle(content, 4).map((share) => share[0])).toEqual([1, undefined, 2, 3]);
    expect(order.join(' ')).toMatch(/share turn (turn )?share turn (turn )?share/);
  });

  it('end with the phase', async () => {
    const phase = new AbortController();
    const made: Uint8Array[] = [];
    const jointShare = ({ sum }: { readonly sum: Uint8Array }) => {
      made.push(sum);
      phase.abort();
      return Uint8Array.from(sum);
    };
    const context = { he: { jointShare }, key, signal: phase.signal };
    await expect(jointShareOf(context, sums)).rejects.toThrow(/abort/);
    expect(made).toHaveLength(1);
  });
});

describe('a malleated ciphertext', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opening-'));
  const store = createFolderStore(folder);
  const backend = createBackend({ name: 'wasm', cacheFolder });
  const { coordinatesPerChunk } = chunkShapes.tiny;
  const accounts = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as Address);
  const ofRound = { subject: 'update', chainId: 1, contract: accounts[0]!, task: 1n, round: 2 } as const;
  const coordinatesOf = (member: number) =>
    Int32Array.from({ length: coordinatesPerChunk }, (_, j) => ((j * (member + 3)) % 255) - 127);
  let he: He;
  let made: MadeGroup;
  let prover: Prover;
  let sealed: SealedChunk[];

  beforeAll(async () => {
    await store.start();
    he = await createHe('tiny');
    made = makeGroup(he, 3, 2);
    prover = createProver(await ensureDevelopmentKeys('tiny', { cacheFolder }), backend);
    sealed = accounts.map((sender, member) => seal({ ...ofRound, sender }, coordinatesOf(member)));
  });
  afterAll(async () => {
    await store.stop();
    rmSync(folder, { recursive: true });
  });

  const seal = (binding: Binding, coordinates: Int32Array) =>
    sealChunks({ he, group: made.group }, { binding, chunks: [coordinates] })[0]!;
  const ciphertextOf = ({ content }: SealedChunk) => decodeBundle(content, 2) as [Uint8Array, Uint8Array];
  const whole = () => ({ from: 0, to: he.params.ringDegree });

  /** A ciphertext of `factor` times what the given ones encrypt; it says of itself what weight it has. */
  function multiple(ciphertexts: Uint8Array[], factor: bigint, weight = 1): Uint8Array {
    const { group } = made;
    const sum = he.createAccumulator(group);
    for (const each of ciphertexts) sum.add(each);
    const { primes } = he.params;
    const { rows } = he.takeSegment({ group, ciphertext: sum.sum(), range: whole() });
    const multiplied = [...rows].map((row, at) => {
      const prime = primes[at % primes.length]!;
      return row.map((x) => (((x * factor) % prime) + prime) % prime);
    });
    return he.assembleSegments(group, [{ ...whole(), weight, rows: multiplied }]);
  }

  async function accept(chunks: Uint8Array[]): Promise<Accepted[]> {
    const digests: Hex[] = [];
    for (const chunk of chunks) digests.push(await store.put(chunk));
    return digests.map((digest, member) => ({ sender: accounts[member]!, weight: 1, digests: [digest] }));
  }

  function open(sum: Uint8Array) {
    const set = [0, 1];
    const published = set.map((member) => {
      const context = { he, key: made.keys[member]!, log: new DecryptionLog() };
      return readShares(he, shareOf(context, { sums: [sum], set }), 1);
    });
    const complete = completeSets(published, 2)[0]!;
    return openSums({ he, group: made.group }, { sums: [sum], complete })[0]!;
  }

  const add = (accepted: Accepted[], from: ContentStore = store, signal?: AbortSignal) =>
    addCiphertexts(
      { he, group: made.group, store: from, signal },
      { binding: ofRound, accepted, chunks: 1 },
    ).then(([sum]) => sum!);

  it('honest ones add up to the sum that opens the commitments', async () => {
    const accepted = await accept(sealed.map(({ content }) => content));
    const sum = open(await add(accepted));
    const expected = Int32Array.from(
      { length: coordinatesPerChunk },
      (_, j) => coordinatesOf(0)[j]! + coordinatesOf(1)[j]! + coordinatesOf(2)[j]!,
    );
    expect(sum.coordinates).toEqual(expected);
    const { commitment } = await prover.commit('aggregate', {
      coordinates: expected,
      blinding: sum.blinding,
    });
    await totalsChecker(prover, [commitment])([sum]);
    // One coordinate larger: another vector, another commitment.
    const altered = { ...sum, coordinates: sum.coordinates.map((u, j) => (j === 5 ? u + 1 : u)) };
    await expect(totalsChecker(prover, [commitment])([altered])).rejects.toThrow(
      /chunk 0: the decrypted sum does not open/,
    );
  });

  it('sums that different sets open are compared from the chunk on that was wrong before', async () => {
    const sum = open(await add(await accept(sealed.map(({ content }) => content))));
    const commitment = await prover.commitment('aggregate', sum);
    const altered = { ...sum, coordinates: sum.coordinates.map((u, j) => (j === 5 ? u + 1 : u)) };
    const looked: unknown[] = [];
    const watched = {
      ...prover,
      commitment: (...of: Parameters<Prover['commitment']>) => {
        looked.push(of[1]);
        return prover.commitment(...of);
      },
    };
    const check = totalsChecker(watched, [commitment, commitment]);
    await expect(check([sum, altered])).rejects.toThrow(/chunk 1/);
    await expect(check([sum, altered])).rejects.toThrow(/chunk 1/);
    await check([sum, sum]);
    expect(looked).toEqual([sum, altered, altered, sum, sum]);
  });

  it('the negated sum of all others but one is refused: unchecked, the victim lies open', async () => {
    const [victim, other] = sealed.map((chunk) => ciphertextOf(chunk)[0]) as [Uint8Array, Uint8Array];
    const forged = multiple([other!], -1n);
    // Its maker knows no witness for it; the best it has is the proof of its own honest ciphertext, or the
    // other's.
    for (const proof of [ciphertextOf(sealed[2]!)[1], ciphertextOf(sealed[1]!)[1]]) {
      const accepted = await accept([sealed[0]!.content, sealed[1]!.content, encodeBundle([forged, proof])]);
      await expect(add(accepted)).rejects.toMatchObject({ sender: accounts[2], cause: { code: 'proof' } });
    }
    // What the check prevents: victim + other - other, added and decrypted by members who do not look at
    // proofs.
    const unchecked = he.createAccumulator(made.group).add(victim!).add(other!).add(forged).sum();
    expect(open(unchecked)).toEqual({ coordinates: coordinatesOf(0), blinding: sealed[0]!.blinding });
  });

  it("a multiple of another's old ciphertext is refused: unchecked, it drowns the others", async () => {
    const old = seal({ ...ofRound, round: 1, sender: accounts[0]! }, coordinatesOf(0));
    const [ciphertext, proof] = ciphertextOf(old);
    const forged = multiple([ciphertext], 900n);
    const accepted = await accept([sealed[0]!.content, sealed[1]!.content, encodeBundle([forged, proof])]);
    await expect(add(accepted)).rejects.toMatchObject({ sender: accounts[2], cause: { code: 'proof' } });
    const [first, second] = sealed.map((chunk) => ciphertextOf(chunk)[0]) as [Uint8Array, Uint8Array];
    const heavy = multiple([ciphertext], 900n, 900);
    const unchecked = he.createAccumulator(made.group).add(first).add(second).add(heavy).sum();
    const seen = open(unchecked).coordinates.map((u) => Math.round(u / 900));
    expect(seen).toEqual(coordinatesOf(0));
  });

  it("another's unaltered ciphertext and proof serve no other sender and no other round", async () => {
    const { group } = made;
    const [ciphertext, proof] = ciphertextOf(sealed[0]!);
    const at = (binding: Binding) => () =>
      he.checkEncryption({ group, ciphertexts: [ciphertext], proof, binding: encryptionBinding(binding) });
    expect(at({ ...ofRound, sender: accounts[0]! })).not.toThrow();
    expectError(at({ ...ofRound, sender: accounts[1]! }), 'proof');
    expectError(at({ ...ofRound, sender: accounts[0]!, round: 3 }), 'proof');
  });

  describe('that cannot be fetched now', () => {
    const failing = (error: unknown): ContentStore => ({
      ...store,
      get: () => Promise.reject(error),
    });

    it.each(['missing', 'wrong', 'unreachable'] as const)(
      'blames nobody: the store says %s',
      async (reason) => {
        const accepted = await accept([sealed[0]!.content]);
        const outage = new StoreError(reason, 'an outage');

        await expect(add(accepted, failing(outage))).rejects.toBe(outage);
      },
    );

    it('blames nobody: an answer breaks off, a disk is full', async () => {
      const accepted = await accept([sealed[0]!.content]);
      const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'read' });
      for (const error of [new TypeError('terminated'), full])
        await expect(add(accepted, failing(error))).rejects.toBe(error);
    });

    it('blames its sender when it is larger than any ciphertext', async () => {
      const accepted = await accept([sealed[0]!.content]);
      const oversized = new StoreError('oversized', 'too large');

      const refusal = await add(accepted, failing(oversized)).catch((error: unknown) => error);

      expect(refusal).toBeInstanceOf(CiphertextError);
      expect(refusal).toMatchObject({ code: 'sum', sender: accounts[0], cause: oversized });
    });

    it('blames nobody when the phase ends while it is fetched', async () => {
      const accepted = await accept([sealed[0]!.content]);
      const phase = new AbortController();
      const over = new Error('the phase is over');
      // A store that answers nothing: only the signal that it is given ends the wait.
      const silent: ContentStore = {
        ...store,
        get: (_, { signal }) =>
          new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
      };
      const added = add(accepted, silent, phase.signal);
      phase.abort(over);

      await expect(added).rejects.toBe(over);
    });
  });

  it('shares of two members or two sets are no content', () => {
    const sum = he.createAccumulator(made.group).add(ciphertextOf(sealed[0]!)[0]).sum();
    const share = (member: number, set: number[]) =>
      he.decryptionShare({ key: made.keys[member]!, sum, set, log: new DecryptionLog() });
    const mixed = [
      [share(0, [0, 1]), share(1, [0, 1])],
      [share(0, [0, 1]), share(0, [0, 2])],
    ];
    for (const shares of mixed)
      expect(() => readShares(he, encodeBundle(shares), 2)).toThrow(/several members or sets/);
  });
});
