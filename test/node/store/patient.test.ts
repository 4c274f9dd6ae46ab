// A store as roles use it: each call ends in time, with bytes or with a StoreError, whatever the store does.
import { expect, it } from 'vitest';
import { type ContentStore, patientStore, StoreError } from '../../../node/store/index.ts';

const digest = `0x${'ab'.repeat(32)}` as const;
const hangs = () => new Promise<never>(() => undefined);
const store = (over: Partial<ContentStore>): ContentStore =>
  patientStore(
    {
      start: async () => undefined,
      stop: async () => undefined,
      put: async () => digest,
      get: async () => Uint8Array.of(1),
      has: async () => true,
      ...over,
    },
    30,
  );
const get = (of: ContentStore, signal?: AbortSignal) =>
  of.get(digest, { maxBytes: 9, ...(signal && { signal }) });

it('gives what the store gives', async () => {
  const whole = store({});
  expect(await get(whole)).toEqual(Uint8Array.of(1));
  expect(await whole.put(Uint8Array.of(1))).toBe(digest);
  expect(await whole.has(digest)).toBe(true);
});

it('takes no answer for one, and ends the search', async () => {
  let ended: AbortSignal | undefined;
  const silent = store({
    put: hangs,
    has: hangs,
    get: (_, { signal }) => {
      ended = signal;
      return hangs();
    },
  });
  for (const call of [() => get(silent), () => silent.put(new Uint8Array(9)), () => silent.has(digest)])
    await expect(call()).rejects.toMatchObject({
      name: 'StoreError',
      reason: 'unreachable',
      prospect: 'passing',
    });
  expect(ended!.aborted).toBe(true);
});

it.each([
  ['a disk that is full', Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })],
  ['an answer that breaks off', new TypeError('terminated')],
])('types %s, with what led to it', async (_, cause) => {
  const failing = store({ get: () => Promise.reject(cause), put: () => Promise.reject(cause) });
  await expect(get(failing)).rejects.toMatchObject({ reason: 'unreachable', cause });
  await expect(failing.put(new Uint8Array(1))).rejects.toMatchObject({ reason: 'unreachable', cause });
});

it('says what the store says, and ends with who asked', async () => {
  const missing = new StoreError('missing', 'not here');
  await expect(get(store({ get: () => Promise.reject(missing) }))).rejects.toBe(missing);
  const stop = new AbortController();
  const asked = get(store({ get: hangs }), stop.signal);
  const reason = new Error('the role ends');
  stop.abort(reason);
  await expect(asked).rejects.toBe(reason);
});
