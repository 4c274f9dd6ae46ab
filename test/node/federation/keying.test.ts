// The self-test as members publish and check it: any run of t neighbours opens, and a member whose share is wrong is noticed.
import { describe, expect, it } from 'vitest';
import { createHe } from '../../../he/index.ts';
import { checkSelfTest, selfTestShares } from '../../../node/federation/index.ts';
import { makeGroup } from '../../he/support.ts';

const he = await createHe('tiny');
const group = makeGroup(he, 5, 3);
const shares = group.keys.map((key) => selfTestShares(he, group.federation, key));

describe('the self-test', () => {
  it('opens with what every member publishes', () => {
    expect(() => checkSelfTest(he, group.federation, shares)).not.toThrow();
  });

  it("refuses a key of which one member's share is another's", () => {
    const wrong = selfTestShares(he, group.federation, { ...group.keys[2]!, share: group.keys[1]!.share });
    expect(() => checkSelfTest(he, group.federation, shares.with(2, wrong))).toThrow(/open to noise/);
  });

  it('refuses a content with fewer shares than the member owes', () => {
    expect(() => checkSelfTest(he, group.federation, shares.with(2, shares[0]!))).toThrow();
  });
});
