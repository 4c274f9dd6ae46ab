// What every content store must do, however it keeps its blocks.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prospectOf } from '../../../node/errors.ts';
import { digestOf } from '../../../node/protocol/index.ts';
import {
  type ContentStore,
  mayStillCome,
  patientStore,
  type StoreReason,
} from '../../../node/store/index.ts';

/** Ends a fault. */
type Undo = () => Promise<void>;

/**
 * A store under test, and what can go wrong behind it. A fault is absent where the test cannot bring it about: the
 * test of it is then skipped by name.
 */
export interface Subject {
  store: ContentStore;
  /** Puts other bytes under a digest, as a failing disk or a lying node would. */
  replace?(digest: `0x${string}`, bytes: Uint8Array): Promise<void>;
  /** Why a block is refused that was altered, is longer than the limit, is empty; one after the other. */
  lies?: readonly (StoreReason | readonly StoreReason[])[];
  /** What the store reads from answers no more, or breaks off in the middle. */
  breaks?(digest: `0x${string}`): Promise<Undo>;
  /** What the store reads from says nothing any more. */
  stalls?(digest: `0x${string}`): Promise<Undo>;
  /** Nothing more fits where blocks are kept. */
  fills?(): Promise<Undo>;
  /** This process may not write where blocks are kept. */
  closes?(): Promise<Undo>;
  clean(): Promise<void>;
}

export function compliance(name: string, make: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject;
    let store: ContentStore;
    const fresh = (size: number) => new Uint8Array(randomBytes(size));

    beforeAll(async () => {
      subject = await make();
      store = subject.store;
      await store.start();
    });

    afterAll(async () => {
      await store.stop();
      await subject.clean();
    });

    it.each([0, 1, 1000, 131_072, 1_048_576])('keeps a block of %i bytes under its SHA-256', async (size) => {
      const bytes = fresh(size);
      const digest = await store.put(bytes);
      expect(digest).toBe(digestOf(bytes));
      expect(Buffer.from(await store.get(digest, { maxBytes: size })).equals(bytes)).toBe(true);
    });

    it('says whether it has a block', async () => {
      const bytes = fresh(50);
      expect(await store.has(digestOf(bytes))).toBe(false);
      await store.put(bytes);
      expect(await store.has(digestOf(bytes))).toBe(true);
    });

    it('takes the same block twice, at once too', async () => {
      const bytes = fresh(5000);
      const digests = await Promise.all(Array.from({ length: 8 }, () => store.put(bytes)));
      expect(new Set(digests)).toEqual(new Set([digestOf(bytes)]));
      expect(Buffer.from(await store.get(digests[0]!, { maxBytes: 5000 })).equals(bytes)).toBe(true);
    });

    it('says that a block is missing', async () => {
      const promise = store.get(digestOf(fresh(50)), { maxBytes: 100 });
      await expect(promise).rejects.toMatchObject({ name: 'StoreError', reason: 'missing' });
    });

    it('refuses a block one byte above what the caller is ready to hold', async () => {
      const digest = await store.put(fresh(3001));
      await expect(store.get(digest, { maxBytes: 3000 })).rejects.toMatchObject({ reason: 'oversized' });
      expect((await store.get(digest, { maxBytes: 3001 })).length).toBe(3001);
    });

    it.each([
      ['0x12', 'too short'],
      [`0x${'../'.repeat(21)}a`, 'a path'],
      [`0x${'AB'.repeat(32)}`, 'upper case'],
    ])('refuses %s for a digest: %s', async (digest) => {
      await expect(store.get(digest as `0x${string}`, { maxBytes: 10 })).rejects.toMatchObject({
        reason: 'wrong',
      });
    });

    it('gives up when its caller does', async () => {
      const digest = await store.put(fresh(10));
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(store.get(digest, { maxBytes: 10, signal })).rejects.toThrow('enough');
    });

    it('refuses what is not what its address says, of the same length or longer', async ({ skip }) => {
      if (!subject.replace) return skip('this store cannot be made to lie from here');
      const bytes = fresh(400);
      const digest = await store.put(bytes);
      const altered = bytes.slice();
      altered[200]! ^= 1;
      await subject.replace(digest, altered);
      const [first, second, third] = subject.lies ?? ['wrong', 'oversized', 'wrong'];
      const refused = async (reason: typeof first) =>
        expect([reason].flat()).toContain(
          await store.get(digest, { maxBytes: 1000 }).then(
            () => 'given',
            (error) => error.reason,
          ),
        );
      await refused(first);
      await subject.replace(digest, fresh(1001));
      await refused(second);
      await subject.replace(digest, new Uint8Array(0));
      await refused(third);
    });

    it('takes what breaks off for no verdict on the block, and gives it afterwards', async ({ skip }) => {
      if (!subject.breaks) return skip('what this store reads from cannot be broken from here');
      const bytes = fresh(300_000);
      const digest = await store.put(bytes);
      const mend = await subject.breaks(digest);
      const error = await store.get(digest, { maxBytes: 300_000 }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: 'StoreError', reason: 'unreachable' });
      expect(mayStillCome(error)).toBe(true);
      await mend();
      expect(Buffer.from(await store.get(digest, { maxBytes: 300_000 })).equals(bytes)).toBe(true);
    });

    it('is left by its caller while it stalls, and gives the block afterwards', async ({ skip }) => {
      if (!subject.stalls) return skip('what this store reads from cannot be stalled from here');
      const bytes = fresh(2000);
      const digest = await store.put(bytes);
      const mend = await subject.stalls(digest);
      const signal = AbortSignal.timeout(200);
      await expect(patientStore(store).get(digest, { maxBytes: 2000, signal })).rejects.toMatchObject({
        name: 'TimeoutError',
      });
      await mend();
      expect(Buffer.from(await store.get(digest, { maxBytes: 2000 })).equals(bytes)).toBe(true);
    });

    it.for(['full', 'denied'] as const)(
      'says that it is %s, has nothing of the block, and takes it afterwards',
      async (reason, { skip }) => {
        const bring = reason === 'full' ? subject.fills : subject.closes;
        if (!bring) return skip(`this store cannot be made ${reason} from here`);
        const bytes = fresh(70_000);
        const undo = await bring();
        const error = await store.put(bytes).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ name: 'StoreError', reason, mend: expect.any(String) });
        // Somebody has to mend it: it does not pass by itself, and is not final either.
        expect(prospectOf(error)).toBe('unknown');
        expect(mayStillCome(error)).toBe(true);
        await undo();
        expect(await store.has(digestOf(bytes))).toBe(false);
        const digest = await store.put(bytes);
        expect(Buffer.from(await store.get(digest, { maxBytes: 70_000 })).equals(bytes)).toBe(true);
      },
    );

    it('can be stopped and started again, and says so when it is not started', async () => {
      const bytes = fresh(10);
      const digest = await store.put(bytes);
      await store.stop();
      await expect(store.get(digest, { maxBytes: 10 })).rejects.toThrow('start()');
      await store.start();
      expect(Buffer.from(await store.get(digest, { maxBytes: 10 })).equals(bytes)).toBe(true);
    });
  });
}
