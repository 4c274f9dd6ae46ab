// Scalars of a proof: from the witness's bytes, through the constraints' matrices, to the scalars of sums.
//
// words:   32 bytes, least first; two's complement where they may be negative.
// numbers: 40 bytes each, alone.
// rows:    numbers by lanes, as the transform has them.
import { type Code, type Func, func, i32, i32s, i64, type Variable, when } from '@murmuration/core/wasm';
import { advance, times } from '../curve/index.ts';
import type { Num } from '../field/index.ts';
import { type Build, numberBytes, vectorised } from '../kernel.ts';

/** Products of a row that are summed before the sum is reduced. */
const productsAtOnce = 2;
/** Bytes of one product in a plan: the address of a coefficient, and the offset of a wire's number. */
export const termBytes = 8;
export { productsAtOnce };

export function vectorFunctions(build: Build, modulus: bigint): Func[] {
  const { lanes, lanesPerVector } = build.kernel;
  const row = numberBytes * lanes;
  const lanesOf = (all: readonly Variable[], vector: number) =>
    all.slice(vector * lanesPerVector, (vector + 1) * lanesPerVector);

  /**
   * (words, rows, numbers, signed): from words below r to numbers, and to words of the residue of least size. As many as the kernel has
   * lanes at a time.
   */
  const importScalars = func('importScalars', i32s(4), undefined, (local, from, rows, numbers, signed) => {
    const { prologue, steps } = vectorised(build, modulus, local);
    const [source, target, residue] = [0, 1, 2].map(() =>
      Array.from({ length: lanes }, () => local('i32')),
    ) as [Variable[], Variable[], Variable[]];
    const body = [
      Array.from({ length: lanes }, (_, lane) => [
        source[lane]!.set(i32.add(from.get, i32.const(32 * lane))),
        target[lane]!.set(i32.add(numbers.get, i32.const(numberBytes * lane))),
        residue[lane]!.set(i32.add(signed.get, i32.const(32 * lane))),
      ]),
      steps((field, vector) => {
        const words = field.words('words');
        const [plain, scaled] = [field.number('plain'), field.number('scaled')];
        const square = field.constant((field.radix * field.radix) % modulus);
        return [
          field.loadWords(words, lanesOf(source, vector), 0),
          field.fromWords(plain, words, modulus),
          field.multiply(scaled, [{ a: plain, b: square }]),
          field.reduce(scaled),
          field.storeLanes(lanesOf(target, vector), scaled, build.kernel.doubles ? 8 : 4, field.reduced),
          field.reduce(plain),
          field.toWords(words, plain, 0n),
          field.storeWords(lanesOf(residue, vector), words, 0),
        ];
      }),
    ];
    return [
      prologue(),
      times(
        rows,
        body,
        advance(from, 32 * lanes),
        advance(numbers, numberBytes * lanes),
        advance(signed, 32 * lanes),
      ),
    ];
  });

  /**
   * (plan, groups, numbers, to): sums of products for groups of as many constraints as the kernel has lanes. A group's plan is: a count
   * of steps; for each lane the offset in `to` of its result; then for each step and each lane {@link productsAtOnce} products.
   */
  const rowSums = func('rowSums', i32s(4), undefined, (local, plan, groups, witness, to) => {
    const { prologue, steps } = vectorised(build, modulus, local);
    const count = local('i32');
    const targets = Array.from({ length: lanes }, () => local('i32'));
    const operands = Array.from({ length: 2 * productsAtOnce }, () =>
      Array.from({ length: lanes }, () => local('i32')),
    );
    const start = steps((field) => [field.set(field.number('sum'), field.constant(0n))]);
    const step = [
      operands.map((operand, k) =>
        operand.map((address, lane) =>
          address.set(
            k % 2 === 0
              ? i32.load(plan.get, 4 * (2 * productsAtOnce * lane + k))
              : i32.add(witness.get, i32.load(plan.get, 4 * (2 * productsAtOnce * lane + k))),
          ),
        ),
      ),
      steps((field, vector) => {
        const numbers = operands.map((_, k) => field.number(`operand ${k}`));
        const sum = field.number('sum');
        sum.bounds = field.reduced;
        const product = (i: number) => ({ a: numbers[2 * i] as Num, b: numbers[2 * i + 1] as Num });
        return [
          ...operands.map((operand, k) =>
            field.loadLanes(numbers[k]!, lanesOf(operand, vector), field.reduced),
          ),
          field.multiply(
            field.number('products'),
            Array.from({ length: productsAtOnce }, (_, i) => product(i)),
          ),
          field.add(sum, sum, field.number('products')),
          field.reduce(sum),
        ];
      }),
      advance(plan, termBytes * productsAtOnce * lanes),
    ];
    const finish = steps((field, vector) => {
      const sum = field.number('sum');
      return [field.storeLanes(lanesOf(targets, vector), sum, build.kernel.doubles ? 8 * lanes : 4)];
    });
    return [
      prologue(),
      times(
        groups,
        count.set(i32.load(plan.get)),
        targets.map((target, lane) => target.set(i32.add(to.get, i32.load(plan.get, 4 + 4 * lane)))),
        advance(plan, 4 + 4 * lanes),
        start,
        times(count, step),
        finish,
      ),
    ];
  });

  /** (a, b, rows, to): products, element by element. */
  const products = func('products', i32s(4), undefined, (local, left, right, rows, to) => {
    const { prologue, steps } = vectorised(build, modulus, local);
    const body = steps((field) => {
      const [a, b] = [field.number('a'), field.number('b')];
      return [
        field.load(a, left.get),
        field.load(b, right.get),
        field.multiply(a, [{ a, b }]),
        field.store(to.get, a),
      ];
    });
    return [prologue(), times(rows, body, advance(left, row), advance(right, row), advance(to, row))];
  });

  /** (a, b, c, rows, to): `a b - c` as signed words of size about r / 2. */
  const quotient = func('quotient', i32s(5), undefined, (local, left, right, minus, rows, to) => {
    const { prologue, steps } = vectorised(build, modulus, local);
    const at = Array.from({ length: lanes }, () => local('i32'));
    const body: Code[] = [
      at.map((address, lane) => address.set(i32.add(to.get, i32.const(32 * lane)))),
      steps((field, vector) => {
        const [a, b, c] = [field.number('a'), field.number('b'), field.number('c')];
        const words = field.words('words');
        return [
          field.load(a, left.get),
          field.load(b, right.get),
          field.load(c, minus.get),
          field.multiply(a, [{ a, b }]),
          field.subtract(a, a, c),
          field.multiply(a, [{ a, b: field.constant(1n) }]),
          field.reduce(a),
          field.toWords(words, a, 0n),
          field.storeWords(lanesOf(at, vector), words, 0),
        ];
      }),
    ];
    return [
      prologue(),
      times(
        rows,
        body,
        advance(left, row),
        advance(right, row),
        advance(minus, row),
        advance(to, 32 * lanes),
      ),
    ];
  });

  return [importScalars, rowSums, products, quotient, ...wordFunctions];
}

/** `sum = a + b + carry` of a word, and the carry out. */
const addWord = (sum: Variable, carry: Variable, a: Code, b: Variable): Code => [
  sum.set(i64.add(a, carry.get)),
  carry.set(i64.extend(i64.ltu(sum.get, carry.get))),
  sum.set(i64.add(sum.get, b.get)),
  carry.set(i64.add(carry.get, i64.extend(i64.ltu(sum.get, b.get)))),
];

/** Adds the words at `offset` to those that `pick` finds for each scalar. */
const offsetFunction = (name: string, gathered: boolean): Func =>
  func(name, new Array(gathered ? 5 : 4).fill('i32'), undefined, (local, from, n, offset, to, indices) => {
    const words = Array.from({ length: 4 }, () => local('i64'));
    const [sum, carry, at] = [local('i64'), local('i64'), local('i32')];
    return [
      words.map((word, i) => word.set(i64.load(offset.get, 8 * i))),
      times(
        n,
        at.set(gathered ? i32.add(from.get, i32.shl(i32.load(indices.get), i32.const(5))) : from.get),
        carry.set(i64.const(0n)),
        words.map((word, i) => [
          addWord(sum, carry, i64.load(at.get, 8 * i), word),
          i64.store(to.get, sum.get, 8 * i),
        ]),
        gathered ? advance(indices, 4) : advance(from, 32),
        advance(to, 32),
      ),
    ];
  });

/**
 * offsetScalars(from, n, offset, to) and gatherScalars(from, n, offset, to, indices): signed words plus the words at `offset`; the
 * second takes scalars by number.
 */
const wordFunctions: readonly Func[] = [
  offsetFunction('offsetScalars', false),
  offsetFunction('gatherScalars', true),
  /** countLong(scalars, n, offset, bits): scalars that differ from `offset` beyond the lowest `bits` bits, at most 32. */
  func('countLong', i32s(4), 'i32', (local, scalars, n, offset, bits) => {
    const words = Array.from({ length: 4 }, () => local('i64'));
    const [shift, found, difference] = [local('i64'), local('i32'), local('i64')];
    return [
      words.map((word, i) => word.set(i64.load(offset.get, 8 * i))),
      shift.set(i64.extend(bits.get)),
      times(
        n,
        difference.set(i64.shr(i64.xor(i64.load(scalars.get), words[0]!.get), shift.get)),
        [1, 2, 3].map((i) =>
          difference.set(i64.or(difference.get, i64.xor(i64.load(scalars.get, 8 * i), words[i]!.get))),
        ),
        found.set(i32.add(found.get, i64.ne(difference.get, i64.const(0n)))),
        advance(scalars, 32),
      ),
      found.get,
    ];
  }),
  /** makePositive(words, n, modulus): adds the modulus to each word that is negative as a signed one. */
  func('makePositive', i32s(3), undefined, (local, at, n, modulus) => {
    const words = Array.from({ length: 4 }, () => local('i64'));
    const [sum, carry, added] = [local('i64'), local('i64'), local('i64')];
    const sign = local('i64');
    return [
      words.map((word, i) => word.set(i64.load(modulus.get, 8 * i))),
      times(
        n,
        sign.set(i64.sar(i64.load(at.get, 24), i64.const(63n))),
        carry.set(i64.const(0n)),
        words.map((word, i) => [
          added.set(i64.and(word.get, sign.get)),
          addWord(sum, carry, i64.load(at.get, 8 * i), added),
          i64.store(at.get, sum.get, 8 * i),
        ]),
        advance(at, 32),
      ),
    ];
  }),
  /** countNotBelow(words, n, bound): unsigned numbers of the bound or more. */
  func('countNotBelow', i32s(3), 'i32', (local, from, n, bound) => {
    const words = Array.from({ length: 4 }, () => local('i64'));
    const [found, below, word] = [local('i32'), local('i32'), local('i64')];
    return [
      words.map((one, i) => one.set(i64.load(bound.get, 8 * i))),
      times(
        n,
        below.set(i32.const(0)),
        // From the lowest word up: a higher one decides, unless it is equal.
        words.map((one, i) => [
          word.set(i64.load(from.get, 8 * i)),
          when(i64.ne(word.get, one.get), below.set(i64.ltu(word.get, one.get))),
        ]),
        found.set(i32.add(found.get, i32.eqz(below.get))),
        advance(from, 32),
      ),
      found.get,
    ];
  }),
];
