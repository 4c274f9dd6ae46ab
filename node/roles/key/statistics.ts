// The data's statistics, computed federatedly in the key generation: each trainer encrypts its own under the
// key that was just made, and t of them decrypt the sum alone. No rows leave their owner, and no trainer's
// own counts and sums show.

import { DecryptionLog, digest, type KeyGroup, type MemberKey } from '@murmuration/he';
import { type Address, bytesToHex, type Hex, hexToBytes } from 'viem';
import { z } from 'zod';
import {
  type Accepted,
  addCiphertexts,
  decodeSealed,
  encodeSealed,
  fetchKeying,
  type KeyingPlan,
  openSums,
  readShares,
  type SealedChunk,
  sealChunks,
  shareOf,
} from '../../cryptography/index.ts';
import { NodeError } from '../../errors.ts';
import {
  combineStatistics,
  type Statistics,
  statisticsCoordinates,
  type TaskDescription,
} from '../../learn/index.ts';
import { decodeBundle, encodeBundle } from '../../protocol/index.ts';
import { bindingOf, type RoleContext, step } from '../runtime/context.ts';
import { type RoleStorage, remembered } from '../runtime/storage.ts';
import { announcedDigests } from './announcements.ts';

/** What is needed to read a task's statistics. */
export type StatisticsView = Pick<RoleContext, 'chain' | 'store' | 'he'> & {
  readonly description: TaskDescription;
};
/** What is needed to compute them. */
export type StatisticsContext = RoleContext & StatisticsView;

/** A key generation under which statistics are added. */
export interface StatisticsRound {
  readonly number: number;
  readonly plan: KeyingPlan;
  readonly group: KeyGroup;
}

/** What a trainer brings to them. */
export interface StatisticsOwn {
  /** Its part of the statistics: signed coordinates in [-32, 32]. */
  readonly statistics: Int8Array;
  /** Its place among the trainers. */
  readonly index: number;
  readonly key: MemberKey;
}

/**
 * Does a trainer's next step: it sends its statistics, and when all have, decrypts the sum if it is among the
 * first t.
 * @returns the statistics once they are open; {} where the task leaves none open.
 * @throws NodeError `key` where a second sum would be opened.
 */
export async function statisticsStep(
  context: StatisticsContext,
  round: StatisticsRound,
  own: StatisticsOwn,
): Promise<Statistics | undefined> {
  const { chain, he, store, storage } = context;
  const { number, plan } = round;
  if (statisticsCoordinates(context.description.data) === 0) return {};
  refuseSecondSum(context, round);
  const sent = announced(context, round, 'statistics');
  if (!sent.has(own.index)) {
    await recordRows(storage, own.statistics);
    step(context, 'sends the statistics of its columns, encrypted');
    await chain.announce(
      'statistics',
      number,
      await store.put(await showStatistics(context, round, own), 'statistics'),
    );
    return undefined;
  }
  if (sent.size < plan.trainers.length) return undefined;
  const asked = own.index < plan.threshold;
  if (asked && !announced(context, round, 'statistics-shares').has(own.index)) {
    const sums = await addedStatistics(context, round);
    await recordTrainers(storage, plan.trainers);
    // One set alone is ever asked, so there is nothing to log from one time to the next.
    const share = shareOf({ he, key: own.key, log: new DecryptionLog() }, { sums, set: setOf(plan) });
    step(context, "decrypts its part of the statistics' sum");
    await chain.announce('statistics-shares', number, await store.put(share, 'statistics shares'));
  }
  return openStatistics(context, round);
}

/**
 * The statistics that a key generation opened, as anyone can read them; undefined while shares are missing.
 * @param onNarrow hears of columns whose values vary too little for their range.
 */
export async function openStatistics(
  context: StatisticsView,
  round: StatisticsRound,
  onNarrow?: (column: string) => void,
): Promise<Statistics | undefined> {
  const { he, store, description } = context;
  const { plan, group } = round;
  const { data } = description;
  const width = statisticsCoordinates(data);
  if (data.kind !== 'csv' || width === 0) return {};
  const given = announced(context, round, 'statistics-shares');
  const set = setOf(plan);
  if (!set.every((member) => given.has(member))) return undefined;
  const sums = await addedStatistics(context, round);
  const complete = [];
  for (const member of set)
    complete.push(readShares(he, await fetchKeying({ he, store, group }, given.get(member)!), sums.length));
  const opened = openSums({ he, group }, { sums, complete }).flatMap(({ coordinates }) => [...coordinates]);
  return combineStatistics(opened.slice(0, width), data, onNarrow);
}

/** By a trainer's index, the digest that it announced in this key generation. */
const announced = (
  { chain }: Pick<StatisticsView, 'chain'>,
  { number, plan }: StatisticsRound,
  kind: 'statistics' | 'statistics-shares',
): Map<number, Hex> => announcedDigests(chain, { kind, number, trainers: plan.trainers });

/** Encrypts a trainer's statistics, puts the chunks into the store and lists their digests. */
async function showStatistics(
  context: StatisticsContext,
  round: StatisticsRound,
  { statistics }: StatisticsOwn,
): Promise<Uint8Array> {
  const { he, store } = context;
  const chunks = inChunks(statistics, he.params.coordinatesPerChunk);
  const digests: Uint8Array[] = [];
  for (const { content } of await sealedOnce(context, round, chunks))
    digests.push(hexToBytes(await store.put(content, 'statistics')));
  return encodeBundle(digests);
}

const sealedName = (number: number): string => `statistics-sealed-${number}`;

/** Sealed for this key, and remembered before any of it is shown: a restart shows the same. */
async function sealedOnce(
  context: StatisticsContext,
  { number, group }: StatisticsRound,
  chunks: readonly Int8Array[],
): Promise<readonly SealedChunk[]> {
  const { he, storage } = context;
  const bytes = await storage.read(sealedName(number));
  if (bytes) {
    const [key, known] = decodeBundle(bytes, 2) as [Uint8Array, Uint8Array];
    if (Buffer.compare(key, group.id) === 0) return decodeSealed(known, chunks.length);
  }
  const binding = bindingOf(context, 'statistics', number);
  const sealed = sealChunks({ he, group }, { binding, chunks });
  await storage.write(sealedName(number), encodeBundle([group.id, encodeSealed(sealed)]));
  return sealed;
}

/** Forgets what this trainer sealed for an epoch that it has confirmed. */
export const forgetStatistics = (storage: RoleStorage, number: number): Promise<void> =>
  storage.remove(sealedName(number));

/**
 * The sums of all trainers' ciphertexts. Each is checked to be an encryption that its sender made for this
 * key generation.
 */
async function addedStatistics(context: StatisticsView, round: StatisticsRound): Promise<Uint8Array[]> {
  const { he, store, description } = context;
  const { number, plan, group } = round;
  const sent = announced(context, round, 'statistics');
  const chunks = Math.ceil(statisticsCoordinates(description.data) / he.params.coordinatesPerChunk);
  const accepted: Accepted[] = [];
  for (const [index, sender] of plan.trainers.entries()) {
    const digests = decodeBundle(await fetchKeying({ he, store, group }, sent.get(index)!), chunks);
    accepted.push({ sender, weight: 1, digests: digests.map((bytes) => bytesToHex(bytes)) });
  }
  const binding = bindingOf(context, 'statistics', number);
  return addCiphertexts({ he, store, group }, { binding, accepted, chunks });
}

/** The first t trainers decrypt: in the key generation all of them have to be there anyway. */
const setOf = ({ threshold }: KeyingPlan): number[] => Array.from({ length: threshold }, (_, index) => index);

/** The coordinates in chunks of `size`, the last one padded with zeros. */
function inChunks(coordinates: Int8Array, size: number): Int8Array[] {
  return Array.from({ length: Math.ceil(coordinates.length / size) }, (_, chunk) => {
    const padded = new Int8Array(size);
    padded.set(coordinates.subarray(chunk * size, (chunk + 1) * size));
    return padded;
  });
}

const postAgain =
  'Let the planner post the task again, with the mean and deviation of the sum that was opened.';

/**
 * Refuses to send or to open anything where an earlier key generation of this task may have opened the sum of
 * other trainers. This is read from the chain: some of the trainers that opened that sum may be gone, and a
 * trainer that is asked now need not be among those that remember it.
 * @throws NodeError `key`
 */
function refuseSecondSum(context: StatisticsView, { number, plan }: StatisticsRound): void {
  const { chain } = context;
  const count = (kind: 'statistics' | 'statistics-shares', earlier: number, trainers: readonly Address[]) =>
    announcedDigests(chain, { kind, number: earlier, trainers }).size;
  for (const [earlier, { trainers }] of chain.journal.epochs) {
    if (earlier >= number || setName(trainers) === setName(plan.trainers)) continue;
    const complete = count('statistics', earlier, trainers) === trainers.length;
    if (complete && count('statistics-shares', earlier, trainers) > 0)
      throw new NodeError(
        'key',
        `statistics: key generation ${earlier} opened a sum of other trainers; two sums show what one ` +
          'trainer added',
        { mend: postAgain, keeps: 'statistics' },
      );
  }
}

/** Trainers as a set, whatever their order and the case of their letters. */
const setName = (trainers: readonly Address[]): string =>
  trainers
    .map((account) => account.toLowerCase())
    .sort()
    .join();

/**
 * Notes the statistics of this trainer's rows; call it before they are sealed. In a later key generation of
 * this task the statistics of other rows are refused: the difference of the two sums would be that of the
 * rows.
 * @throws NodeError `input`
 */
export const recordRows = (storage: RoleStorage, statistics: Int8Array): Promise<void> =>
  recordOnce(storage, {
    name: 'statistics-rows',
    value: statistics.join(),
    refusal: () =>
      new NodeError(
        'input',
        'statistics: the rows are others than those whose statistics were sent for this task; two sums ' +
          'show the difference',
        { mend: 'Put the file back as it was.', keeps: 'statistics' },
      ),
  });

/**
 * Notes the trainers whose sum this trainer helps to open; call it before a share is made. The sum of other
 * trainers is refused for as long as the task lives.
 * @throws NodeError `key`
 */
export const recordTrainers = (storage: RoleStorage, trainers: readonly Address[]): Promise<void> =>
  recordOnce(storage, {
    name: 'statistics',
    value: setName(trainers),
    refusal: () =>
      new NodeError(
        'key',
        'statistics: this trainer has opened a sum of this task with other trainers; two sums show what ' +
          'one trainer added',
        { mend: postAgain, keeps: 'statistics' },
      ),
  });

const recorded = z.strictObject({ of: z.string() });

/** Remembers the value under the name, or refuses another value than the remembered one. */
async function recordOnce(
  storage: RoleStorage,
  { name, value, refusal }: { readonly name: string; readonly value: string; refusal(): NodeError },
): Promise<void> {
  const of = Buffer.from(digest(new TextEncoder().encode(value))).toString('hex');
  const known = await remembered(storage, name, (bytes) =>
    recorded.parse(JSON.parse(new TextDecoder().decode(bytes))),
  );
  if (known && known.of !== of) throw refusal();
  if (!known) await storage.write(name, new TextEncoder().encode(JSON.stringify({ of })));
}
