// Who a host is, and whether its account may be taken on, is checked before anything is given to it: a key that somebody
// put in the host's place, a consent of or for somebody else, one that is over, one that the host did not sign.
import { toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Consent, signConsent } from '../../../../node/chain/index.ts';
import { consentFor, seeHost } from '../../../../node/cli/desk/hosted/hosts.ts';
import { domainOf } from '../../../../node/cli/hosting/domain.ts';
import { makeIdentity, sealingKeyOf } from '../../../../node/hosting/index.ts';
import { createSecretBox } from '../../../../node/keystore/index.ts';
import { openSite, type Person, person, type Site } from '../../chain/fixture.ts';
import { faultOf } from '../fault.ts';

let site: Site;
let host: Person;
let owner: Person;
let other: Person;
beforeAll(async () => {
  site = await openSite();
  [host, owner, other] = [await person(site, 41), await person(site, 42), await person(site, 43)];
});
afterAll(() => site?.anvil.stop());

const unlocked = ({ account }: Person, seed: number) => ({
  account,
  secretBox: createSecretBox(new Uint8Array(32).fill(seed)),
});
const identity = async (at = domainOf(site.deployment)) => makeIdentity(unlocked(host, 1), at);
const textOf = (consent: Consent) =>
  JSON.stringify(consent, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
const consentOf = (signer: Person, of: Partial<{ account: Person; owner: Person; valid: bigint }> = {}) =>
  signConsent(
    { ...site, signer: signer.account },
    {
      account: (of.account ?? host).account.address,
      owner: (of.owner ?? owner).account.address,
      valid: of.valid ?? 600n,
    },
  );
const asked = (text?: string) =>
  consentFor(site, { account: host.account.address, owner: owner.account.address }, text);

describe('a host', () => {
  it('is shown with its account, its key and who owns it', async () => {
    const made = await identity();
    const seen = await seeHost(site, JSON.stringify(made));
    expect(seen).toMatchObject({ account: host.account.address, key: made.key, owner: host.account.address });
  });

  it('is none with the key of somebody who sits in between, or of another deployment', async () => {
    const made = await identity();
    const between = { ...made, key: sealingKeyOf(unlocked(other, 2)) };
    expect(await faultOf(seeHost(site, JSON.stringify(between)))).toMatch(
      /is not signed by .* it was altered/,
    );
    const elsewhere = await identity({ ...domainOf(site.deployment), chainId: 5 });
    expect(await faultOf(seeHost(site, JSON.stringify(elsewhere)))).toMatch(/is for chain 5/);
    expect(await faultOf(seeHost(site, 'host.json'))).toMatch(/is no JSON/);
  });
});

describe('its consent', () => {
  it('lets the owner named in it take the account on', async () => {
    const given = await consentOf(host);
    expect(await asked(textOf(given))).toEqual(given);
  });

  it('is asked for by the command that makes it', async () => {
    expect(await faultOf(asked())).toMatch(`murmur owner consent --owner ${owner.account.address}`);
  });

  it('is of that host, for that owner, and not over', async () => {
    expect(await faultOf(asked(textOf(await consentOf(other, { account: other }))))).toMatch(
      /is of 0x\w+, not of the host/,
    );
    expect(await faultOf(asked(textOf(await consentOf(host, { owner: other }))))).toMatch(
      `is for ${other.account.address}`,
    );
    const short = await consentOf(host, { valid: 1n });
    await site.rpc('evm_increaseTime', toHex(60));
    await site.rpc('evm_mine');
    expect(await faultOf(asked(textOf(short)))).toMatch(/but that is over/);
  });

  it('is the host’s own: what somebody else has signed for it the vault refuses', async () => {
    expect(await faultOf(asked(textOf(await consentOf(other))))).toMatch(
      /the vault refuses .*SignatureInvalid/,
    );
  });
});
