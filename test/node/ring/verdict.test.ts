// Whoever lies in a chain is found, and nobody else: chains built by hand, with every liar at every step, and
// edited by third parties.
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../node/protocol/index.ts';
import { signHop } from '../../../node/ring/hop.ts';
import { type Chain, checkChain, firstWrongHop, planDigest } from '../../../node/ring/index.ts';
import { addendsOf, hopsOf, remaining, segmentRange, senderOf } from '../../../node/ring/plan.ts';
import { addResidues, encodePart, scaleResidues, sliceRange } from '../../../node/ring/residues.ts';
import { planOf, vectorOf } from './fixture.ts';

const form = { moduli: [97n, 0x1fffffff0001n], coefficients: 10 };
const signers = Array.from({ length: 5 }, () => privateKeyToAccount(generatePrivateKey()));
const plan = planOf(
  signers.map(({ address }) => address),
  form,
);
const ring = planDigest(plan);
const load = async (addend: number) => vectorOf(addend, form);

/** The chain of a segment; at each step in `lies` the sender adds one where it should not. */
async function chainOf(
  segment: number,
  absent: bigint,
  lies: readonly number[],
  links?: number,
): Promise<Chain> {
  const live = remaining(plan, absent);
  const count = live.length;
  const range = segmentRange(plan, segment, count);
  const carried = addendsOf(plan, absent);
  let chain: Chain = { ring, absent, segment, links: [] };
  let part: BigUint64Array = new BigUint64Array((range.to - range.from) * form.moduli.length);
  for (let step = 0; step < (links ?? hopsOf(count)); step++) {
    const sender = live[senderOf(segment, step, count)]!;
    if (step < count)
      for (const addend of carried.get(sender)!) {
        const vector = scaleResidues(form, await load(addend), plan.addends[addend]!.weight);
        part = addResidues(form, part, sliceRange(form, vector, range));
      }
    if (lies.includes(step)) part = part.map((residue, i) => (i === 0 ? (residue + 1n) % 97n : residue));
    const signer = signers.find(({ address }) => address === sender)!;
    chain = await signHop({ plan, signer }, chain, digestOf(encodePart(form, part)));
  }
  return chain;
}

describe('the first wrong hop', () => {
  it('is none where all are right, whoever is absent', async () => {
    const chains = await Promise.all([0n, 1n, 0b10010n, 0b00111n].map((absent) => chainOf(1, absent, [])));
    expect(await firstWrongHop(plan, load, chains)).toBeUndefined();
  });

  it.each(Array.from({ length: 8 }, (_, step) => step))('is found at step %i', async (step) => {
    const chain = await chainOf(2, 0n, [step]);
    const fault = (await firstWrongHop(plan, load, [await chainOf(0, 0n, []), chain]))!;
    expect(fault).toMatchObject({ step, culprit: signers[(2 + step) % 5]!.address });
    // The two signed messages are enough for a third party that has the ciphertexts.
    expect(fault.chain.links).toHaveLength(step + 1);
    expect(await firstWrongHop(plan, load, [fault.chain])).toEqual(fault);
  });

  it('never names one who passed on what it got: several liars, any absences', async () => {
    for (let run = 0; run < 12; run++) {
      const absent = [0n, 2n, 0b10100n][run % 3]!;
      const live = remaining(plan, absent);
      const lies = [0, 1, 2, 3].filter((bit) => (run + 1) & (1 << bit));
      const segment = run % live.length;
      const fault = (await firstWrongHop(plan, load, [await chainOf(segment, absent, lies)]))!;
      expect(lies).toContain(fault.step);
      expect(fault.step).toBe(lies[0]);
      expect(fault.culprit).toBe(live[senderOf(segment, fault.step, live.length)]);
    }
  });

  it('is the earliest of several chains', async () => {
    const chains = [await chainOf(0, 0n, [3]), await chainOf(4, 0n, [1]), await chainOf(3, 0n, [1])];
    expect(await firstWrongHop(plan, load, chains)).toMatchObject({ step: 1, chain: { segment: 3 } });
  });
});

describe('a chain that somebody edited frames nobody', () => {
  it('because every signature covers what was received and what was sent', async () => {
    const chain = await chainOf(0, 0n, [], 3);
    const bad = await chainOf(0, 0n, [1], 3);
    const swap = (at: number, link: Partial<Chain['links'][number]>) => ({
      ...chain,
      links: chain.links.map((each, i) => (i === at ? { ...each, ...link } : each)),
    });
    const edited: Chain[] = [
      // Another payload under a true signature, at each place.
      swap(0, { payload: digestOf(Uint8Array.of(1)) }),
      swap(2, { payload: digestOf(Uint8Array.of(1)) }),
      // An honest signer's hop moved behind another history, in which somebody before it lied.
      { ...chain, links: [bad.links[0]!, bad.links[1]!, chain.links[2]!] },
      // Another place, another segment, another attempt, another ring.
      { ...chain, links: chain.links.slice(1) },
      { ...chain, segment: 1 },
      { ...chain, absent: 0b10000n },
      { ...chain, ring: digestOf(Uint8Array.of(2)) },
      // A signature's twin: s in the upper half, which recovers the same signer.
      swap(1, { signature: twinOf(chain.links[1]!.signature) }),
      // Too many hops, none, and a ring of one.
      { ...chain, links: [] },
      { ...chain, links: Array.from({ length: 9 }, () => chain.links[0]!) },
      { ...chain, absent: 0b01111n },
      { ...chain, absent: 1n << 5n },
    ];
    checkChain(plan, chain);
    for (const each of edited) await expect(firstWrongHop(plan, load, [each])).rejects.toThrow('chain');
  });

  it('also from another signing domain, where the same accounts sign', async () => {
    const chain = await chainOf(0, 0n, [], 2);
    const elsewhere = { ...plan, domain: { ...plan.domain, chainId: 1 } };
    expect(() => checkChain(elsewhere, chain)).toThrow('not signed by');
  });
});

function twinOf(signature: `0x${string}`): `0x${string}` {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith('1b') ? '1c' : '1b';
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as `0x${string}`;
}
