// Pairwise keys of a key group, and the envelope in which a share travels.
//
// X25519 between the parties' sealing keys (RFC 7748), HMAC-SHA256 to one key a purpose and direction,
// ChaCha20-Poly1305 (RFC 8439). A key seals one message only, the deterministic share of one dealer to one
// receiver in one key group, so the nonce is fixed.

import { createCipheriv, createDecipheriv } from 'node:crypto';
import { sharedSecret } from '@murmuration/core/x25519';
import { ensure, HeError } from '../errors.ts';
import { deriveKey } from '../sampling/stream.ts';
import { concat, equalBytes, hex, u16 } from '../wire/message.ts';
import type { KeyGroup } from './group.ts';
import { type PartySecret, sealingKey, sealingSecret } from './party.ts';

/**
 * The party's position. The sealing key follows from the party's seed and epoch, as all of its share does.
 * @throws HeError `mismatch` where it is not a member with exactly this secret.
 */
export function ownIndex(party: PartySecret, group: KeyGroup): number {
  const found = group.members.find((member) => equalBytes(member.identity, party.identity));
  ensure(
    found !== undefined && equalBytes(found.sealingKey, sealingKey(party)),
    'mismatch',
    () => `the party is ${hex(party.identity)}, but the key group has no key share made from its secret`,
  );
  return found.index;
}

/** Which key of two members is meant. */
export interface PairKeyParameters {
  readonly group: KeyGroup;
  /** The other member. */
  readonly peer: number;
  readonly purpose: 'seal' | 'receipt' | 'mask';
  /**
   * Both members in a fixed order, so that both derive the same key: dealer and receiver, or the lower index
   * first.
   */
  readonly pair: readonly [number, number];
}

/**
 * A key that two members share.
 * @throws HeError `mismatch` where the peer's sealing key is a point of small order.
 */
export function pairKey(party: PartySecret, parameters: PairKeyParameters): Uint8Array<ArrayBuffer> {
  const { group, peer, purpose, pair } = parameters;
  try {
    const shared = sharedSecret(sealingSecret(party), group.members[peer]!.sealingKey);
    return deriveKey(shared, purpose, group.id, ...pair.map(u16));
  } catch (cause) {
    throw new HeError(
      'mismatch',
      `the sealing key of member ${peer} is a point of small order, but such a key has no secret`,
      { mend: 'Exclude the member.', cause },
    );
  }
}

const cipher = 'chacha20-poly1305';
const nonce = new Uint8Array(12);
const tagBytes = 16;

export function seal(key: Uint8Array, header: Uint8Array, plain: Uint8Array): Uint8Array {
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  sealing.setAAD(header, { plaintextLength: plain.length });
  return concat(sealing.update(plain), sealing.final(), sealing.getAuthTag());
}

/** @throws HeError `mismatch` where the envelope was not sealed with this key over this header. */
export function unseal(
  key: Uint8Array,
  { header, sealed, from }: { header: Uint8Array; sealed: Uint8Array; from: number },
): Uint8Array {
  try {
    const end = sealed.length - tagBytes;
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
    opening.setAAD(header, { plaintextLength: end });
    opening.setAuthTag(sealed.subarray(end));
    return concat(opening.update(sealed.subarray(0, end)), opening.final());
  } catch (cause) {
    throw new HeError(
      'mismatch',
      `a sealedShare was not sealed by member ${from} for this receiver, or altered on the way`,
      { cause },
    );
  }
}
