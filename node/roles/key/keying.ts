// A member's part in the key generation. Every call looks at the chain and the store and takes the next step
// that is due.

import { reasonOf } from '@murmuration/core';
import type { KeyGroup, MemberKey, PartySecret } from '@murmuration/he';
import { bytesToHex, type Hex, hexToBytes, zeroHash } from 'viem';
import type { KeyEpoch, MemberKeys, TaskChain } from '../../chain/index.ts';
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
import { NodeError } from '../../errors.ts';
import { type Statistics, statisticsCoordinates } from '../../learn/index.ts';
import { checkWeights, digestOf, epochId, type TopicKind } from '../../protocol/index.ts';
import { type RoleContext, same, step } from '../runtime/context.ts';
import { remembered } from '../runtime/storage.ts';
import { announcedDigests } from './announcements.ts';
import {
  forgetStatistics,
  openStatistics,
  type StatisticsContext,
  type StatisticsRound,
  type StatisticsView,
  statisticsStep,
} from './statistics.ts';

/** A key generation as the chain names it. */
interface Epoch {
  /** Counts the attempts at a key for this task, from 1. */
  readonly number: number;
  /** t, the trainers that it takes to decrypt. */
  readonly threshold: number;
  readonly registered: KeyEpoch;
}

/** The plan of an epoch, once every trainer has registered its key share's digest. */
export function keyingPlan(
  { chain }: Pick<RoleContext, 'chain'>,
  { number, threshold, registered }: Epoch,
): KeyingPlan | undefined {
  const { trainers, keys } = registered;
  const keyShares = trainers.map((account) => keys.get(account)?.keyShare);
  if (keyShares.includes(undefined)) return undefined;
  return {
    epoch: epochOf(chain, number),
    threshold,
    trainers,
    keyShares: keyShares as Hex[],
  };
}

/** What names one key generation of a task. */
export const epochOf = ({ chainId, marketplace, task }: TaskChain, number: number): Uint8Array =>
  epochId({ chainId, marketplace, task, number });

/**
 * Registers a validator's identity, as the bytes of its PeerId and its X25519 key; it holds no share of the
 * key.
 */
export async function registerValidator(
  context: RoleContext,
  number: number,
  { peer, sealingKey }: { readonly peer: Hex; readonly sealingKey: Hex },
): Promise<void> {
  const { chain } = context;
  if (chain.journal.epochs.get(number)?.keys.has(chain.account)) return;
  step(context, 'registers its identity');
  await chain.registerKeys(number, { peer, sealingKey, keyShare: zeroHash });
}

/** What a trainer brings to a key generation. */
export interface KeyingOwn {
  /** The bytes of its PeerId. */
  readonly peer: Hex;
  /** Its part of the data's statistics (node/learn), empty where the task leaves none open. */
  readonly statistics: Int8Array;
}

/**
 * A trainer's next step toward the key of epoch `number`: register, show, deal, test, add the data's
 * statistics, confirm.
 * @throws NodeError `key` where another member's content cannot be read, `task` where the trainers' weights are
 * too far apart for a sum that hides each update, `state` where the registered key share is not of this folder;
 * StoreError while content is not there; HeError where the self-test does not open.
 */
export async function keyingStep(
  context: StatisticsContext,
  number: number,
  { peer, statistics }: KeyingOwn,
): Promise<void> {
  const { chain, he, store, storage } = context;
  const registered = chain.journal.epochs.get(number);
  const own = registered?.trainers.findIndex((trainer) => same(trainer, chain.account)) ?? -1;
  if (!registered || own < 0) return;
  if (registered.confirmed.has(chain.account)) {
    await forgetStatistics(storage, number);
    return storage.remove(`party-${number}`);
  }
  const { threshold } = await chain.terms();

  const mine = registered.keys.get(chain.account);
  const party = await loadParty(context, number, mine);
  if (!mine) {
    step(context, 'registers its identity and commits to its key share');
    const sealingKey = bytesToHex(he.sealingKey(party));
    await chain.registerKeys(number, { peer, sealingKey, keyShare: digestOf(he.keyShare(party)) });
    return;
  }
  // Shown only when everyone is committed: otherwise the last trainer could choose the sum of all shares.
  const plan = keyingPlan(context, { number, threshold, registered });
  if (!plan) return;
  // Not before: a trainer that does not register is slashed, one that shows no share only keeps the key from being
  // made.
  const weights = await Promise.all(plan.trainers.map((trainer) => chain.weightOf(trainer)));
  checkWeights(`task ${chain.task}`, weights);
  // Its proof takes a while to make, and a step is taken at every look.
  if (!(await store.has(plan.keyShares[own]!))) await store.put(he.keyShare(party), 'key share');
  const group = await loadKeyGroup({ he, store }, plan);
  const announced = (kind: TopicKind) => announcedDigests(chain, { kind, number, trainers: plan.trainers });

  const dealings = announced('sealed-shares');
  if (!dealings.has(own)) {
    // From now on every trainer that deals has them, so that nobody can show its own to some alone.
    await keepKeyShares({ he, store }, plan);
    step(context, 'deals shares of its secret, sealed to each trainer');
    await chain.deal(number, await store.put(deal(he, party, group), 'dealing'));
    return;
  }
  if (dealings.size < plan.trainers.length) return;
  const dealt = group.members.map(({ index }) => dealings.get(index)!);
  const tests = announced('self-test');
  if (!tests.has(own)) {
    step(context, 'holds its share of the key; decrypts its part of the self-test');
    // One dealing at a time: the size of all dealings together is the square of the number of members.
    const read = (dealing: Uint8Array) => sealedTo(group, own, dealing);
    const sealed = await contentsOf(context, { group, digests: dealings }, read);
    const key = he.finishKey({ party, group, sealed });
    await storage.write(`member-key-${number}`, he.encodeMemberKey(key));
    await chain.announce(
      'self-test',
      number,
      await store.put(selfTestShares({ he, group }, { dealings: dealt, key }), 'self-test shares'),
    );
    return;
  }
  if (tests.size < plan.trainers.length) return;
  const shares = await contentsOf(context, { group, digests: tests }, (content) => content);
  await checkSelfTest({ he, group }, { dealings: dealt, shares });
  const key = (await remembered(storage, `member-key-${number}`, (bytes) => he.decodeMemberKey(bytes)))!;
  if (!(await statisticsStep(context, { number, plan, group }, { statistics, index: own, key }))) return;
  step(context, 'confirms the collective key: the self-test opened');
  await chain.confirmKey(number, bytesToHex(group.id));
}

/** What is needed to read a task's key. */
type KeyView = Pick<RoleContext, 'chain' | 'he' | 'store'>;

/** The key group whose key the task runs under. @throws NodeError `key` */
export const runningKeyGroup = async (context: KeyView): Promise<KeyGroup> =>
  (await runningKey(context)).group;

/**
 * The statistics by which the task's data are scaled, as its trainers opened them before they confirmed the
 * key.
 * @throws NodeError `key` where they did not open them.
 */
export async function runningStatistics(
  context: StatisticsView,
  onNarrow?: (column: string) => void,
): Promise<Statistics> {
  if (statisticsCoordinates(context.description.data) === 0) return {};
  const statistics = await openStatistics(context, await runningKey(context), onNarrow);
  if (!statistics)
    throw new NodeError('key', `task ${context.chain.task}: its trainers did not open the data's statistics`);
  return statistics;
}

async function runningKey(context: KeyView): Promise<StatisticsRound> {
  const { chain, he, store } = context;
  const { epoch: number } = await chain.state();
  const registered = chain.journal.epochs.get(number);
  const { threshold } = await chain.terms();
  const plan = registered && keyingPlan(context, { number, threshold, registered });
  if (!plan) throw new NodeError('key', `task ${chain.task}: the keys of epoch ${number} are not registered`);
  const group = await loadKeyGroup({ he, store }, plan);
  const confirmed = chain.journal.collectiveKey;
  const found = bytesToHex(group.id);
  if (confirmed !== found)
    throw new NodeError(
      'key',
      `task ${chain.task}: the trainers confirmed key ${confirmed}, but the key shares give ${found}`,
    );
  return { number, plan, group };
}

/** This trainer's share of the key that the task runs under. @throws NodeError `state` where it is lost. */
export async function loadMemberKey({ name, chain, he, storage }: RoleContext): Promise<MemberKey> {
  const { epoch } = await chain.state();
  const key = await remembered(storage, `member-key-${epoch}`, (bytes) => he.decodeMemberKey(bytes));
  if (!key)
    throw new NodeError(
      'state',
      `${name}: its share of the key of epoch ${epoch} is not in its state folder`,
      {
        mend: 'Restore the folder.',
      },
    );
  // The rounds run: the secret that the shares were dealt from is not needed any more.
  await storage.remove(`party-${epoch}`);
  return key;
}

/**
 * The secret that this trainer deals shares of; made once, and remembered before its key share is registered.
 * @throws NodeError `state` where what is registered follows from another secret: a second process with the same key
 * stands back, or the two would deal, and announce, what does not fit together.
 */
async function loadParty(
  { chain, he, storage }: RoleContext,
  number: number,
  registered: MemberKeys | undefined,
): Promise<PartySecret> {
  const name = `party-${number}`;
  const known = await remembered(storage, name, (bytes) => he.decodeParty(bytes));
  if (registered && (!known || bytesToHex(he.sealingKey(known)) !== registered.sealingKey))
    throw new NodeError(
      'state',
      `epoch ${number}: ${chain.account} registered a key share whose secret is not in this state folder`,
      {
        mend: 'An account works in one folder, by one process: go on in the folder that it registered from.',
        prospect: 'final',
      },
    );
  if (known) return known;
  const party = he.createParty(epochOf(chain, number), identityOf(chain.account));
  await storage.write(name, he.encodeParty(party));
  return party;
}

/**
 * The announced contents of all members, in the members' order, read one after the other.
 * @throws NodeError `key`, naming the member whose content cannot be read.
 */
async function contentsOf(
  { chain, he, store }: RoleContext,
  { group, digests }: { readonly group: KeyGroup; readonly digests: ReadonlyMap<number, Hex> },
  read: (content: Uint8Array) => Uint8Array,
): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = [];
  for (const { index } of group.members) {
    const content = await fetchKeying({ he, store, group }, digests.get(index)!);
    try {
      contents.push(read(content));
    } catch (cause) {
      const member = `task ${chain.task}: member ${index} of the key generation`;
      throw new NodeError('key', `${member}: ${reasonOf(cause)}`, { cause });
    }
  }
  return contents;
}

/** The bytes of a PeerId as the registration carries them. */
export const peerBytes = (peer: string): Hex => bytesToHex(new TextEncoder().encode(peer));
/** The PeerId of a registration. */
export const peerOf = (bytes: Hex): string => new TextDecoder().decode(hexToBytes(bytes));
