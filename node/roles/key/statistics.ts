// The data's statistics, computed federatedly in the key generation: each trainer encrypts its own under the
// key that was just made, t of them decrypt the sum alone. Nobody's rows leave, and nobody's own counts and
// sums show.

import { DecryptionLog, digest, type KeyGroup, type MemberKey } from '@murmuration/he';
import { bytesToHex, hexToBytes } from 'viem';
import { z } from 'zod';
import {
  type Accepted,
  addCiphertexts,
  fetchKeying,
  type KeyingPlan,
  openSums,
  readShares,
  sealChunks,
  shareOf,
} from '../../cryptography/index.ts';
import {
  combineStatistics,
  type Statistics,
  statisticsLanes,
  type TaskDescription,
} from '../../learn/index.ts';
import { decodeBundle, encodeBundle } from '../../protocol/index.ts';
import { bindingOf, type RoleContext, step } from '../runtime/context.ts';
import type { RoleStorage } from '../runtime/storage.ts';
import { postsOf } from './announcements.ts';

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

/**
 * Does what is due of a trainer: sends its statistics, and when all have, decrypts the sum if it is among the
 * first t.
 * @returns the statistics once they are open; {} where the task leaves none open.
 */
export async function statisticsStep(
  context: StatisticsContext,
  round: StatisticsRound,
  own: { lanes: Int8Array; index: number; key: MemberKey },
): Promise<Statistics | undefined> {
  const { chain, he, store, storage } = context;
  const { number, plan, group } = round;
  if (statisticsLanes(context.description.data) === 0) return {};
  refuseSecondSum(context, round);
  const posts = postsOf(chain, 'statistics', number, plan.trainers);
  if (!posts.has(own.index)) {
    await recordRows(storage, own.lanes);
    step(context, 'sends the statistics of its columns, encrypted');
    const binding = bindingOf(context, 'statistics', number);
    const chunks = inChunks(own.lanes, he.params.coordinatesPerChunk);
    const digests: Uint8Array[] = [];
    for (const { content } of sealChunks({ he, group }, { binding, chunks }))
      digests.push(hexToBytes(await store.put(content)));
    await chain.announce('statistics', number, await store.put(encodeBundle(digests)));
    return undefined;
  }
  if (posts.size < plan.trainers.length) return undefined;
  const asked = own.index < plan.threshold;
  if (asked && !postsOf(chain, 'statistics-shares', number, plan.trainers).has(own.index)) {
    const sums = await addedStatistics(context, round);
    await recordTrainers(storage, plan.trainers);
    // One set alone is ever asked, so there is nothing to log from one time to the next.
    const share = shareOf({ he, key: own.key, log: new DecryptionLog() }, { sums, set: setOf(plan) });
    step(context, "decrypts its part of the statistics' sum");
    await chain.announce('statistics-shares', number, await store.put(share));
  }
  return openStatistics(context, round);
}

/**
 * The statistics that a key generation opened, as anyone can read them; undefined while shares are missing.
 */
export async function openStatistics(
  context: StatisticsView,
  round: StatisticsRound,
): Promise<Statistics | undefined> {
  const { chain, he, store, description } = context;
  const { number, plan, group } = round;
  const { data } = description;
  const width = statisticsLanes(data);
  if (data.kind !== 'csv' || width === 0) return {};
  const posts = postsOf(chain, 'statistics-shares', number, plan.trainers);
  const set = setOf(plan);
  if (!set.every((member) => posts.has(member))) return undefined;
  const sums = await addedStatistics(context, round);
  const complete = [];
  for (const member of set)
    complete.push(readShares(he, await fetchKeying({ he, store, group }, posts.get(member)!), sums.length));
  const opened = openSums({ he, group }, { sums, complete }).flatMap(({ coordinates }) => [...coordinates]);
  return combineStatistics(opened.slice(0, width), data);
}

/**
 * The sums of all trainers' ciphertexts, each checked to be an encryption that its sender made for this key
 * generation.
 */
async function addedStatistics(context: StatisticsView, round: StatisticsRound): Promise<Uint8Array[]> {
  const { chain, he, store, description } = context;
  const { number, plan, group } = round;
  const posts = postsOf(chain, 'statistics', number, plan.trainers);
  const chunks = Math.ceil(statisticsLanes(description.data) / he.params.coordinatesPerChunk);
  const accepted: Accepted[] = [];
  for (const [index, sender] of plan.trainers.entries()) {
    const digests = decodeBundle(await fetchKeying({ he, store, group }, posts.get(index)!), chunks);
    accepted.push({ sender, weight: 1, digests: digests.map((bytes) => bytesToHex(bytes)) });
  }
  const binding = bindingOf(context, 'statistics', number);
  const sums: Uint8Array[] = [];
  for (let chunk = 0; chunk < chunks; chunk++)
    sums.push(await addCiphertexts({ he, store, group }, { binding, accepted, chunk }));
  return sums;
}

/** The first t trainers decrypt: in the key generation all of them have to be there anyway. */
const setOf = ({ threshold }: KeyingPlan): number[] => Array.from({ length: threshold }, (_, index) => index);

function inChunks(lanes: Int8Array, size: number): Int8Array[] {
  return Array.from({ length: Math.ceil(lanes.length / size) }, (_, chunk) => {
    const padded = new Int8Array(size);
    padded.set(lanes.subarray(chunk * size, (chunk + 1) * size));
    return padded;
  });
}

const mend =
  'two sums show what one trainer added. Let the planner post the task again, with the mean and deviation of the sum that was opened';

/**
 * Nobody sends or opens anything where an earlier key generation of this task may have opened the sum of
 * other trainers: some of those who opened that one may be gone, and whoever is asked now need not be among
 * those who remember it.
 */
function refuseSecondSum({ chain }: StatisticsView, { number, plan }: StatisticsRound): void {
  for (const [earlier, { trainers }] of chain.journal.epochs) {
    if (earlier >= number || setName(trainers) === setName(plan.trainers)) continue;
    const complete = postsOf(chain, 'statistics', earlier, trainers).size === trainers.length;
    if (complete && postsOf(chain, 'statistics-shares', earlier, trainers).size > 0)
      throw new Error(`statistics: key generation ${earlier} opened a sum of other trainers; ${mend}.`);
  }
}

/** Trainers as a set, whatever their order and the case of their letters. */
const setName = (trainers: readonly string[]): string =>
  trainers
    .map((account) => account.toLowerCase())
    .sort()
    .join();

/**
 * Notes the rows whose statistics this trainer sends; call it before they are sealed. Others, in a later key
 * generation of this task, are refused: the difference of the two sums would be that of the rows.
 */
export const recordRows = (storage: RoleStorage, lanes: Int8Array): Promise<void> =>
  once(
    storage,
    'statistics-rows',
    lanes.join(),
    'statistics: the rows are others than those whose statistics were sent for this task; two sums show the difference. Put the file back as it was.',
  );

/**
 * Notes whose statistics this trainer helps to open; call it before a share is made. Others are refused for
 * as long as the task lives.
 */
export const recordTrainers = (storage: RoleStorage, trainers: readonly string[]): Promise<void> =>
  once(
    storage,
    'statistics',
    setName(trainers),
    `statistics: this trainer has opened a sum of this task with other trainers; ${mend}.`,
  );

const recorded = z.strictObject({ of: z.string() });

async function once(storage: RoleStorage, name: string, value: string, fault: string): Promise<void> {
  const of = Buffer.from(digest(new TextEncoder().encode(value))).toString('hex');
  const bytes = await storage.read(name);
  const known = bytes && recorded.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (known && known.of !== of) throw new Error(fault);
  if (!known) await storage.write(name, new TextEncoder().encode(JSON.stringify({ of })));
}
