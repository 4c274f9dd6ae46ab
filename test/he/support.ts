// What the tests of he/ share: a key group from fixed or fresh secrets, and its members' keys.

import { randomBytes } from 'node:crypto';
import { assemble, f64x2, func, i32, instantiate, v128 } from '@murmuration/core/wasm';
import { expect } from 'vitest';
import {
  DecryptionLog,
  digest,
  type He,
  HeError,
  type HeErrorCode,
  type KeyGroup,
  type MemberKey,
  type PartySecret,
} from '../../he/index.ts';
import type { KernelName } from '../../he/wasm/kernel.ts';

export interface MadeGroup {
  readonly parties: PartySecret[];
  readonly keyShares: Uint8Array[];
  readonly group: KeyGroup;
  readonly dealt: Uint8Array[][];
  readonly keys: MemberKey[];
}

export const identity = (index: number) => Uint8Array.from([0xa0, index]);

/** A key group of n parties with threshold t, all honest. `fixed` makes every secret known and repeatable. */
export function makeGroup(he: He, n: number, threshold: number, fixed = false): MadeGroup {
  const epoch = digest(fixed ? Uint8Array.of(n, threshold) : randomBytes(16));
  const parties = Array.from({ length: n }, (_, index) => {
    const party = he.createParty(epoch, identity(index));
    return fixed ? { ...party, seed: digest(Uint8Array.of(7, index)) } : party;
  });
  const keyShares = parties.map((party) => he.keyShare(party));
  const members = parties.map((party, index) => ({
    identity: party.identity,
    digest: digest(keyShares[index]!),
  }));
  const group = he.formKeyGroup({ epoch, threshold, members, keyShares });
  const dealt = parties.map((party) => he.dealShares(party, group));
  const keys = parties.map((party, to) =>
    he.finishKey({ party, group, sealed: dealt.map((shares) => shares[to]!) }),
  );
  return { parties, keyShares, group, dealt, keys };
}

export const sharesOf = (
  he: He,
  made: Pick<MadeGroup, 'keys' | 'group'>,
  sum: Uint8Array,
  set: readonly number[],
) => set.map((index) => he.decryptionShare({ key: made.keys[index]!, sum, set, log: new DecryptionLog() }));

/** Decrypts `sum` with the shares of `set`. */
export const openSum = (
  he: He,
  made: Pick<MadeGroup, 'keys' | 'group'>,
  sum: Uint8Array,
  set: readonly number[],
) => he.combineDecryptionShares({ group: made.group, sum, set, shares: sharesOf(he, made, sum, set) });

/** Expects an HeError of this code whose message, and where it is given the mend, match. */
export function expectError(
  action: () => unknown,
  code: HeErrorCode,
  message: RegExp = /./,
  mend?: RegExp,
): void {
  let error: unknown;
  try {
    action();
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(HeError);
  expect((error as HeError).code).toBe(code);
  expect((error as HeError).message).toMatch(message);
  if (mend) expect((error as HeError).mend).toMatch(mend);
}

export const centre = (value: bigint, q: bigint): bigint => {
  const residue = ((value % q) + q) % q;
  return residue > q / 2n ? residue - q : residue;
};

/** Whether this machine multiplies and adds vectors in one step: (1 + 2^-30)^2 - 1 has 60 bits, of which two steps lose the last. */
function fusesHere(): boolean {
  const one = new BigInt64Array(new Float64Array([1 + 2 ** -30, -1]).buffer);
  const [x, minusOne] = [...one].map((bits) => v128.constant(bits, bits));
  const probe = func('probe', [], undefined, () => [
    v128.store(i32.const(0), f64x2.relaxedMadd(x!, x!, minusOne!)),
  ]);
  try {
    const { exports, buffer } = instantiate(assemble([probe], 1), 1);
    exports.probe!();
    return new Float64Array(buffer)[0] === 2 ** -29 + 2 ** -60;
  } catch {
    return false;
  }
}

/** The kernels that run on this machine, the fastest last. */
export const kernelsHere: readonly KernelName[] = fusesHere() ? ['integers', 'pairs'] : ['integers'];
