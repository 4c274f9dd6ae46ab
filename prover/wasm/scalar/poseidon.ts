// Rounds of Poseidon over Fr in the sparse form of prover/poseidon/sparse.ts. The state lies number by number, padded with
// zeros to whole groups of as many as the kernel has lanes.
import { type Code, type Func, func, i32, i32s, type Variable } from '@murmuration/core/wasm';
import { advance, times } from '../curve/index.ts';
import type { FieldCode, Num, Product, Step } from '../field/index.ts';
import { type Build, numberBytes, vectorised } from '../kernel.ts';

/** Elements of the sponge's state. */
export const spongeWidth = 17;

/** Groups of lanes that `elements` fill. */
export const groupsOf = (elements: number, lanes: number): number => Math.ceil(elements / lanes);

export function poseidonFunctions(build: Build, modulus: bigint): Func[] {
  const { lanes, lanesPerVector, doubles } = build.kernel;
  const row = numberBytes * lanes;
  const limb = doubles ? 8 : 4;
  /** Products that are summed before their sum is reduced: as many as stay exact. */
  const productsAtOnce = doubles ? 6 : 3;

  const lanesOf = (all: readonly Variable[], vector: number) =>
    all.slice(vector * lanesPerVector, (vector + 1) * lanesPerVector);
  /** Sets a variable a lane to the addresses of as many numbers. */
  const pointTo = (lane: readonly Variable[], first: Code): Code =>
    lane.map((address, i) => address.set(i32.add(first, i32.const(numberBytes * i))));
  const power5 = (field: FieldCode, x: Num): Step[] => {
    const square = field.number('square');
    return [
      field.multiply(square, [{ a: x, b: x }]),
      field.multiply(square, [{ a: square, b: square }]),
      field.multiply(x, [{ a: x, b: square }]),
    ];
  };
  /** The sum of so many products, whose operands `load` brings into numbers that are used again. */
  const sumOfProducts = (
    field: FieldCode,
    count: number,
    load: (i: number, a: Num, b: Num) => readonly Step[],
  ): Step[] => {
    const [sum, part] = [field.number('sum'), field.number('part')];
    const steps: Step[] = [];
    for (let start = 0; start < count; start += productsAtOnce) {
      const products: Product[] = [];
      for (let i = start; i < Math.min(start + productsAtOnce, count); i++) {
        const [a, b] = [field.number(`a${i - start}`), field.number(`b${i - start}`)];
        steps.push(...load(i, a, b));
        products.push({ a, b });
      }
      steps.push(field.multiply(start === 0 ? sum : part, products));
      if (start > 0) steps.push(field.add(sum, sum, part));
    }
    return [...steps, field.reduce(sum)];
  };

  /** (state, constants, matrix, to): constants, S-boxes, then the matrix, whose columns lie row of lanes by row of lanes. */
  const fullRound = func('poseidonFull', i32s(4), undefined, (local, state, constants, matrix, to) => {
    const { prologue, steps } = vectorised(build, modulus, local);
    const lane = Array.from({ length: lanes }, () => local('i32'));
    const [groups, at] = [local('i32'), local('i32')];
    const boxes = steps((field, vector) => {
      const [x, added] = [field.number('x'), field.number('added')];
      return [
        field.loadLanes(x, lanesOf(lane, vector)),
        field.load(added, constants.get, 0, field.reduced),
        field.add(x, x, added),
        field.reduce(x),
        ...power5(field, x),
        field.storeLanes(lanesOf(lane, vector), x, limb),
      ];
    });
    const mixed = steps((field, vector) => [
      ...sumOfProducts(field, spongeWidth, (j, a, b) => [
        field.load(a, matrix.get, row * j, field.reduced),
        field.loadSplat(b, state.get, numberBytes * j, field.product),
      ]),
      field.storeLanes(lanesOf(lane, vector), field.number('sum'), limb),
    ]);
    const count = groupsOf(spongeWidth, lanes);
    return [
      prologue(),
      groups.set(i32.const(count)),
      at.set(state.get),
      times(groups, pointTo(lane, at.get), boxes, advance(at, row), advance(constants, row)),
      groups.set(i32.const(count)),
      times(groups, pointTo(lane, to.get), mixed, advance(to, row), advance(matrix, row * spongeWidth)),
    ];
  });

  const others = groupsOf(spongeWidth - 1, lanes);
  /**
   * (state, rounds, table, scratch): rounds with one S-box. A round's table is a number that is added to the first element; rows
   * of the inner product, the first of which has one number and zeros; rows of the column. `scratch` is room for a row.
   */
  const partialRounds = func(
    'poseidonPartial',
    i32s(4),
    undefined,
    (local, state, rounds, table, scratch) => {
      const { prologue, steps } = vectorised(build, modulus, local);
      const element = Array.from({ length: others }, () => Array.from({ length: lanes }, () => local('i32')));
      const [part, first] = [0, 1].map(() => Array.from({ length: lanes }, () => local('i32'))) as [
        Variable[],
        Variable[],
      ];
      const rows = (i: number) => roundHead(lanes) + row * i;
      const box = steps((field) => {
        const [x, added] = [field.number('x'), field.number('added')];
        return [
          field.loadSplat(x, state.get, 0, field.product),
          field.loadSplat(added, table.get, 0, field.reduced),
          field.add(x, x, added),
          field.reduce(x),
          ...power5(field, x),
        ];
      });
      const inner = steps((field, vector) => [
        ...sumOfProducts(field, 1 + others, (i, a, b) => [
          field.load(a, table.get, rows(i), field.reduced),
          i === 0 ? field.set(b, field.number('x')) : field.loadLanes(b, lanesOf(element[i - 1]!, vector)),
        ]),
        field.storeLanes(lanesOf(part, vector), field.number('sum'), limb),
      ]);
      /** The parts of all lanes together, which every lane then has. */
      const together = steps((field, vector) => {
        const [sum, next] = [field.number('sum'), field.number('part')];
        return [
          field.loadSplat(sum, scratch.get, 0, field.product),
          ...Array.from({ length: lanes - 1 }, (_, i) => [
            field.loadSplat(next, scratch.get, numberBytes * (i + 1), field.product),
            field.add(sum, sum, next),
          ]).flat(),
          ...(lanes > 1 ? [field.reduce(sum)] : []),
          field.storeLanes(lanesOf(first, vector), sum, limb),
        ];
      });
      const spread = element.flatMap((lane, i) =>
        steps((field, vector) => {
          const [a, b] = [field.number('a0'), field.number('b0')];
          return [
            field.load(a, table.get, rows(1 + others + i), field.reduced),
            field.loadLanes(b, lanesOf(lane, vector)),
            field.multiply(b, [{ a, b: field.number('x') }], [{ a: b, minus: false }]),
            field.storeLanes(lanesOf(lane, vector), b, limb),
          ];
        }),
      );
      return [
        prologue(),
        element.map((lane, i) => pointTo(lane, i32.add(state.get, i32.const(numberBytes * (1 + lanes * i))))),
        pointTo(part, scratch.get),
        // All lanes hold the same: one is kept, the others go where the next round's parts come.
        first.map((address, i) => address.set(i === 0 ? state.get : part[i]!.get)),
        times(rounds, box, inner, together, spread, advance(table, roundBytes(lanes))),
      ];
    },
  );
  return [fullRound, partialRounds];
}

/** Bytes before the rows of a partial round's table: a number, and room to the next multiple of a vector. */
export const roundHead = (lanes: number): number => Math.ceil(numberBytes / (16 * lanes)) * 16 * lanes;

/** Bytes of a partial round's table. */
export const roundBytes = (lanes: number): number =>
  roundHead(lanes) + numberBytes * lanes * (1 + 2 * groupsOf(spongeWidth - 1, lanes));
