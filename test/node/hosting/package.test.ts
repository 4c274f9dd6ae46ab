// A package opens for one host, whole or not at all, and its mandate stands for one task, owner and time.
import { bytesToHex, concatHex, type Hex, hexToBytes } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { openBox, sealTo } from '../../../node/hosting/box.ts';
import {
  checkStanding,
  fingerprint,
  hostingData,
  makeIdentity,
  mandateOf,
  openingKey,
  pack,
  readIdentity,
  readReceipt,
  seal,
  sealingKeyOf,
  signReceipt,
  unpack,
} from '../../../node/hosting/index.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { plainReading } from '../../../node/learn/index.ts';

const domain = { chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' } as const;
const elsewhere = { ...domain, chainId: 1 };
const person = () => {
  const key = generatePrivateKey();
  return { account: privateKeyToAccount(key), secretBox: createSecretBox(hexToBytes(key)) };
};
const [owner, host, other] = [person(), person(), person()];
const openerOf = (of: typeof host) => ({
  secret: openingKey(of),
  key: sealingKeyOf(of),
  account: of.account.address,
  domain,
});
const rows = new TextEncoder().encode('age,ill\n61,yes\n44,no\n');
const terms: Hex = `0x${'11'.repeat(32)}`;
const file = () => ({ kind: 'csv', reading: plainReading, bytes: rows.slice() }) as const;
const mandate = {
  task: 3n,
  terms,
  operator: host.account.address,
  key: sealingKeyOf(host),
  role: 'trainer',
  stake: 5n,
  until: 1000n,
} as const;
const sealed = await pack({ signer: owner.account, domain }, mandate, file());

describe('a package', () => {
  it('opens for its host, with the file, how it is read, and the mandate', () => {
    const opened = unpack(sealed, openerOf(host));
    expect(opened.file.bytes).toEqual(rows);
    expect(opened.file.reading).toEqual(plainReading);
    expect(opened.mandate).toMatchObject({ ...mandate, owner: owner.account.address });
  });

  it('opens for no other host, and not in another deployment', () => {
    expect(() => unpack(sealed, openerOf(other))).toThrow(/is for another host, or was altered/);
    expect(() => unpack(sealed, { ...openerOf(host), domain: elsewhere })).toThrow(/is not signed by/);
  });

  it('takes a signature that a wallet has made elsewhere, of the owner alone and for this file alone', async () => {
    const drawn = mandateOf(mandate, owner.account.address, file());
    const signature = await owner.account.signTypedData(hostingData(domain, drawn));
    const opened = unpack(seal(domain, { mandate: drawn, signature }, file()), openerOf(host));
    expect(opened.mandate).toEqual(drawn);
    const stranger = await other.account.signTypedData(hostingData(domain, drawn));
    expect(() => seal(domain, { mandate: drawn, signature: stranger }, file())).toThrow(/is not signed by/);
    expect(() => seal(domain, { mandate: { ...drawn, stake: 6n }, signature }, file())).toThrow(
      /is not signed by/,
    );
    const longer = { ...file(), bytes: new Uint8Array([...rows, 10]) };
    expect(() => seal(domain, { mandate: drawn, signature }, longer)).toThrow(/file is not the one/);
  });

  it('opens with no byte changed, added or missing', () => {
    // The format, the key of the message, the text and the tag; all of its bytes would take seconds.
    for (let at = 0; at < sealed.length; at += at < 2 ? 1 : 11) {
      const altered = sealed.slice();
      altered[at]! ^= 1;
      expect(() => unpack(altered, openerOf(host)), `byte ${at}`).toThrow(/altered/);
    }
    expect(() => unpack(sealed.subarray(0, -1), openerOf(host))).toThrow(/altered/);
    expect(() => unpack(new Uint8Array([...sealed, 0]), openerOf(host))).toThrow(/altered/);
    expect(() => unpack(new Uint8Array(), openerOf(host))).toThrow(/altered/);
  });

  it('shows its size alone: not who, to whom, for what, nor twice the same', async () => {
    const again = await pack({ signer: owner.account, domain }, mandate, file());
    expect(again.length).toBe(sealed.length);
    expect(again.subarray(1, 33)).not.toEqual(sealed.subarray(1, 33));
    const text = bytesToHex(sealed);
    for (const told of [owner.account.address, host.account.address, mandate.key, terms, bytesToHex(rows)])
      expect(text).not.toContain(told.slice(2).toLowerCase());
    const words = Buffer.from(sealed).toString('latin1');
    for (const told of ['mandate', 'csv', owner.account.address, 'age,ill'])
      expect(words).not.toContain(told);
  });

  /** What the host itself can make of it: it has the plain bytes, and seals what it likes to its own key. */
  const forged = (change: (header: string) => string, more: Uint8Array = new Uint8Array()) => {
    const plain = openBox(openingKey(host), sealed);
    const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
    const text = change(new TextDecoder().decode(plain.subarray(4, 4 + length)));
    const header = new TextEncoder().encode(text);
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, header.length);
    return sealTo(
      hexToBytes(sealingKeyOf(host)),
      new Uint8Array([...size, ...header, ...plain.subarray(4 + length), ...more]),
    );
  };

  it.each([
    ['another task', /"task":"3"/, '"task":"4"', /is not signed by/],
    ['more stake', /"stake":"5"/, '"stake":"50"', /is not signed by/],
    ['more time', /"until":"1000"/, '"until":"9000"', /is not signed by/],
    ['another role', /"role":"trainer"/, '"role":"validator"', /is not signed by/],
    ['another reading', /"decimal":"\."/, '"decimal":","', /is not the one that the mandate is for/],
    ['a member more', /"kind"/, '"more":1,"kind"', /breaks the schema/],
    ['no JSON', /^\{/, '[', /is no JSON/],
  ])('is refused where its host writes %s into it', (_, from, to, refusal) => {
    const made = forged((header) => {
      expect(header).toMatch(from);
      return header.replace(from, to);
    });
    expect(() => unpack(made, openerOf(host))).toThrow(refusal);
  });

  it('is refused with other rows than the owner signed for', () => {
    const more = new TextEncoder().encode('99,yes\n');
    expect(() =>
      unpack(
        forged((header) => header, more),
        openerOf(host),
      ),
    ).toThrow(/its file is not the one/);
  });

  it('is refused where its host is its own owner', async () => {
    const own = await pack({ signer: host.account, domain }, mandate, file());
    expect(() => unpack(own, openerOf(host))).toThrow(/names one account as owner and as host/);
  });
});

describe('a mandate', () => {
  const standing = { owner: owner.account.address, terms, now: 999n };
  const given = { ...mandate, owner: owner.account.address, content: terms };

  it('stands until its moment, and no longer', () => {
    expect(() => checkStanding(given, standing)).not.toThrow();
    expect(() => checkStanding(given, { ...standing, now: 1000n })).toThrow(/its mandate is over/);
  });

  it('is for its task, its terms and who owns the host’s account', () => {
    expect(() => checkStanding(given, { ...standing, task: 4n })).toThrow(/for task 3, not 4/);
    expect(() => checkStanding(given, { ...standing, terms: mandate.key })).toThrow(/other terms/);
    expect(() => checkStanding(given, { ...standing, owner: other.account.address })).toThrow(/is owned by/);
  });
});

describe('an identity of a host', () => {
  it('is read again, and has a fingerprint that follows from account and key', async () => {
    const made = await makeIdentity(host, domain);
    expect(readIdentity(JSON.parse(JSON.stringify(made)), domain)).toEqual(made);
    expect(fingerprint(made)).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
    expect(fingerprint({ ...made, key: sealingKeyOf(other) })).not.toBe(fingerprint(made));
  });

  it('is refused with another key, for another account or deployment', async () => {
    const made = await makeIdentity(host, domain);
    expect(() => readIdentity({ ...made, key: sealingKeyOf(other) }, domain)).toThrow(/is not signed by/);
    expect(() => readIdentity({ ...made, account: other.account.address }, domain)).toThrow(/is not signed/);
    expect(() => readIdentity(made, elsewhere)).toThrow(/is for chain 31337/);
    expect(() => readIdentity({ ...made, more: 1 }, domain)).toThrow(/is no identity/);
  });
});

describe('a receipt', () => {
  it('is its operator’s word, and no other’s', async () => {
    const of = { sealed: terms, task: 3n, outcome: 'over', erased: 1200n } as const;
    const signed = await signReceipt({ signer: host.account, domain }, of);
    const wire = { ...signed, task: '3', erased: '1200' };
    expect(readReceipt(wire, domain)).toEqual(signed);
    expect(() => readReceipt({ ...wire, erased: '1100' }, domain)).toThrow(/is not signed by/);
    expect(() => readReceipt({ ...wire, operator: other.account.address }, domain)).toThrow(/is not signed/);
    expect(() => readReceipt({ ...wire, signature: concatHex(['0x00', signed.signature]) }, domain)).toThrow(
      /is no receipt/,
    );
  });
});
