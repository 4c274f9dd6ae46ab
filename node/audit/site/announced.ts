// The contents that a call announces, and what each is: what must be in the log of whoever sent the call.
import {
  bulletinAbi,
  type Deployment,
  disputesAbi,
  exclusionsAbi,
  keyRegistryAbi,
  marketplaceAbi,
  roundsAbi,
  settlementAbi,
  stakeVaultAbi,
  validationAbi,
} from '@murmuration/contracts';
import {
  type Abi,
  type Address,
  decodeFunctionData,
  erc20Abi,
  type Hex,
  isAddressEqual,
  zeroHash,
} from 'viem';
import { epochTopics, roundTopics, type TopicKind, topicOf } from '../../protocol/index.ts';
import type { ContentKind } from '../../store/index.ts';

/** Contracts whose calls announce no content. */
const silentAbis = [
  ['vault', stakeVaultAbi],
  ['exclusions', exclusionsAbi],
  ['validation', validationAbi],
  ['settlement', settlementAbi],
  ['disputes', disputesAbi],
  ['token', erc20Abi],
] as const;

/** A content that a call announces. */
export interface AnnouncedContent {
  readonly digest: Hex;
  /** Undefined where the call does not tell. */
  readonly kind: ContentKind | undefined;
  /** Whether it was only committed to: it may never have left. */
  readonly committed?: boolean;
}

/** A call, as far as it is read. */
export interface ReadCall {
  /** For people: function and contract. */
  readonly name: string;
  readonly contents: readonly AnnouncedContent[];
}

/** Reads a call. @param topics of the bulletin, as {@link topicKinds} has them. */
export function readCall(
  deployment: Deployment,
  { to, input: data }: { readonly to: Address | null; readonly input: Hex },
  topics: ReadonlyMap<Hex, ContentKind>,
): ReadCall {
  if (to === null) return { name: 'the creation of a contract', contents: [] };
  const at = (place: Address) => isAddressEqual(place, to);
  try {
    if (at(deployment.rounds)) return { name: nameOf(roundsAbi, data), contents: ofRounds(data) };
    if (at(deployment.bulletin)) {
      const { functionName, args } = decodeFunctionData({ abi: bulletinAbi, data });
      const [, topic, digest] = args;
      return { name: functionName, contents: [{ digest, kind: topics.get(topic) }] };
    }
    if (at(deployment.keys)) return { name: nameOf(keyRegistryAbi, data), contents: ofKeys(data) };
    if (at(deployment.marketplace)) return { name: nameOf(marketplaceAbi, data), contents: ofMarket(data) };
    const silent = silentAbis.find(([place]) => at(deployment[place]));
    if (silent) return { name: nameOf(silent[1], data), contents: [] };
  } catch {
    // Call data that is none of the contract's functions.
  }
  return { name: `a call of ${data.slice(0, 10)}`, contents: [] };
}

const nameOf = (abi: Abi, data: Hex): string => decodeFunctionData({ abi, data }).functionName;

function ofRounds(data: Hex): AnnouncedContent[] {
  const call = decodeFunctionData({ abi: roundsAbi, data });
  switch (call.functionName) {
    case 'submitUpdate':
      return call.args[3].map(({ digest }) => ({ digest, kind: 'update' }));
    case 'submitProbe':
      return call.args[3].map(({ digest }) => ({ digest, kind: 'probe' }));
    case 'propose':
      return [{ digest: call.args[2], kind: 'proposal' }];
    case 'submitAggregate':
      return call.args[4].map(({ digest }) => ({ digest, kind: 'sum' }));
    default:
      return [];
  }
}

function ofKeys(data: Hex): AnnouncedContent[] {
  const call = decodeFunctionData({ abi: keyRegistryAbi, data });
  if (call.functionName === 'deal') return [{ digest: call.args[2], kind: 'dealing' }];
  if (call.functionName !== 'registerKeys') return [];
  const { keyShare } = call.args[0];
  return keyShare === zeroHash ? [] : [{ digest: keyShare, kind: 'key share', committed: true }];
}

function ofMarket(data: Hex): AnnouncedContent[] {
  const call = decodeFunctionData({ abi: marketplaceAbi, data });
  if (call.functionName !== 'post') return [];
  const { metadata, model } = call.args[0];
  return [
    { digest: metadata, kind: 'description' },
    { digest: model, kind: 'model' },
  ];
}

const announcedKinds: Readonly<Record<Exclude<TopicKind, 'sealed-shares'>, ContentKind>> = {
  peer: 'peer addresses',
  'self-test': 'self-test shares',
  statistics: 'statistics',
  'statistics-shares': 'statistics shares',
  decryption: 'decryption shares',
  accusation: 'evidence',
  'accusation-signature': 'accusation signature',
};

/** Epochs of a key that a task has, at most. */
const mostEpochs = 3;

/** What is announced under a topic, for all rounds up to one. */
export function topicKinds(rounds: number): Map<Hex, ContentKind> {
  const kinds = new Map<Hex, ContentKind>([[topicOf('peer', 0), announcedKinds.peer]]);
  for (const kind of epochTopics)
    for (let epoch = 1; epoch <= mostEpochs; epoch++) kinds.set(topicOf(kind, epoch), announcedKinds[kind]);
  for (const kind of roundTopics)
    for (let round = 1; round <= rounds; round++) kinds.set(topicOf(kind, round), announcedKinds[kind]);
  return kinds;
}
