// Schemas, records and what is held against a lender's policy: every bad input has its own error, and nothing is proven.
import { type ScoreSecret, scoreClaim, scoreDomain, serialHash } from '@murmuration/prover/score';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CreditErrorCode,
  type CreditModel,
  checkShown,
  featuresOf,
  floatLayers,
  issuerOf,
  parseIssuers,
  parseProof,
  parseSchema,
  plainLadder,
  proofText,
  protectedWord,
  quantise,
  readCreditModel,
  readRecord,
  recordText,
  type ShowingPlace,
  type SignedRecord,
  schemaDigest,
  schemaOf,
  signRecord,
  valuesOf,
  writeCreditModel,
} from '../../../node/credit/index.ts';
import { createSecretBox } from '../../../node/keystore/index.ts';
import { data, loans, schema, trained } from './lenders.ts';

const goods = loans('goods');
const values = valuesOf(goods, 3);
const [bank, bureau] = [1, 2].map((byte) => createSecretBox(new Uint8Array(32).fill(byte)));
const first = issuerOf(bank!, 1);
const second = issuerOf(bank!, 2);
const other = issuerOf(bureau!, 1);
const subject = 0xb0bn;
const times = { issuedAt: 1_700_000_000n, expiresAt: 1_800_000_000n };
const attestation = { schema, values, subject, holder: first.holderOf('4711'), ...times };

let model: CreditModel;
let signed: SignedRecord;
let place: ShowingPlace;

beforeAll(async () => {
  const layers = floatLayers(trained(loans('cars')), { schema, bad: 1 });
  const quantised = quantise(layers, { schema, ladder: plainLadder });
  const origin = { chainId: 31337, marketplace: '0x0', task: '1', model: `0x${'0'.repeat(64)}`, rounds: 1 };
  const { text } = await writeCreditModel({
    quantised,
    schema,
    name: 'loans',
    origin,
    bad: '0',
    ladder: [...plainLadder],
  });
  model = await readCreditModel(JSON.parse(text), schema);
  signed = await signRecord(first.keys, attestation);
  place = {
    domain: scoreDomain(31337n, `0x${'c'.repeat(40)}`),
    issuers: [other.keys.publicKey, first.keys.publicKey],
    isAccepted: (digest) => digest === model.file.digest,
    isRevoked: () => false,
    until: 1_767_744_000n,
    now: 1_766_000_000n,
    subject,
  };
});

const codeOf = (work: () => unknown): CreditErrorCode | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code: CreditErrorCode }).code;
  }
};

describe('schemas', () => {
  it('have a digest of 248 bits that changes with each member', () => {
    const digest = schemaDigest(schema);
    expect(digest).toBeLessThan(2n ** 248n);
    const [amount, ...rest] = schema.columns;
    const wider = { ...schema, columns: [{ ...amount!, range: [1, 121] as [number, number] }, ...rest] };
    expect(schemaDigest(wider as typeof schema)).not.toBe(digest);
    expect(schemaDigest(parseSchema(JSON.parse(JSON.stringify(schema))))).toBe(digest);
  });

  it('with a protected attribute say why, or are refused', () => {
    expect(codeOf(() => schemaOf({ name: 'credit', shape: 'logistic', data }))).toBe('protected');
    for (const name of ['age', 'maritalStatus', 'Sex', 'foreign_worker', 'personal', 'ethnic-origin'])
      expect(
        codeOf(() => parseSchema({ ...schema, columns: [{ type: 'numeric', name, range: [0, 1] }] })),
        name,
      ).toBe('protected');
    const said = {
      type: 'numeric',
      name: 'age',
      range: [18, 100],
      protected: 'allowed by ECOA in an empirically derived score',
    };
    expect(parseSchema({ ...schema, columns: [said] }).columns).toEqual([said]);
    for (const name of ['average_balance', 'savings', 'usage', 'essex'])
      expect(protectedWord(name)).toBeUndefined();
  });

  it.each([
    [
      'a column named twice',
      [
        { type: 'numeric', name: 'a', range: [0, 1] },
        { type: 'numeric', name: 'a', range: [0, 2] },
      ],
    ],
    ['a range the wrong way round', [{ type: 'numeric', name: 'a', range: [1, 0] }]],
    [
      '65 features',
      [
        { type: 'categorical', name: 'a', values: Array.from({ length: 64 }, (_, i) => `${i}`) },
        { type: 'numeric', name: 'b', range: [0, 1] },
      ],
    ],
    ['an unknown member', [{ type: 'numeric', name: 'a', range: [0, 1], unit: 'EUR' }]],
  ])('with %s are refused', (_, columns) => {
    expect(codeOf(() => parseSchema({ ...schema, columns }))).toBe('file');
  });
});

describe('features', () => {
  it('go from 0 to 2^14 over a range, and say a category by one of its columns', () => {
    const at = (duration_months: number) => featuresOf(schema, { ...values, duration_months })[0];
    expect([1, 60.5, 120].map(at)).toEqual([0, 8192, 16384]);
    expect(featuresOf(schema, { ...values, telephone: '1' }).filter((value) => value === 16384)).toHaveLength(
      15,
    );
  });

  it.each([
    ['below its range', { duration_months: 0 }, /duration_months is 0, but it is a number from 1 to 120/],
    ['above its range', { amount_dm: 50_001 }, /amount_dm is 50001/],
    ['no number', { amount_dm: 'much' }, /amount_dm is much/],
    ['of no category', { housing: 'tent' }, /housing is "tent", but it is one of forfree, own, rent/],
    ['missing', { housing: '' }, /housing is missing/],
    ['of no column', { income: 4 }, /income is given, but the schema has no such column/],
  ])('%s are refused', (_, change, message) => {
    expect(() => featuresOf(schema, { ...values, ...change })).toThrow(
      expect.objectContaining({ code: 'feature', message: expect.stringMatching(message) }),
    );
  });
});

describe('issuers', () => {
  it('come from an account: the same again, another for another number or account', () => {
    expect(issuerOf(bank!, 1).keys.publicKey).toEqual(first.keys.publicKey);
    expect(second.keys.publicKey).not.toEqual(first.keys.publicKey);
    expect(other.keys.publicKey).not.toEqual(first.keys.publicKey);
  });

  it('call a person the same under each of their keys, and nobody else can tell whom', () => {
    expect(second.holderOf('4711')).toBe(first.holderOf('4711'));
    expect(first.holderOf('4712')).not.toBe(first.holderOf('4711'));
    expect(other.holderOf('4711')).not.toBe(first.holderOf('4711'));
  });
});

describe('records', () => {
  const altered = (change: (file: Record<string, unknown> & { features: number[] }) => void) => {
    const file = JSON.parse(recordText(schema, signed));
    change(file);
    return readRecord(file, schema);
  };

  it('come back from their file, and serials are fresh', async () => {
    expect(await readRecord(JSON.parse(recordText(schema, signed)), schema)).toEqual(signed);
    expect((await signRecord(first.keys, attestation)).record.serial).not.toBe(signed.record.serial);
  });

  it.each<[string, CreditErrorCode, Parameters<typeof altered>[0]]>([
    [
      'one feature edited',
      'signature',
      (file) => {
        file.features[0] = file.features[0] === 0 ? 1 : 0;
      },
    ],
    [
      'a feature out of range',
      'feature',
      (file) => {
        file.features[0] = 16385;
      },
    ],
    [
      'a feature below its range',
      'feature',
      (file) => {
        file.features[0] = -1;
      },
    ],
    [
      'a feature too few',
      'feature',
      (file) => {
        file.features.pop();
      },
    ],
    [
      'a longer life',
      'signature',
      (file) => {
        file.expiresAt = 1_900_000_000;
      },
    ],
    [
      'another subject',
      'signature',
      (file) => {
        file.subject = '0xca401';
      },
    ],
    [
      'another holder',
      'signature',
      (file) => {
        file.holder = '0x1';
      },
    ],
    [
      'another issuer',
      'signature',
      (file) => {
        file.issuer = { x: '0x1', y: '0x2' };
      },
    ],
    [
      'another schema',
      'schema',
      (file) => {
        file.schema = '0x1';
      },
    ],
    [
      'a number in another form',
      'file',
      (file) => {
        file.subject = '0x0b0b';
      },
    ],
    [
      'an unknown member',
      'file',
      (file) => {
        file.note = 'x';
      },
    ],
  ])('with %s are refused', async (_, code, change) => {
    await expect(altered(change)).rejects.toMatchObject({ code });
  });

  it('that expire before they are issued are not signed', async () => {
    await expect(signRecord(first.keys, { ...attestation, expiresAt: times.issuedAt })).rejects.toMatchObject(
      { code: 'expired' },
    );
  });
});

describe('what a policy refuses before anything is proven', () => {
  const refused = (change: Partial<ShowingPlace>) =>
    codeOf(() => checkShown(model, signed, { ...place, ...change }));

  it('nothing of a record that fits, which makes a claim', async () => {
    const secret: ScoreSecret = checkShown(model, signed, place);
    const claim = await scoreClaim(place, secret);
    expect(claim.subject).toBe(subject);
    expect(claim.model).toBe(model.file.digest);
  });

  it.each<[string, CreditErrorCode, () => Partial<ShowingPlace>]>([
    ['a model that is not accepted', 'model', () => ({ isAccepted: () => false })],
    ['another account', 'subject', () => ({ subject: 0xca401n })],
    ['a record expired by a second', 'expired', () => ({ until: times.expiresAt + 1n })],
    ['a record of tomorrow', 'early', () => ({ now: times.issuedAt - 1n })],
    [
      'a revoked record',
      'revoked',
      () => ({ isRevoked: (hash) => hash === serialHash(signed.record.serial) }),
    ],
    ['an unknown issuer', 'issuer', () => ({ issuers: [other.keys.publicKey] })],
    ['a removed issuer', 'issuer', () => ({ issuers: [other.keys.publicKey, undefined] })],
  ])('%s', (_, code, change) => {
    expect(refused(change())).toBe(code);
    expect(refused({})).toBeUndefined();
  });

  it('a record to the second', () => expect(refused({ until: times.expiresAt })).toBeUndefined());

  it('a rotated key is told from an unknown one', () => {
    const rotated = { issuers: [second.keys.publicKey], formerIssuers: [first.keys.publicKey] };
    expect(() => checkShown(model, signed, { ...place, ...rotated })).toThrow(
      /was in the set, but it was removed or rotated/,
    );
    expect(() => checkShown(model, signed, { ...place, issuers: [] })).toThrow(/is unknown to the set/);
  });

  it('a model of another schema', () => {
    const foreign = { ...signed, record: { ...signed.record, schema: 1n } };
    expect(codeOf(() => checkShown(model, foreign, place))).toBe('schema');
  });
});

describe('files of issuers and proofs', () => {
  it('are read in their form alone', () => {
    const key = { x: '0x1', y: '0x2' };
    const format = 'murmuration-credit-issuers/1';
    expect(parseIssuers({ format, issuers: [key, null] })).toEqual([{ x: 1n, y: 2n }, undefined]);
    expect(codeOf(() => parseIssuers({ format, issuers: [{ ...key, x: 1 }] }))).toBe('file');
  });

  it('a proof comes back', async () => {
    const claim = await scoreClaim(place, checkShown(model, signed, place));
    const proof = {
      a: { x: 1n, y: 2n },
      b: { x: { c0: 0n, c1: 0n }, y: { c0: 0n, c1: 0n } },
      c: { x: 1n, y: 2n },
    };
    const text = proofText({ shape: 'logistic', claim, proof });
    expect(parseProof(JSON.parse(text))).toEqual({ shape: 'logistic', claim, proof });
    expect(codeOf(() => parseProof({ ...JSON.parse(text), claim: { ...claim, bracket: '0' } }))).toBe('file');
  });
});
