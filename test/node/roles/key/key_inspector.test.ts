// A validator's watch over the key generation: who keeps the others from a key by what it shows, or does not show, is
// voted against; who is late, or right to refuse, is not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHe, type He } from '@murmuration/he';
import { type Address, getAddress, type Hex, toHex } from 'viem';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { emptyJournal, rejectionName } from '../../../../node/chain/index.ts';
import { identityOf } from '../../../../node/cryptography/index.ts';
import { digestOf, encodeBundle, topicOf } from '../../../../node/protocol/index.ts';
import { KeyInspector } from '../../../../node/roles/key/key_inspector.ts';
import { epochOf } from '../../../../node/roles/key/keying.ts';
import type { RoleContext } from '../../../../node/roles/runtime/context.ts';
import { type ContentStore, createFolderStore, StoreError } from '../../../../node/store/index.ts';

const account = (n: number): Address => getAddress(toHex(n, { size: 20 }));
const trainers = [account(1), account(2), account(3)];
const validator = account(9);

let he: He;
let folder: string;
let store: ContentStore;
let now: bigint;
let weights: readonly number[];
let voted: Address[];
/** The key shares that the trainers registered. */
let shares: Uint8Array[];
let context: RoleContext;
const journal = () => context.chain.journal as ReturnType<typeof emptyJournal>;

beforeAll(async () => {
  he = await createHe('tiny');
  const epoch = epochOf({ chainId: 1, marketplace: account(7), task: 1n } as never, 1);
  shares = trainers.map((trainer) => he.keyShare(he.createParty(epoch, identityOf(trainer))));
});

beforeEach(async () => {
  [now, weights, voted] = [1000n, [1, 1, 1], []];
  folder = mkdtempSync(join(tmpdir(), 'inspector-'));
  store = createFolderStore(folder);
  await store.start();
  const made = emptyJournal();
  const chain = {
    account: validator,
    chainId: 1,
    task: 1n,
    marketplace: account(7),
    journal: made,
    // The epoch lasts from 1000 to 1400: its half is at 1200, its last quarter begins at 1300.
    terms: async () => ({ threshold: 2, keyingDuration: 400 }),
    state: async () => ({ status: 'keying', epoch: 1, deadline: 1400n }),
    time: async () => now,
    weightOf: async (trainer: Address) => weights[trainers.indexOf(trainer)]!,
    async reject(epoch: number, trainer: Address) {
      voted.push(trainer);
      made.rejections.add(rejectionName({ epoch, trainer, validator }));
    },
  };
  context = { name: 'validator', chain, store, he, observe: () => undefined } as unknown as RoleContext;
  register(shares.map((share) => digestOf(share)));
});
afterEach(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

function register(keyShares: readonly Hex[]): void {
  const keys = keyShares.map(
    (keyShare, i) => [trainers[i]!, { peer: '0x00', sealingKey: '0x00', keyShare }] as const,
  );
  const members = { trainers: [...trainers], validators: [validator] };
  journal().epochs.set(1, { ...members, keys: new Map(keys), confirmed: new Map() });
}
const dealt = async (index: number, content: Uint8Array | Hex) =>
  journal().announcements.push({
    sender: trainers[index]!,
    topic: topicOf('sealed-shares', 1),
    digest: typeof content === 'string' ? content : await store.put(content),
    block: 1n,
  });

it('votes for nobody where all is there and right', async () => {
  for (const share of shares) await store.put(share);
  for (const index of trainers.keys()) await dealt(index, encodeBundle(shares.map(() => Uint8Array.of(1))));
  const inspector = new KeyInspector(context);
  await inspector.look(1);
  now = 1390n;
  await inspector.look(1);
  expect(voted).toEqual([]);
});

it('votes, once, against who shows something else than a key share: garbage, a spoilt proof, the share of another', async () => {
  const spoilt = shares[1]!.slice();
  spoilt[spoilt.length - 40]! ^= 1;
  const wrong = [Uint8Array.of(5), spoilt, shares[0]!];
  register(wrong.map((share) => digestOf(share)));
  for (const share of wrong) await store.put(share);
  const inspector = new KeyInspector(context);
  await inspector.look(1);
  await inspector.look(1);
  await new KeyInspector(context).look(1);
  expect(voted).toEqual(trainers);
});

it('votes against who deals something else than a part for each', async () => {
  for (const share of shares) await store.put(share);
  await dealt(0, Uint8Array.of(1));
  await dealt(1, encodeBundle([Uint8Array.of(1)]));
  await dealt(2, encodeBundle([Uint8Array.of(1), new Uint8Array(), Uint8Array.of(1)]));
  await new KeyInspector(context).look(1);
  expect(voted).toEqual(trainers);
});

it('votes against who keeps its content back, late in an epoch in which all had registered by its half', async () => {
  for (const share of shares.slice(1)) await store.put(share);
  await dealt(2, digestOf(Uint8Array.of(77)));
  const inspector = new KeyInspector(context);
  await inspector.look(1);
  now = 1299n;
  await inspector.look(1);
  expect(voted).toEqual([]);
  now = 1300n;
  await inspector.look(1);
  expect(voted).toEqual([trainers[0], trainers[2]]);
});

it.each([
  ['does not answer', new StoreError('unreachable', 'no answer')],
  ['breaks off', new TypeError('terminated')],
  ['is too slow', new DOMException('timed out', 'TimeoutError')],
])('votes for nobody whose content cannot be had since its own store %s', async (_, error) => {
  for (const share of shares) await store.put(share);
  for (const index of trainers.keys()) await dealt(index, encodeBundle(shares.map(() => Uint8Array.of(1))));
  const get: ContentStore['get'] = async (digest, options) => {
    if (digest === digestOf(shares[1]!)) throw error;
    return store.get(digest, options);
  };
  const inspector = new KeyInspector({ ...context, store: { ...store, get } });
  await inspector.look(1);
  now = 1390n;
  await inspector.look(1);
  expect(voted).toEqual([]);
});

it('votes for nobody whose content is missing where the last to register came late, or before all have', async () => {
  const [first, ...rest] = shares;
  register(rest.map((share) => digestOf(share)));
  const inspector = new KeyInspector(context);
  await inspector.look(1);
  now = 1201n;
  register([first!, ...rest].map((share) => digestOf(share)));
  await inspector.look(1);
  now = 1399n;
  await inspector.look(1);
  expect(voted).toEqual([]);
});

it('votes for nobody where the weights keep all trainers from a key', async () => {
  weights = [1, 1, 5];
  const inspector = new KeyInspector(context);
  await inspector.look(1);
  now = 1390n;
  await inspector.look(1);
  expect(voted).toEqual([]);
});
