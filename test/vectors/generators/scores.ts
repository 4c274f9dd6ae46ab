// scores.json: roots, medians, figures, weights, pay, verdicts, standings, scales and whole rounds, in plain integers
// (docs/encodings.md, "Scores"). Nothing here is how the code computes it.
import { source } from '../random.ts';
import { hex } from '../write.ts';

const maxScale = 2n ** 53n - 1n;
const token = 10n ** 18n;
/** The numbers that everything here is settled by, in units of 1/128 but for phi; a task may post others. */
const rule = { phi: 7500n, floor: 13n, toll: 10n, cap: 38n, reserve: 19n, ejectAt: 8n, strike: token / 2n };
const [mild, severe] = [3n, 5n];

const decimal = (value: bigint): string => value.toString();
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const total = (values: bigint[]) => values.reduce((a, b) => a + b, 0n);

/** The root by bisection: nothing of how the code finds it. */
function root(n: bigint): bigint {
  let low = 0n;
  let high = 2n ** 128n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** By counting: the smallest element that at least half of them do not exceed. */
const lowerMedian = (values: bigint[]): bigint =>
  values
    .filter((v) => 2 * values.filter((w) => w <= v).length >= values.length)
    .reduce((a, b) => (a < b ? a : b));

function scale(before: bigint, bucket: bigint, coordinates: bigint, target: bigint): bigint {
  const wanted = coordinates * target * target;
  if (wanted >= 2n ** bucket && wanted < 2n ** (bucket + 1n)) return before;
  let next = (before * root((3n * 2n ** (bucket + 31n)) / coordinates)) / (target * 2n ** 16n);
  next = smaller(larger(next, before / 2n), before * 2n);
  return smaller(larger(next, 1n), maxScale);
}

const word = (figures: bigint[], bucket: bigint): bigint =>
  BigInt(`0x${[bucket, ...figures.map((b) => b + 128n).reverse()].map((x) => x.toString(16).padStart(2, '0')).join('')}`);

interface Seat {
  stake: bigint;
  level: bigint;
  held: bigint;
  ejected: boolean;
  debt: bigint;
  credit: bigint;
}

/** Weight and debt by walking up and down one unit at a time. */
function weigh(debt: bigint, seen: bigint): { weight: bigint; debt: bigint } {
  let [weight, owed, left] = [0n, debt, smaller(seen, rule.cap) - rule.toll];
  for (; left > 0n; left--)
    if (owed > 0n) owed--;
    else weight++;
  for (; left < 0n && owed < rule.cap; left++) owed++;
  return { weight, debt: owed };
}

function payOf(pot: bigint, weights: bigint[], credits: bigint[], reserve: bigint): bigint[] {
  const whole = larger(total(weights), reserve * BigInt(weights.length));
  if (whole === 0n) return weights.map(() => 0n);
  const rest = (pot * (whole - total(weights))) / whole;
  return weights.map((w, i) => (pot * w) / whole + (total(credits) > 0n ? (rest * credits[i]!) / total(credits) : 0n));
}

type Verdict = 'struck' | 'harsher' | 'cleared' | 'neither';

function verdict(figures: bigint[], medians: bigint[], credit: bigint): Verdict {
  const n = medians.length;
  if (n < 3) return 'neither';
  const heard = figures.filter((_, g) => medians[g]! >= rule.floor).map((b, i) => [b, medians.filter((m) => m >= rule.floor)[i]!] as const);
  const against = heard.filter(([b, m]) => 10_000n * b < rule.phi * m);
  const empty = against.filter(([b]) => b < (credit > 0n ? -severe : severe));
  if (empty.length * 3 > 2 * n) return 'harsher';
  if (against.length * 3 > 2 * n) return 'struck';
  return (heard.length - against.length) * 3 >= n ? 'cleared' : 'neither';
}

function standing(seat: Seat, of: Verdict): Seat {
  if (seat.ejected) return seat;
  let { level } = seat;
  if (of === 'harsher' || (of === 'struck' && level < mild)) level++;
  else if (of === 'cleared' && level > 0n) level--;
  // Each strike from level l holds l times the amount, out of what is there.
  let wanted = 0n;
  for (let l = 0n; l < level; l++) wanted += l * rule.strike;
  const pledge = seat.stake + seat.held;
  const held = smaller(pledge, wanted);
  return { ...seat, level, stake: pledge - held, held, ejected: level >= rule.ejectAt };
}

const shown = ({ stake, level, held, ejected, debt, credit }: Seat) => ({
  stake: decimal(stake),
  level: decimal(level),
  held: decimal(held),
  ejected,
  debt: decimal(debt),
  credit: decimal(credit),
});

interface Played {
  accepted: boolean;
  counting: number[];
  figures: (bigint[] | undefined)[];
  /** Who proves a norm below 2. */
  silent?: number[];
}

/** A task's rounds one after the other; a trainer without a word has no proof. Who is ejected is left out. */
function story(seats: Seat[], rounds: Played[]) {
  const pot = 10n * token;
  const now = seats.map((seat) => ({ ...seat }));
  return {
    pot: decimal(pot),
    stakes: seats.map(({ stake }) => decimal(stake)),
    rounds: rounds.map(({ accepted, counting, figures, silent = [] }) => {
      const here = now.map((_, i) => i).filter((i) => !now[i]!.ejected);
      const rows = here.map((i) => counting.map((g) => figures[i]?.[g] ?? -128n));
      const weights = here.map((i, k) => {
        if (silent.includes(i)) return 0n;
        const { weight, debt } = weigh(now[i]!.debt, lowerMedian(rows[k]!));
        now[i]!.debt = debt;
        if (accepted) now[i]!.credit += weight;
        return weight;
      });
      const all = accepted ? payOf(pot, weights, here.map((i) => now[i]!.credit), rule.reserve) : weights.map(() => 0n);
      const pay = all.map((amount, k) => (silent.includes(here[k]!) ? 0n : amount));
      const medians = counting.map((_, k) => lowerMedian(rows.map((row) => row[k]!)));
      const verdicts = here.map((i, k) => (silent.includes(i) ? 'neither' : verdict(rows[k]!, medians, now[i]!.credit)));
      here.forEach((i, k) => {
        now[i] = standing(now[i]!, verdicts[k]!);
      });
      return {
        accepted,
        counting,
        trainers: here,
        proven: here.map((i) => figures[i] !== undefined),
        words: here.map((i) => hex(figures[i] ? word(figures[i], silent.includes(i) ? 0n : 20n) : 0n)),
        weights: weights.map(decimal),
        rewards: pay.map(decimal),
        verdicts,
        seats: here.map((i) => shown(now[i]!)),
      };
    }),
  };
}

export function scoreVectors() {
  const random = source('scores');
  const below = (limit: bigint) => random.word() % limit;
  const between = (low: bigint, high: bigint) => low + below(high - low + 1n);
  const figure = () => between(-127n, 127n);

  const rootCases = [0n, 1n, 2n, 3n, 4n, 8n, 9n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n - 1n, 2n ** 256n - 1n];
  rootCases.push((2n ** 128n - 1n) ** 2n, (2n ** 128n - 1n) ** 2n - 1n, 10n ** 18n, 10n ** 18n - 1n, random.word());

  const samples: bigint[][] = [[7n], [2n, 1n], [1n, 2n], [3n, 1n, 2n], [4n, 1n, 3n, 2n], [5n, 5n, 5n, 5n], [-1n, 0n, 1n]];
  samples.push([0n, 0n, 0n, 127n], [-128n, 127n], [1n, 1n, 0n, 0n], [-3n, -2n, -1n, -4n]);
  for (const count of [5, 8, 16, 33, 64]) samples.push(Array.from({ length: count }, figure));
  samples.push(Array.from({ length: 64 }, (_, i) => BigInt(i)), Array.from({ length: 64 }, (_, i) => BigInt(-i)));

  const words: [bigint[], bigint][] = [
    [Array<bigint>(7).fill(0n), 0n],
    [Array<bigint>(7).fill(-127n), 0n],
    [Array<bigint>(7).fill(127n), 31n],
    [[1n, -1n, 2n, -2n, 3n, -3n, 4n], 23n],
  ];
  for (let i = 0; i < 8; i++) words.push([Array.from({ length: 7 }, figure), below(32n)]);

  const weighed: [bigint, bigint][] = [];
  for (const debt of [0n, 1n, 9n, 28n, 37n, 38n])
    for (const seen of [-128n, -1n, 0n, 9n, 10n, 11n, 19n, 20n, 37n, 38n, 39n, 127n]) weighed.push([debt, seen]);

  const pots: [bigint, bigint[], bigint[], bigint][] = [
    [10n * token, [0n, 0n], [0n, 0n], 19n], // nobody was ever paid: all of it stays
    [10n * token, [0n, 0n], [3n, 1n], 19n], // a round without signal: by credit
    [10n * token, [28n, 28n], [28n, 28n], 19n], // a full round: by weight alone
    [10n * token, [28n, 0n], [28n, 28n], 19n],
    [10n * token, [1n, 0n, 0n], [1n, 0n, 0n], 19n],
    [10n * token, [19n, 19n, 19n], [20n, 21n, 22n], 19n], // just full
    [10n * token, [19n, 19n, 18n], [20n, 21n, 22n], 19n],
    [10n * token, [1n, 2n], [5n, 9n], 0n], // no reserve
    [10n * token, [0n, 0n], [5n, 9n], 0n],
    [7n, [1n, 1n, 1n], [1n, 1n, 1n], 19n], // rounded down twice
    [0n, [28n], [28n], 19n],
  ];
  for (let i = 0; i < 16; i++) {
    const weights = Array.from({ length: Number(between(1n, 12n)) }, () => below(29n));
    pots.push([below(100n * token), weights, weights.map((w) => w + below(2000n)), between(0n, 30n)]);
  }

  const verdicts: [bigint[], bigint[], bigint][] = [
    [[-50n, -50n], [40n, 40n], 0n], // two groups strike nobody
    [[-50n, -50n, -50n], [40n, 40n, 40n], 0n],
    [[-50n, -50n, 40n], [40n, 40n, 40n], 0n], // two thirds are not more than two thirds; the third clears
    [[-50n, -50n, -50n], [40n, 40n, 12n], 0n], // a group below the floor has no say
    [[-50n, -50n, -50n, 0n], [13n, 13n, 13n, 12n], 0n], // three of four are more than two thirds; the floor itself is signal
    [[29n, 29n, 29n], [40n, 40n, 40n], 0n], // different, not empty
    [[30n, 30n, 30n], [40n, 40n, 40n], 0n], // just enough
    [[5n, 5n, 5n], [40n, 40n, 40n], 0n], // empty is below 5
    [[4n, 4n, 4n], [40n, 40n, 40n], 0n],
    [[4n, 4n, 4n], [40n, 40n, 40n], 1n], // with credit below -5
    [[-5n, -5n, -5n], [40n, 40n, 40n], 1n],
    [[-6n, -6n, -6n], [40n, 40n, 40n], 1n],
    [[4n, 4n, 5n], [40n, 40n, 40n], 0n], // empty in two of three: not harsher
    [[-128n, -128n, -128n], [40n, 40n, 40n], 1n], // no proof
    [[-128n, -128n, -128n], [12n, 12n, 12n], 0n], // no signal
    [[0n, 0n, 40n], [12n, 12n, 40n], 0n], // one of three clears
    [[0n, 0n, 0n, 40n], [12n, 12n, 12n, 40n], 0n], // one of four does not
    [[0n, 0n, 0n, 0n, 0n, 40n, 40n], [40n, 40n, 40n, 40n, 40n, 40n, 40n], 0n], // five of seven
    [[0n, 0n, 0n, 0n, 40n, 40n, 40n], [40n, 40n, 40n, 40n, 40n, 40n, 40n], 0n], // four of seven
  ];
  for (let i = 0; i < 24; i++) {
    const groups = Number(between(3n, 7n));
    const medians = Array.from({ length: groups }, () => between(0n, 60n));
    verdicts.push([medians.map((m) => between(-10n, m)), medians, below(2n)]);
  }

  const seat = (over: Partial<Seat> = {}): Seat => ({ stake: 100n * token, level: 0n, held: 0n, ejected: false, debt: 0n, credit: 0n, ...over });
  const standings: [Seat, Verdict][] = [];
  for (const level of [0n, 1n, 2n, 3n, 7n])
    for (const said of ['struck', 'harsher', 'cleared', 'neither'] as const)
      standings.push([seat({ level, held: (rule.strike * (level * (level - 1n))) / 2n }), said]);
  standings.push([seat({ level: 5n, stake: token, held: 5n * token }), 'harsher']); // no more than there is
  standings.push([seat({ level: 6n, stake: 0n, held: token }), 'cleared']); // nor than was held
  standings.push([seat({ level: 8n, ejected: true }), 'cleared']);

  const scales: [bigint, bigint, bigint, bigint][] = [
    [2n ** 32n, 0n, 96n, 32n], // silence halves
    [1n, 0n, 96n, 32n], // but not to zero
    [3n, 0n, 96n, 32n], // half of three is one
    [2n ** 32n, 16n, 96n, 32n], // 96 * 32^2 = 1.5 * 2^16: on target
    [2n ** 32n, 16n, 64n, 32n], // the least norm of the bucket: stays
    [2n ** 32n, 15n, 64n, 32n],
    [2n ** 32n, 16n, 127n, 32n],
    [2n ** 32n, 16n, 128n, 32n], // the next bucket's least
    [2n ** 32n, 17n, 96n, 32n],
    [2n ** 32n, 18n, 96n, 32n], // twice the target: doubles
    [2n ** 32n, 19n, 96n, 32n], // no more than that
    [2n ** 32n, 14n, 96n, 32n],
    [2n ** 32n, 13n, 96n, 32n],
    [maxScale, 18n, 96n, 32n],
    [maxScale, 16n, 96n, 32n],
    [1n, 17n, 96n, 32n], // 1.4 of one is one
    [maxScale, 31n, 1n, 1n],
    [maxScale, 31n, 32n * 8144n, 127n],
  ];
  for (let i = 0; i < 24; i++)
    scales.push([below(maxScale) + 1n, between(8n, 31n), 96n * (below(32n) + 1n), below(127n) + 1n]);

  const flat = (b: bigint) => Array<bigint>(7).fill(b);
  const [good, weak, empty] = [flat(40n), flat(6n), flat(0n)];
  const signed = (groups: number) => Array.from({ length: 7 }, (_, g) => (g < groups ? between(-20n, 70n) : 0n));
  const three = [0, 1, 2];
  const stories = [
    // A trainer that opposes is out after eight rounds; what it held is not returned.
    story([seat(), seat(), seat()], Array.from({ length: 9 }, () => ({ accepted: true, counting: three, figures: [good, good, flat(-40n)] }))),
    // Different, not empty: never beyond level 3. Then the model moves its way.
    story(
      [seat(), seat(), seat()],
      Array.from({ length: 10 }, (_, r) => ({ accepted: true, counting: three, figures: r < 5 ? [good, good, weak] : [weak, weak, good] })),
    ),
    // Nothing to learn any more: credit is paid. A rejected round gives no credit; one group strikes nobody.
    story([seat(), seat()], [
      { accepted: true, counting: three, figures: [good, weak] },
      { accepted: true, counting: three, figures: [empty, empty] },
      { accepted: false, counting: three, figures: [good, empty] },
      { accepted: true, counting: [1], figures: [good, undefined] },
      { accepted: true, counting: [0, 2], figures: [undefined, good] },
    ]),
    // Who sends zeros, with a debt, with credit and as a stranger: neither struck nor paid, while who is empty is.
    story([seat(), seat(), seat(), seat()], [
      { accepted: true, counting: three, figures: [good, weak, good, good] },
      { accepted: true, counting: three, figures: [good, empty, empty, empty], silent: [1, 2] },
      { accepted: true, counting: three, figures: [empty, empty, empty, empty], silent: [2] },
      { accepted: false, counting: three, figures: [good, empty, good, good], silent: [1] },
      { accepted: true, counting: three, figures: [empty, empty, empty, empty], silent: [0, 1, 2, 3] },
    ]),
    // A stake that is nearly gone.
    story([seat(), seat(), seat({ stake: 3n * token })], Array.from({ length: 9 }, () => ({ accepted: true, counting: [0, 2, 3, 6], figures: [good, good, undefined] }))),
    story(
      Array.from({ length: 5 }, () => seat()),
      Array.from({ length: 24 }, (_, r) => ({
        accepted: r % 5 !== 3,
        counting: [0, 1, 2, 3, 4, 5, 6].filter((g) => (r + g) % 4 !== 0 || g === 1),
        figures: Array.from({ length: 5 }, (_, i) => (r % 7 === i + 2 ? undefined : signed(7))),
      })),
    ),
  ];

  return {
    about:
      'integers as decimal strings; figures, weights, debts and credits in units of 1/128, phi in basis points, amounts ' +
      "in the token's smallest unit; see docs/encodings.md",
    rule: Object.fromEntries(Object.entries(rule).map(([name, value]) => [name, decimal(value)])),
    isqrt: rootCases.map((x) => ({ x: hex(x), root: decimal(root(x)) })),
    lowerMedian: samples.map((values) => ({ values: values.map(decimal), median: decimal(lowerMedian(values)) })),
    groupCount: Array.from({ length: 33 }, (_, v) => ({ validators: v, groups: Math.min(7, Math.max(1, Math.floor(v / 2))) })),
    figures: words.map(([scores, bucket]) => ({
      word: hex(word(scores, bucket)),
      scores: scores.map(decimal),
      bucket: decimal(bucket),
    })),
    weigh: weighed.map(([debt, seen]) => {
      const after = weigh(debt, seen);
      return { debt: decimal(debt), seen: decimal(seen), weight: decimal(after.weight), nextDebt: decimal(after.debt) };
    }),
    payOf: pots.map(([pot, weights, credits, reserve]) => ({
      pot: decimal(pot),
      weights: weights.map(decimal),
      credits: credits.map(decimal),
      reserve: decimal(reserve),
      rewards: payOf(pot, weights, credits, reserve).map(decimal),
    })),
    verdict: verdicts.map(([figures, medians, credit]) => ({
      figures: figures.map(decimal),
      medians: medians.map(decimal),
      credit: decimal(credit),
      verdict: verdict(figures, medians, credit),
    })),
    standing: standings.map(([before, of]) => ({
      before: shown(before),
      verdict: of,
      after: shown(standing(before, of)),
    })),
    nextScale: scales.map(([before, bucket, coordinates, target]) => ({
      scale: decimal(before),
      medianBucket: decimal(bucket),
      coordinates: decimal(coordinates),
      target: decimal(target),
      next: decimal(scale(before, bucket, coordinates, target)),
    })),
    stories,
  };
}
