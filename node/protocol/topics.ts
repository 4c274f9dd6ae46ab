// Topics of the contract `Bulletin` (docs/encodings.md, "Announcements"): a kind and a number.
import { encodeAbiParameters, type Hex, keccak256 } from 'viem';

/**
 * What is announced, by its digest:
 * - `peer`: the signed registration of a peer's addresses (number 0);
 * - `sealed-shares`: the shares of the sender's secret, sealed to each trainer (number: epoch); not on the bulletin,
 *   but by `KeyRegistry.deal`, since not to deal is a fault;
 * - `self-test`: the sender's shares of the self-test's decryption (number: epoch);
 * - `statistics`: the list of the digests of the sender's encrypted statistics (number: epoch);
 * - `statistics-shares`: the sender's decryption shares of the statistics' sum (number: epoch);
 * - `decryption`: the sender's decryption shares of a round's sums (number: round);
 * - `accusation`: evidence against a member (number: round);
 * - `accusation-signature`: a validator's signature on an accusation (number: round).
 */
export type TopicKind = (typeof epochTopics | typeof roundTopics)[number] | 'peer' | 'sealed-shares';

/** Topics of the bulletin whose number is an epoch of the key. */
export const epochTopics = ['self-test', 'statistics', 'statistics-shares'] as const;

/** Topics of the bulletin whose number is a round. */
export const roundTopics = ['decryption', 'accusation', 'accusation-signature'] as const;

/** By kind and number: as many as there have been rounds and epochs, which a role asks for again at each look. */
const known = new Map<string, Hex>();

/** The topic under which contents of a kind are announced. */
export function topicOf(kind: TopicKind, number: number): Hex {
  const name = `${kind}/${number}`;
  const topic = known.get(name) ?? hashTopic(kind, number);
  known.set(name, topic);
  return topic;
}

const hashTopic = (kind: TopicKind, number: number): Hex =>
  keccak256(encodeAbiParameters([{ type: 'string' }, { type: 'uint256' }], [kind, BigInt(number)]));
