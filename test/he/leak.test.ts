// What openings tell, in numbers: the constant behind them, how it adds up, and the documents that state it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxSets, type PresetName, preset } from '../../he/index.ts';
import {
  lackingFloodBits,
  openedDeviation,
  openingDistance,
  openingsInSets,
  openingsOf,
  type Slack,
  slackDeviation,
} from '../../he/leak.ts';
import { floodingSummands, jointFloodingReach } from '../../he/parameters.ts';
import { jointKeys, type Sharing } from '../../he/sharing.ts';

const plain = (page: string) =>
  readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8').replace(/[ \n]+/g, ' ');
const bits = (value: number) => Math.log2(value).toFixed(1);

/** Of a task: 100 rounds, two sums each, 32 chunks, all sets. */
const task = (group: Sharing) => 100 * 2 * 32 * openingsOf(group);
/** Of one sender in it. */
const bySender = (group: Sharing, chunks: number) => 100 * chunks * openingsOf(group);

describe('the sum of four uniform variables on [-1/4, 1/4]', () => {
  it('has the Fisher information that the bound takes, and a uniform variable or the sum of two has none', () => {
    // The densities are splines: f = sum (-1)^k C(4, k) (x - k)_+^3 / 3! of x = 2 (y + 1), 0 to 4.
    const steps = 200_000;
    let information = 0;
    for (let step = 1; step < steps; step++) {
      const x = (4 * step) / steps;
      const spline = (power: number) =>
        [1, -4, 6, -4, 1].reduce((sum, c, k) => sum + c * Math.max(0, x - k) ** power, 0);
      const [density, slope] = [spline(3) / 6, spline(2) / 2];
      if (density > 1e-12) information += (slope ** 2 / density) * (4 / steps);
    }
    expect(floodingSummands).toBe(4);
    // dy = dx / 2: the information of y is four times that of x.
    expect(4 * information).toBeLessThan(12.5);
    expect(4 * information).toBeGreaterThan(12.4);
  });
});

describe('the bound', () => {
  const base = preset('base');

  it('grows with the root of the openings and of the coefficients, and with the noise', () => {
    const one = openingDistance(base, { parties: 5, threshold: 3, count: 1 }, 1000);
    expect(openingDistance(base, { parties: 5, threshold: 3, count: 64 }, 1000) / one).toBeCloseTo(8, 9);
    expect(openingDistance(base, { parties: 5, threshold: 3, count: 1 }, 3000) / one).toBeCloseTo(3, 9);
    const wide = openingDistance(preset('wide'), { parties: 5, threshold: 3, count: 1 }, 1000);
    const keys = jointKeys({ parties: 5, threshold: 3 });
    const reach = (name: PresetName) => Number(jointFloodingReach(preset(name), 5, keys));
    expect(wide / one).toBeCloseTo((Math.SQRT2 * reach('base')) / reach('wide'), 9);
  });

  it("of a sender's slack doubles with a, and is the noise of the doubled ciphertext", () => {
    const slack: Slack = { parties: 64, weight: 3, chunks: 1, a: 5 };
    expect(slackDeviation(base, { ...slack, a: 6 }) / slackDeviation(base, slack)).toBe(2);
    // 2^4 cells of 2^18, 4096 coefficients of variance 128 / 3, three times.
    expect(slackDeviation(base, slack)).toBeCloseTo(3 * 2 ** 22 * Math.sqrt(4096 * (128 / 3)), 0);
  });
});

describe('all sets of one ciphertext', () => {
  /** All sets of t of n members, as bits. */
  const setsOf = (n: number, t: number) =>
    Array.from({ length: 2 ** n }, (_, set) => set).filter(
      (set) => set.toString(2).replaceAll('0', '').length === t,
    );

  it.each([
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [6, 6],
    [7, 4],
  ])('tell no more than is counted, whoever colludes: n = %i, t = %i', (parties, threshold) => {
    for (let colluders = 0; colluders < threshold; colluders++) {
      const honest = Array.from({ length: parties - colluders }, (_, i) => 2 ** (i + colluders));
      // Sets with the fewest honest floods first, as long as every honest member in them has served less than
      // eight: what a set tells is one over the number of its honest floods.
      const floods = (set: number) => honest.filter((member) => set & member);
      const served = new Map(honest.map((member) => [member, 0]));
      let told = 0;
      for (const set of setsOf(parties, threshold).toSorted((a, b) => floods(a).length - floods(b).length)) {
        if (floods(set).some((member) => served.get(member)! >= maxSets)) continue;
        for (const member of floods(set)) served.set(member, served.get(member)! + 1);
        told += 1 / floods(set).length;
      }
      expect(told).toBeLessThanOrEqual(openingsInSets({ parties, threshold }));
    }
  });
});

describe('he/README.md and docs/proofs/encryption.md', () => {
  const groups = [
    { parties: 5, threshold: 3 },
    { parties: 16, threshold: 9 },
    { parties: 64, threshold: 33 },
    { parties: 64, threshold: 64 },
  ];

  it.each((['base', 'wide'] as const).flatMap((name) => groups.map((group) => ({ name, ...group }))))(
    'state what honest sums of $name tell with $parties parties, t = $threshold',
    ({ name, ...group }) => {
      const p = preset(name);
      const deviation = openedDeviation(p, group.parties, p.maxWeight);
      const distance = (count: number) => `2^${bits(openingDistance(p, { ...group, count }, deviation))}`;
      const row = [
        `\`${name}\``,
        `${group.parties}, ${group.threshold}`,
        lackingFloodBits(p, group).toFixed(1),
        distance(1),
        distance(task(group)),
      ];
      expect(plain('he/README.md')).toContain(`| ${row.join(' | ')} |`);
    },
  );

  it.each(
    (['base', 'wide'] as const).flatMap((name) =>
      [groups[0]!, groups[2]!].flatMap((group) => [1, 32].map((chunks) => ({ name, ...group, chunks }))),
    ),
  )('state what slack tells: $name, $parties parties, t = $threshold, $chunks chunks', (of) => {
    const { name, chunks, ...group } = of;
    const p = preset(name);
    const distance = (weight: number, count: number) => {
      const deviation = slackDeviation(p, { parties: group.parties, chunks, weight, a: 0 });
      return `2^(a - ${(-Math.log2(openingDistance(p, { ...group, count }, deviation))).toFixed(1)})`;
    };
    const row = [
      `\`${name}\``,
      `${group.parties}, ${group.threshold}`,
      chunks,
      ...[1023, 1].flatMap((weight) => [distance(weight, 1), distance(weight, bySender(group, chunks))]),
    ];
    expect(plain('docs/proofs/encryption.md')).toContain(`| ${row.join(' | ')} |`);
  });

  it.each([
    ['base', groups[0]!],
    ['base', groups[2]!],
    ['wide', groups[0]!],
    ['wide', groups[2]!],
  ] as const)('state what slack of key shares tells: %s, %o', (name, group) => {
    const p = preset(name);
    // e* u: the slack of a sender, with one ternary u in the place of the secret, t - 1 times.
    const one = slackDeviation(p, { parties: 1, weight: p.maxWeight, chunks: 1, a: 0 });
    const told = openingDistance(p, { ...group, count: task(group) }, (group.threshold - 1) * one);
    const proofs = plain('docs/proofs/encryption.md');
    const paragraph = proofs.slice(proofs.indexOf("**Colluders' key shares**"));
    expect(paragraph.slice(0, 500)).toContain(`2^(a - ${(-Math.log2(told)).toFixed(1)})`);
  });
});
