// Hops whose signatures held. A member meets the first hops of a segment again when its whole part goes around, and the
// members of one process meet the same hops: each signature is checked once.
import { Recent } from '@murmuration/core';
import { type Hex, hashTypedData } from 'viem';
import { type HopMessage, hopData, type SigningDomain, signerOf } from '../protocol/index.ts';

/** Most hops that are remembered: a ring of the most members, 64, makes 8,064; some 5 MB. */
const capacity = 8192;

/** By every field that is signed, and the signature. */
const held = new Recent(capacity);

/** Whether the sender of a hop signed it; a signature that fails is not remembered. */
export function isHopSigned(domain: SigningDomain, message: HopMessage, signature: Hex): boolean {
  const name = nameOf(domain, message, signature);
  if (held.has(name)) return true;
  if (signerOf(hashTypedData(hopData(domain, message)), signature) !== message.from) return false;
  held.set(name, true);
  return true;
}

/** Numbers and hexadecimal hold no comma, so that no two hops share a name. */
function nameOf({ chainId, contract }: SigningDomain, message: HopMessage, signature: Hex): string {
  const { ring, task, round, absent, segment, step, from, to, input, payload } = message;
  const hop = [ring, task, round, absent, segment, step, from, to, input, payload];
  return [chainId, contract, ...hop, signature].join();
}
