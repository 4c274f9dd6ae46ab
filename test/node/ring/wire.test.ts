// The ring's bytes: one form for each message, and nothing but an error for everything else.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { bytesToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { decodePart, encodePart, partBytes } from '../../../node/ring/residues.ts';
import {
  decodeChain,
  decodeReply,
  decodeRequest,
  encodeChain,
  encodeReply,
  encodeRequest,
  maxPlain,
  type Reply,
  type Request,
} from '../../../node/ring/wire.ts';

const hex = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => bytesToHex(bytes));
const places = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const notices = fc.array(fc.record({ accused: fc.nat(255), by: fc.nat(255), signature: hex(65) }), {
  maxLength: 10,
});
const links = fc.array(fc.record({ payload: hex(32), signature: hex(65) }), { maxLength: 6 });
const requests: fc.Arbitrary<Request> = fc
  .record({
    ring: hex(32),
    absent: places,
    segment: fc.nat(65535),
    links,
    notices,
    part: fc.uint8Array({ maxLength: 200 }),
  })
  .chain(({ ring, absent, segment, links, notices, part }) =>
    fc.constantFrom<Request>(
      { kind: 'status', ring, absent },
      { kind: 'notices', ring, absent, notices },
      { kind: 'hop', ring, absent, chain: { ring, absent, segment, links }, part },
    ),
  );
const replies: fc.Arbitrary<Reply> = fc.record({
  answer: fc.constantFrom('accepted', 'elsewhere', 'unknown', 'gone', 'refused'),
  absent: places,
  progress: fc.nat(65535),
  notices,
});

describe('a message', () => {
  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(decodeRequest(encodeRequest(request))).toEqual(request);
      }),
    );
    fc.assert(
      fc.property(replies, (reply) => {
        expect(decodeReply(encodeReply(reply))).toEqual(reply);
      }),
    );
  });

  it('has one form: what parses is what would be sent', () => {
    fc.assert(
      fc.property(requests, fc.nat(), fc.nat(255), (request, at, value) => {
        const bytes = encodeRequest(request);
        bytes[at % bytes.length] = value;
        let parsed: Request;
        try {
          parsed = decodeRequest(bytes);
        } catch {
          return;
        }
        expect(encodeRequest(parsed)).toEqual(bytes);
      }),
    );
  });

  it('that is cut short, goes on, or is noise is refused', () => {
    fc.assert(
      fc.property(replies, fc.nat(), (reply, cut) => {
        const bytes = encodeReply(reply);
        expect(() => decodeReply(bytes.subarray(0, cut % bytes.length))).toThrow();
        expect(() => decodeReply(Uint8Array.of(...bytes, 0))).toThrow('after its end');
      }),
    );
    for (let size = 0; size < 300; size++) {
      const noise = new Uint8Array(randomBytes(size));
      if (size > 0) noise[0] = 9;
      expect(() => decodeRequest(noise)).toThrow();
    }
  });

  it('cannot make room for more than it carries', () => {
    const head = Buffer.alloc(41);
    head[0] = 1;
    const claim = Buffer.concat([head, Buffer.from([0, 0, 0xff, 0xff])]);
    expect(() => decodeRequest(claim)).toThrow('do not fit');
    expect(encodeReply({ answer: 'accepted', absent: 0n, progress: 0, notices: [] }).length).toBeLessThan(
      maxPlain,
    );
  });

  it('of a chain alone comes back too', () => {
    const chain = { ring: bytesToHex(randomBytes(32)), absent: 5n, segment: 2, links: [] };
    expect(decodeChain(encodeChain(chain))).toEqual(chain);
    expect(() => decodeChain(encodeChain(chain).subarray(1))).toThrow();
  });
});

describe('a part', () => {
  const shape = { moduli: [2n, 97n, 65537n, 0x1fffffff0001n, (1n << 63n) - 25n], coefficients: 7 };

  it('travels in as few bytes as its moduli need, and comes back', () => {
    const range = { from: 2, to: 5 };
    const part = BigUint64Array.from(shape.moduli.flatMap((modulus) => [0n, modulus / 2n, modulus - 1n]));
    const bytes = encodePart(shape, part);
    expect(bytes.length).toBe(3 * (1 + 1 + 3 + 6 + 8));
    expect(bytes.length).toBe(partBytes(shape, range));
    expect(decodePart(shape, bytes, range)).toEqual(part);
  });

  it('with a residue equal to its modulus, or of another size, is none', () => {
    const range = { from: 0, to: 1 };
    const part = BigUint64Array.from([0n, 97n, 0n, 0n, 0n]);
    const bytes = encodePart(shape, part);
    expect(() => decodePart(shape, bytes, range)).toThrow('residue 97 in row 1');
    expect(() => decodePart(shape, bytes.subarray(1), range)).toThrow('this range has');
  });
});
