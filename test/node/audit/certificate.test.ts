// Certificates: canonical JSON as RFC 8785 has it, signatures as the W3C's test vector has them, and files of
// which no byte can be another.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isSignedBy, keyOfDid, methodOf } from '../../../node/audit/certificate/auditor.ts';
import { hashData } from '../../../node/audit/certificate/certificate.ts';
import { decodeMultibase, encodeMultibase } from '../../../node/audit/certificate/multibase.ts';
import { auditFiles, auditorOf, filesOf, verifyFiles } from '../../../node/audit/index.ts';
import { canonicalBytes, canonicalJson } from '../../../node/protocol/canonical_json.ts';
import { sampleReport } from './sample_report.ts';

describe('canonical JSON', () => {
  it('is that of the example of RFC 8785, section 3.2.3', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as in section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const names = Object.values(JSON.parse(canonicalJson(value)) as Record<string, string>);
    expect(canonicalJson(value).indexOf('Emoji')).toBeLessThan(canonicalJson(value).indexOf('Hebrew'));
    expect(names).toHaveLength(7);
    expect(Object.keys(JSON.parse(canonicalJson(value)) as object).slice(1)).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
  });

  it('refuses what JSON cannot say', () => {
    for (const value of ['\ud800', Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1])
      expect(() => canonicalJson(value)).toThrow('canonical JSON');
  });
});

describe('multibase', () => {
  it('comes back, zeros in front included', () => {
    for (const bytes of [new Uint8Array(), Uint8Array.of(0, 0, 1), ...[1, 31, 64].map((n) => randomBytes(n))])
      expect(Buffer.from(decodeMultibase(encodeMultibase(bytes)))).toEqual(Buffer.from(bytes));
    expect(() => decodeMultibase('zO')).toThrow('multibase');
    expect(() => decodeMultibase('m1')).toThrow('multibase');
  });
});

// https://www.w3.org/TR/vc-di-eddsa/, section B.3, "Representation: eddsa-jcs-2022"
const vector = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/ns/credentials/examples/v2'],
  id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
  type: ['VerifiableCredential', 'AlumniCredential'],
  name: 'Alumni Credential',
  description: 'A minimum viable example of an Alumni Credential.',
  issuer: 'https://vc.example/issuers/5678',
  validFrom: '2023-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
} as const;
const options = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-jcs-2022',
  created: '2023-02-24T23:36:38Z',
  verificationMethod:
    'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2',
  proofPurpose: 'assertionMethod',
  '@context': vector['@context'],
} as const;
const value = 'z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX';

describe('signatures', () => {
  const did = 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';

  it("are over the hash that the W3C's vector has, and its signature holds", () => {
    const data = hashData(vector, options);
    expect(Buffer.from(data).toString('hex')).toBe(
      '66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db' +
        '59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19',
    );
    expect(isSignedBy(did, data, decodeMultibase(value))).toBe(true);
    const other = hashData({ ...vector, name: 'Alumni credential' }, options);
    expect(isSignedBy(did, other, decodeMultibase(value))).toBe(false);
  });

  it('are of a did:key in its one form', () => {
    expect(keyOfDid(did)).toHaveLength(32);
    expect(methodOf(did)).toBe(`${did}#${did.slice(8)}`);
    for (const wrong of ['did:web:example', 'did:key:z6', `${did}1`, did.replace('z6Mk', 'z16Mk')])
      expect(() => keyOfDid(wrong), wrong).toThrow();
  });
});

describe('the files of an audit', () => {
  const auditor = auditorOf(randomBytes(32));
  let files: ReadonlyMap<string, Uint8Array>;
  beforeAll(() => {
    files = filesOf(sampleReport, auditor);
  });
  const verify = (changed: ReadonlyMap<string, Uint8Array | undefined> = files) =>
    verifyFiles(changed.get(auditFiles.certificate)!, changed, auditor.did);

  it('verify as they are, with nothing else', () => {
    expect(verify().report).toEqual(sampleReport);
    expect(verify().certificate).toMatchObject({
      issuer: auditor.did,
      type: ['VerifiableCredential', 'MurmurationAudit'],
    });
  });

  it.each(Object.values(auditFiles))('%s: any byte changed is found, and the file is named', (name) => {
    const bytes = files.get(name)!;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const altered = Uint8Array.from(bytes);
        altered[at]! ^= change;
        const named = name === auditFiles.certificate ? /certificate|issuer|multibase/ : name;
        expect(() => verify(new Map([...files, [name, altered]]))).toThrow(named);
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.values(auditFiles))('%s: a byte added or taken away is found', (name) => {
    const bytes = files.get(name)!;
    for (const altered of [
      bytes.subarray(1),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.from(' ')]),
    ])
      expect(() => verify(new Map([...files, [name, altered]]))).toThrow();
  });

  it('are refused where one is missing, or another auditor signed', () => {
    expect(() => verify(new Map([...files, [auditFiles.page, undefined]]))).toThrow('report.html is missing');
    const other = filesOf(sampleReport, auditorOf(randomBytes(32)));
    expect(() => verify(other)).toThrow('not of did:key:');
  });

  it('are refused where somebody signs a certificate of other words than the report’s', () => {
    const certificate = JSON.parse(Buffer.from(files.get(auditFiles.certificate)!).toString()) as object & {
      credentialSubject: object;
      proof: { proofValue: string };
    };
    const { proof, ...document } = certificate;
    const { proofValue: _, ...rest } = proof;
    const lying = { ...document, credentialSubject: { ...certificate.credentialSubject, outcome: 'clean' } };
    const proofValue = encodeMultibase(auditor.sign(hashData(lying, rest)));
    const bytes = canonicalBytes({ ...lying, proof: { ...rest, proofValue } });
    expect(() => verify(new Map([...files, [auditFiles.certificate, bytes]]))).toThrow(
      'something else of the task than its report',
    );
  });
});
