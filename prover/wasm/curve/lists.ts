// Lists of references to points, one list for each bucket, and the plans by which each list is halved. No field arithmetic.
import {
  type Code,
  type Func,
  func,
  i32,
  i32s,
  i64,
  type NewLocal,
  repeat,
  type Variable,
  when,
} from '@murmuration/core/wasm';
import { advance, times } from './additions.ts';
import { type Degree, pointBytes } from './layout.ts';

/**
 * The signed digit of a scalar at a position: scalars are stored with an offset that makes all digits non-negative (`digits.ts`), so a
 * digit is cut out and has half its range subtracted. `bucket` becomes |digit| - 1 - low, so that 0 lies outside of every range.
 */
function digitCode(
  scalars: Variable,
  position: Variable,
  { mask, half, low }: { mask: Variable; half: Variable; low: Variable },
  [digit, sign, bucket]: readonly [Variable, Variable, Variable],
) {
  const word = i64.load(i32.add(scalars.get, i32.shr(position.get, i32.const(3))));
  const bits = i32.wrap(i64.shr(word, i64.extend(i32.and(position.get, i32.const(7)))));
  return [
    digit.set(i32.sub(i32.and(bits, mask.get), half.get)),
    sign.set(i32.shr(digit.get, i32.const(31))),
    bucket.set(
      i32.sub(
        i32.sub(i32.xor(digit.get, i32.sar(digit.get, i32.const(31))), i32.const(1)),
        i32.sub(low.get, sign.get),
      ),
    ),
  ];
}

/** Where digits are cut out, and the range of buckets that counts. */
interface Digits {
  readonly scalars: Variable;
  readonly n: Variable;
  readonly position: Variable;
  readonly mask: Variable;
  readonly half: Variable;
  readonly low: Variable;
  readonly span: Variable;
}

/**
 * One word of `table` is each bucket's: it is counted up for each digit in the range, after `found`, which gets its address and the digit's
 * sign. `next` ends every turn.
 */
function eachDigit(
  local: NewLocal,
  { scalars, n, position, mask, half, low, span }: Digits,
  table: Variable,
  found: (word: Variable, sign: Variable) => Code[],
  ...next: Code[]
): Code {
  const [digit, sign, bucket] = [local('i32'), local('i32'), local('i32')];
  return times(
    n,
    digitCode(scalars, position, { mask, half, low }, [digit, sign, bucket]),
    when(
      i32.lt(bucket.get, span.get),
      bucket.set(i32.add(table.get, i32.shl(bucket.get, i32.const(2)))),
      ...found(bucket, sign),
      i32.store(bucket.get, i32.add(i32.load(bucket.get), i32.const(1))),
    ),
    advance(scalars, 32),
    ...next,
  );
}

/**
 * count(scalars, n, position, mask, half, low, span, counts): how many digits fall into each bucket of [low, low + span), where bucket b
 * is for |digit| = b + 1.
 */
const count = func(
  'count',
  i32s(8),
  undefined,
  (local, scalars, n, position, mask, half, low, span, counts) => [
    eachDigit(local, { scalars, n, position, mask, half, low, span }, counts, () => []),
  ],
);

/**
 * place(scalars, n, position, mask, half, low, span, ends, references, reference): writes `reference + 2 i + sign` of each digit into its
 * bucket's list; `ends` are the lists' ends so far, as indices.
 */
const place = func(
  'place',
  i32s(10),
  undefined,
  (local, scalars, n, position, mask, half, low, span, ends, references, reference) => [
    eachDigit(
      local,
      { scalars, n, position, mask, half, low, span },
      ends,
      (end, sign) => [
        i32.store(
          i32.add(references.get, i32.shl(i32.load(end.get), i32.const(2))),
          i32.or(reference.get, sign.get),
        ),
      ],
      advance(reference, 2),
    ),
  ],
);

/** Lists of what is to be added, one behind the other, and where pairs and the addresses of their sums are written. */
interface Halving {
  readonly list: Variable;
  readonly counts: Variable;
  readonly lists: Variable;
  readonly pairs: Variable;
  readonly sums: Variable;
}

/** Halves each list; `left` is done with the entry that has no partner, `to` being its place. Leaves the number of pairs. */
function halve(
  local: NewLocal,
  degree: Degree,
  { list, counts, lists, pairs, sums }: Halving,
  left: (to: Variable) => Code[],
): Code[] {
  const [to, rest, first] = [local('i32'), local('i32'), local('i32')];
  return [
    to.set(list.get),
    first.set(pairs.get),
    times(
      lists,
      rest.set(i32.load(counts.get)),
      i32.store(counts.get, i32.shr(i32.add(rest.get, i32.const(1)), i32.const(1))),
      repeat(
        i32.gt(rest.get, i32.const(1)),
        i64.store(pairs.get, i64.load(list.get)),
        i32.store(to.get, sums.get),
        advance(pairs, 8),
        advance(list, 8),
        advance(to, 4),
        advance(sums, pointBytes(degree)),
        advance(rest, -2),
      ),
      when(rest.get, ...left(to)),
      advance(counts, 4),
    ),
    i32.shr(i32.sub(pairs.get, first.get), i32.const(3)),
  ];
}

/**
 * planPacked(references, counts, lists, pairs, sums, singles, copies): the first round, over references into a table. Writes the pairs to
 * add, whose sums will lie at `sums`, and the references that are left over, whose copies will lie at `copies`; turns the lists into lists
 * of those addresses. Returns the number of pairs; that of singles is `(total - 2 pairs)`.
 */
const planPacked = (degree: Degree): Func =>
  func(
    `planPacked${degree}`,
    i32s(7),
    'i32',
    (local, references, counts, lists, pairs, sums, singles, copies) =>
      halve(local, degree, { list: references, counts, lists, pairs, sums }, (to) => [
        i32.store(singles.get, i32.load(references.get)),
        i32.store(singles.get, i32.load(references.get), 4),
        i32.store(to.get, copies.get),
        advance(references, 4),
        advance(singles, 8),
        advance(to, 4),
        advance(copies, pointBytes(degree)),
      ]),
  );

/**
 * plan(addresses, counts, lists, pairs, sums): a later round, over addresses of single points. What is left over stays where it is.
 * Returns the number of pairs.
 */
const plan = (degree: Degree): Func =>
  func(`plan${degree}`, i32s(5), 'i32', (local, addresses, counts, lists, pairs, sums) =>
    halve(local, degree, { list: addresses, counts, lists, pairs, sums }, (to) => [
      i32.store(to.get, i32.load(addresses.get)),
      advance(addresses, 4),
      advance(to, 4),
    ]),
  );

/** collect(addresses, n, to): copies single points one behind the other. */
const collect = (degree: Degree): Func =>
  func(`collect${degree}`, i32s(3), undefined, (local, addresses, n, to) => {
    const from = local('i32');
    const words = Array.from({ length: pointBytes(degree) / 8 }, (_, i) =>
      i64.store(to.get, i64.load(from.get, 8 * i), 8 * i),
    );
    return [
      times(
        n,
        from.set(i32.load(addresses.get)),
        words,
        advance(addresses, 4),
        advance(to, pointBytes(degree)),
      ),
    ];
  });

/** countPairs(counts, lists): pairs that halving these lists once makes. */
const countPairs = func('countPairs', i32s(2), 'i32', (local, counts, lists) => {
  const pairs = local('i32');
  return [
    times(
      lists,
      pairs.set(i32.add(pairs.get, i32.shr(i32.load(counts.get), i32.const(1)))),
      advance(counts, 4),
    ),
    pairs.get,
  ];
});

export const listFunctions: readonly Func[] = [
  count,
  place,
  countPairs,
  ...([1, 2] as const).flatMap((degree) => [planPacked(degree), plan(degree), collect(degree)]),
];
