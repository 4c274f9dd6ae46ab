// The self-test as members publish and check it: any run of t neighbours opens, and a member whose share is
// wrong is noticed.

import { createHe, digest } from '@murmuration/he';
import { bytesToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { checkSelfTest, deal, selfTestShares } from '../../../node/cryptography/index.ts';
import { makeGroup } from '../../he/support.ts';

const he = await createHe('tiny');
const made = makeGroup(he, 5, 3);
const { group } = made;
const dealings = made.parties.map((party) => bytesToHex(digest(deal(he, party, group))));
const shares = made.keys.map((key) => selfTestShares({ he, group }, { dealings, key }));

describe('the self-test', () => {
  it('opens with what every member publishes', async () => {
    await checkSelfTest({ he, group }, { dealings, shares });
  });

  it("refuses a key of which one member's share is another's", async () => {
    const other = { ...made.keys[2]!, share: made.keys[1]!.share };
    const wrong = selfTestShares({ he, group }, { dealings, key: other });
    await expect(checkSelfTest({ he, group }, { dealings, shares: shares.with(2, wrong) })).rejects.toThrow(
      /the shares of members 2 do not fit those of the others/,
    );
  });

  it('refuses a key of which one member was dealt another key of the joint flood, though some set opens', async () => {
    const mine = made.keys[2]!;
    const other = { ...mine, jointKeys: mine.jointKeys.with(0, new Uint8Array(32)) };
    const wrong = selfTestShares({ he, group }, { dealings, key: other });
    // Members 0 and 1 do not hold that key, so with them the other flood opens as well as the right one would.
    await expect(checkSelfTest({ he, group }, { dealings, shares: shares.with(2, wrong) })).rejects.toThrow(
      /the shares of members 3, 4 do not fit those of the others/,
    );
  });

  it('is another one for other dealings, of which nobody knows the last before it is announced', async () => {
    const others = dealings.with(4, bytesToHex(digest(Uint8Array.of(0))));
    await expect(checkSelfTest({ he, group }, { dealings: others, shares })).rejects.toThrow(
      /the shares of members 0, 1, 2, 3, 4 do not fit/,
    );
    const again = made.keys.map((key) => selfTestShares({ he, group }, { dealings: others, key }));
    await checkSelfTest({ he, group }, { dealings: others, shares: again });
  });

  it('refuses a content with fewer shares than the member owes', async () => {
    await expect(
      checkSelfTest({ he, group }, { dealings, shares: shares.with(2, shares[0]!) }),
    ).rejects.toThrow();
  });
});
