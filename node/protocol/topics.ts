// What parties announce on the bulletin: a kind and a number make a topic (contracts/src/interfaces/IBulletin.sol).
import { encodeAbiParameters, type Hex, keccak256 } from 'viem';

/**
 * - `peer`: the signed registration of a peer's addresses (number 0).
 * - `sealed-shares`: its secret's shares, sealed to each trainer (number: epoch).
 * - `self-test`: its share of the self-test's decryption (number: epoch).
 * - `statistics`: its part of the data's statistics, encrypted, as the list of its ciphertexts' digests (number: epoch).
 * - `statistics-shares`: its decryption shares of their sum (number: epoch).
 * - `decryption`: its decryption shares of a round's sums (number: round).
 */
export type TopicKind =
  | 'peer'
  | 'sealed-shares'
  | 'self-test'
  | 'statistics'
  | 'statistics-shares'
  | 'decryption';

export function topicOf(kind: TopicKind, number: number): Hex {
  return keccak256(encodeAbiParameters([{ type: 'string' }, { type: 'uint256' }], [kind, BigInt(number)]));
}
