// An encryption proof that held is not checked again, and says nothing of any other bytes.
import type { KeyGroup } from '@murmuration/he';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEncryptionOnce } from '../../../node/cryptography/held_proofs.ts';

interface Parts {
  readonly id: Uint8Array;
  readonly ciphertexts: readonly Uint8Array[];
  readonly proof: Uint8Array;
  readonly binding: Uint8Array;
}

/** Counts what is really checked; `fails` says which of it fails. */
function checking(fails: (at: number) => boolean = () => false) {
  let checks = 0;
  const he = {
    checkEncryption() {
      if (fails(checks++)) throw new Error('does not hold');
    },
  };
  const check = ({ id, ...rest }: Parts) =>
    checkEncryptionOnce(he, { group: { id } as unknown as KeyGroup, ...rest });
  return { check, checks: () => checks };
}

/** Cuts the same bytes into parts; two cuts give the same parts or others. */
const cuts = fc.uniqueArray(fc.nat(12), { minLength: 3, maxLength: 5 }).map((at) => at.sort((a, b) => a - b));
const content = Uint8Array.from({ length: 12 }, (_, at) => at);
const parts = cuts.map((at): Parts => {
  const [id, binding, proof, ...ciphertexts] = [0, ...at].map((from, index) =>
    content.subarray(from, at[index]),
  );
  return { id: id!, binding: binding!, proof: proof!, ciphertexts };
});
/** What held is remembered as long as the process lives: a mark at the front tells the runs of a test apart. */
let runs = 0;
const marker = () => [255, ++runs & 255, runs >> 8];
const marked = (mark: readonly number[], of: Parts): Parts => ({
  ...of,
  id: Uint8Array.of(...mark, ...of.id),
});
const textOf = ({ id, ciphertexts, proof, binding }: Parts) =>
  JSON.stringify([id, binding, proof, ...ciphertexts].map((part) => [...part]));

describe('an encryption proof', () => {
  it('that held is checked once', () => {
    fc.assert(
      fc.property(parts, (of) => {
        const { check, checks } = checking();
        const one = marked(marker(), of);
        check(one);
        check(structuredClone(one));
        expect(checks()).toBe(1);
      }),
    );
  });

  it('says nothing of another, not even of the same bytes cut into other parts', () => {
    fc.assert(
      fc.property(parts, parts, (of, to) => {
        const { check, checks } = checking();
        const mark = marker();
        const [one, other] = [marked(mark, of), marked(mark, to)];
        fc.pre(textOf(one) !== textOf(other));
        check(one);
        check(other);
        expect(checks()).toBe(2);
      }),
    );
  });

  it('that failed is checked again, and fails again', () => {
    const { check, checks } = checking((at) => at < 2);
    const one = marked(marker(), {
      id: new Uint8Array(),
      ciphertexts: [new Uint8Array(1)],
      proof: new Uint8Array(2),
      binding: new Uint8Array(3),
    });
    expect(() => check(one)).toThrow();
    expect(() => check(one)).toThrow();
    check(one);
    check(one);
    expect(checks()).toBe(3);
  });
});
