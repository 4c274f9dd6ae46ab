// A member's part in the key generation. Every call looks at what is public and does the next thing that is
// due.

import { reasonOf } from '@murmuration/core';
import type { KeyGroup, MemberKey } from '@murmuration/he';
import { bytesToHex, type Hex, hexToBytes, zeroHash } from 'viem';
import type { KeyEpoch, TaskChain } from '../../chain/index.ts';
import {
  checkSelfTest,
  deal,
  fetchKeying,
  identityOf,
  type KeyingPlan,
  keepKeyShares,
  loadKeyGroup,
  sealedTo,
  selfTestShares,
} from '../../cryptography/index.ts';
import { type Statistics, statisticsLanes } from '../../learn/index.ts';
import { digestOf, epochId } from '../../protocol/index.ts';
import { type RoleContext, same, step } from '../runtime/context.ts';
import { postsOf } from './announcements.ts';
import {
  openStatistics,
  type StatisticsContext,
  type StatisticsRound,
  type StatisticsView,
  statisticsStep,
} from './statistics.ts';

/** The plan of an epoch, once every trainer has registered its key share's digest. */
export function keyingPlan(
  { chain }: Pick<RoleContext, 'chain'>,
  number: number,
  threshold: number,
  epoch: KeyEpoch,
): KeyingPlan | undefined {
  const keyShares = epoch.trainers.map((account) => epoch.keys.get(account)?.keyShare);
  if (keyShares.includes(undefined)) return undefined;
  return {
    epoch: epochOf(chain, number),
    threshold,
    trainers: epoch.trainers,
    keyShares: keyShares as Hex[],
  };
}

const epochOf = ({ chainId, marketplace, task }: TaskChain, number: number): Uint8Array =>
  epochId({ chainId, marketplace, task, number });

/** A validator registers who it is; it holds no share of the key. */
export async function registerValidator(
  context: RoleContext,
  number: number,
  peer: Hex,
  sealingKey: Hex,
): Promise<void> {
  const { chain } = context;
  if (chain.journal.epochs.get(number)?.keys.has(chain.account)) return;
  step(context, 'registers its identity');
  await chain.registerKeys(number, { peer, sealingKey, keyShare: zeroHash });
}

/**
 * A trainer's next step toward the key of epoch `number`: register, show, deal, test, add the data's
 * statistics, confirm.
 * @param lanes its part of the statistics (node/learn), empty where the task leaves none open.
 */
export async function keyingStep(
  context: StatisticsContext,
  number: number,
  peer: Hex,
  lanes: Int8Array,
): Promise<void> {
  const { chain, he, store, storage } = context;
  const epoch = chain.journal.epochs.get(number);
  const own = epoch?.trainers.findIndex((trainer) => same(trainer, chain.account)) ?? -1;
  if (!epoch || own < 0) return;
  if (epoch.confirmed.has(chain.account)) return storage.remove(`party-${number}`);
  const { threshold } = await chain.terms();

  const party = await loadParty(context, number);
  const share = he.keyShare(party);
  if (!epoch.keys.has(chain.account)) {
    step(context, 'registers its identity and commits to its key share');
    const { sealingKey } = he.decodeKeyShare(share);
    await chain.registerKeys(number, { peer, sealingKey: bytesToHex(sealingKey), keyShare: digestOf(share) });
    return;
  }
  // Shown only when everyone is committed: whoever came last could otherwise choose the sum of all shares.
  const plan = keyingPlan(context, number, threshold, epoch);
  if (!plan) return;
  await store.put(share);
  const group = await loadKeyGroup({ he, store }, plan);

  const dealings = postsOf(chain, 'sealed-shares', number, plan.trainers);
  if (!dealings.has(own)) {
    step(context, 'deals shares of its secret, sealed to each trainer');
    await chain.announce('sealed-shares', number, await store.put(deal(he, party, group)));
    return;
  }
  if (dealings.size < plan.trainers.length) return;
  const dealt = group.members.map(({ index }) => dealings.get(index)!);
  const tests = postsOf(chain, 'self-test', number, plan.trainers);
  if (!tests.has(own)) {
    step(context, 'holds its share of the key; decrypts its part of the self-test');
    // One dealing at a time: all of them together are the square of the members.
    const sealed = await contentsOf(context, group, dealings, (dealing) => sealedTo(group, own, dealing));
    const key = he.finishKey({ party, group, sealed });
    await storage.write(`member-key-${number}`, he.encodeMemberKey(key));
    await chain.announce(
      'self-test',
      number,
      await store.put(selfTestShares({ he, group }, { dealings: dealt, key })),
    );
    return;
  }
  if (tests.size < plan.trainers.length) return;
  const shares = await contentsOf(context, group, tests, (content) => content);
  checkSelfTest({ he, group }, { dealings: dealt, shares });
  await keepKeyShares({ he, store }, plan);
  const key = he.decodeMemberKey((await storage.read(`member-key-${number}`))!);
  if (!(await statisticsStep(context, { number, plan, group }, { lanes, index: own, key }))) return;
  step(context, 'confirms the collective key: the self-test opened');
  await chain.confirmKey(number, bytesToHex(group.id));
}

/** What is needed to read a task's key. */
type KeyView = Pick<RoleContext, 'chain' | 'he' | 'store'>;

/** The key group whose key the task runs under. */
export const runningKeyGroup = async (context: KeyView): Promise<KeyGroup> =>
  (await runningKey(context)).group;

/**
 * The statistics by which the task's data are scaled, as its trainers opened them before they confirmed the
 * key.
 */
export async function runningStatistics(context: StatisticsView): Promise<Statistics> {
  if (statisticsLanes(context.description.data) === 0) return {};
  const statistics = await openStatistics(context, await runningKey(context));
  if (!statistics)
    throw new Error(`task ${context.chain.task}: its trainers did not open the data's statistics`);
  return statistics;
}

async function runningKey(context: KeyView): Promise<StatisticsRound> {
  const { chain, he, store } = context;
  const { epoch: number } = await chain.state();
  const epoch = chain.journal.epochs.get(number);
  const plan = epoch && keyingPlan(context, number, (await chain.terms()).threshold, epoch);
  if (!plan) throw new Error(`task ${chain.task}: the keys of epoch ${number} are not registered`);
  const group = await loadKeyGroup({ he, store }, plan);
  const confirmed = chain.journal.collectiveKey;
  if (confirmed !== bytesToHex(group.id))
    throw new Error(
      `task ${chain.task}: the trainers confirmed key ${confirmed}, the key shares give ${bytesToHex(group.id)}`,
    );
  return { number, plan, group };
}

/** This trainer's share of the key that the task runs under. */
export async function loadMemberKey(context: RoleContext): Promise<MemberKey> {
  const { epoch } = await context.chain.state();
  const bytes = await context.storage.read(`member-key-${epoch}`);
  if (!bytes)
    throw new Error(
      `${context.name}: its share of the key of epoch ${epoch} is not in its state folder; restore the folder`,
    );
  // The rounds run: what the shares were dealt from has done its work.
  await context.storage.remove(`party-${epoch}`);
  return context.he.decodeMemberKey(bytes);
}

async function loadParty(context: RoleContext, number: number) {
  const { chain, he, storage } = context;
  const name = `party-${number}`;
  const known = await storage.read(name);
  if (known) return he.decodeParty(known);
  const party = he.createParty(epochOf(chain, number), identityOf(chain.account));
  await storage.write(name, he.encodeParty(party));
  return party;
}

/**
 * What every member has posted, in their order, read one after the other.
 * @throws naming the member whose content cannot be read.
 */
async function contentsOf(
  { chain, he, store }: RoleContext,
  group: KeyGroup,
  posts: ReadonlyMap<number, Hex>,
  read: (content: Uint8Array) => Uint8Array,
): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = [];
  for (const { index } of group.members) {
    const content = await fetchKeying({ he, store, group }, posts.get(index)!);
    try {
      contents.push(read(content));
    } catch (cause) {
      throw new Error(`task ${chain.task}: member ${index} of the key generation: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }
  return contents;
}

/** The bytes of a PeerId as the registration carries them. */
export const peerBytes = (peer: string): Hex => bytesToHex(new TextEncoder().encode(peer));
/** The PeerId of a registration. */
export const peerOf = (bytes: Hex): string => new TextDecoder().decode(hexToBytes(bytes));
