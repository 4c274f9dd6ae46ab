// The self-test as members publish and check it: any run of t neighbours opens, and a member whose share is wrong is noticed.

import { createHe, digest } from '@murmuration/he';
import { bytesToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { checkSelfTest, deal, selfTestShares } from '../../../node/cryptography/index.ts';
import { makeGroup } from '../../he/support.ts';

const he = await createHe('tiny');
const group = makeGroup(he, 5, 3);
const { federation } = group;
const dealings = group.parties.map((party) => bytesToHex(digest(deal(he, party, federation))));
const shares = group.keys.map((key) => selfTestShares(he, federation, dealings, key));

describe('the self-test', () => {
  it('opens with what every member publishes', () => {
    expect(() => checkSelfTest(he, federation, dealings, shares)).not.toThrow();
  });

  it("refuses a key of which one member's share is another's", () => {
    const other = { ...group.keys[2]!, share: group.keys[1]!.share };
    const wrong = selfTestShares(he, federation, dealings, other);
    expect(() => checkSelfTest(he, federation, dealings, shares.with(2, wrong))).toThrow(/open to noise/);
  });

  it('is another one for other dealings, of which nobody knows the last before it is announced', () => {
    const others = dealings.with(4, bytesToHex(digest(Uint8Array.of(0))));
    expect(() => checkSelfTest(he, federation, others, shares)).toThrow(/not [0-9a-f]{64}/);
    const again = group.keys.map((key) => selfTestShares(he, federation, others, key));
    expect(() => checkSelfTest(he, federation, others, again)).not.toThrow();
  });

  it('refuses a content with fewer shares than the member owes', () => {
    expect(() => checkSelfTest(he, federation, dealings, shares.with(2, shares[0]!))).toThrow();
  });
});
