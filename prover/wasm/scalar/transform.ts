// The number-theoretic transform over Fr, in stages (Cooley, Tukey 1965; Gentleman, Sande 1966). Element i of a vector is lane `i mod
// lanes` of row `i / lanes`, so that butterflies of elements at least `lanes` apart go from row to row, lane by lane.
//
// Down: (a, b) -> (a + b, (a - b) w), natural order in, bit-reversed out. Up: (a, b) -> (a + b w, a - b w), bit-reversed in, natural out.
// Both take the same roots, so that one table is enough: see domain.ts.
import { type Code, type Func, func, i32, i32s } from '@murmuration/core/wasm';
import { advance, times } from '../curve/index.ts';
import type { Bounds, FieldCode, Num, Step } from '../field/index.ts';
import { type Build, numberBytes, vectorised } from '../kernel.ts';

/** Bounds of what the first of two stages up leaves, and the second takes: a number and a product. */
const looseOf = ({ product }: FieldCode): Bounds => ({
  limbs: product.limbs.map((limb) => 2n * limb),
  value: 2n * product.value,
});

export function transformFunctions(build: Build, modulus: bigint): Func[] {
  const row = numberBytes * build.kernel.lanes;

  /** (data, blocks, half, roots): `blocks` blocks of `2 half` rows, each with the roots of `half` rows. */
  const stage = (name: string, butterfly: (field: FieldCode, a: Num, b: Num, root: Num) => StageSteps) =>
    func(name, i32s(4), undefined, (local, data, blocks, half, roots) => {
      const [other, root, rest] = [local('i32'), local('i32'), local('i32')];
      const { prologue, steps } = vectorised(build, modulus, local);
      const body = steps((field) => {
        const [a, b, w] = [field.number('a'), field.number('b'), field.number('w')];
        const { input, code, low, high, output } = butterfly(field, a, b, w);
        return [
          field.load(a, data.get, 0, input),
          field.load(b, other.get, 0, input),
          field.load(w, root.get, 0, field.reduced),
          ...code(),
          field.store(data.get, low, 0, output),
          field.store(other.get, high, 0, output),
        ];
      });
      return [
        prologue(),
        times(
          blocks,
          other.set(i32.add(data.get, i32.mul(half.get, i32.const(row)))),
          root.set(roots.get),
          rest.set(half.get),
          times(rest, body, advance(data, row), advance(other, row), advance(root, row)),
          data.set(other.get),
        ),
      ];
    });

  const down = stage('down', (field, a, b, w) => {
    const [sum, difference] = [field.number('sum'), field.number('difference')];
    return {
      input: field.product,
      output: field.product,
      low: sum,
      high: difference,
      code: () => [
        field.add(sum, a, b),
        field.reduce(sum),
        field.subtract(difference, a, b),
        field.multiply(difference, [{ a: difference, b: w }]),
      ],
    };
  });
  /** Sums grow by one product a stage, and are reduced in every second one. */
  const up = (name: string, last: boolean) =>
    stage(name, (field, a, b, w) => {
      const [sum, difference] = [field.number('sum'), field.number('difference')];
      return {
        input: last ? looseOf(field) : field.product,
        output: last ? field.product : looseOf(field),
        low: sum,
        high: difference,
        code: () => [
          field.multiply(b, [{ a: b, b: w }]),
          field.add(sum, a, b),
          field.subtract(difference, a, b),
          ...(last ? [field.reduce(sum), field.reduce(difference)] : []),
        ],
      };
    });
  return [down, up('up', false), up('upReduced', true), turn(build, modulus)];
}

interface StageSteps {
  readonly input: Bounds;
  readonly output: Bounds;
  readonly low: Num;
  readonly high: Num;
  code(): readonly Step[];
}

/**
 * (data, rows, factors, quarter): the last stages down, inside a row, a factor for each element, and the first stages up again. `quarter`
 * is a row with the fourth root of unity in its odd lanes and 1 in the others.
 */
function turn(build: Build, modulus: bigint): Func {
  const { lanes } = build.kernel;
  const row = numberBytes * lanes;
  return func('turn', i32s(4), undefined, (local, data, rows, factors, quarter) => {
    const { prologue, steps, fields } = vectorised(build, modulus, local);
    const all = (write: (field: FieldCode) => readonly Step[]) => steps(write);
    const x = (field: FieldCode) => field.number('x');
    const scaled = all((field) => [
      field.load(field.number('quarter'), quarter.get, 0, field.reduced),
      field.load(field.number('factor'), factors.get, 0, field.reduced),
      field.load(x(field), data.get),
    ]);
    /** Butterflies of lanes 0, 1 with lanes 2, 3. */
    const acrossVectors = (isDown: boolean): Code => {
      if (lanes < 4) return [];
      const [low, high] = fields as [FieldCode, FieldCode];
      const [a, b] = [x(low), x(high)];
      const [sum, difference] = [low.number('sum'), high.number('difference')];
      const twist = (number: Num): Step => high.multiply(number, [{ a: number, b: high.number('quarter') }]);
      const codes: Step[] = isDown
        ? [low.add(sum, a, b), low.reduce(sum), high.subtract(difference, a, b), twist(difference)]
        : [
            twist(b),
            low.add(sum, a, b),
            low.reduce(sum),
            high.subtract(difference, a, b),
            high.reduce(difference),
          ];
      return [...codes, low.set(a, sum), high.set(b, difference)].map((step) =>
        'memory' in step ? step.memory : step.code,
      );
    };
    const acrossLanes = (): Code =>
      lanes < 2
        ? []
        : all((field) => {
            const crossed = field.number('crossed');
            return [field.crossLanes(crossed, x(field)), field.reduce(crossed), field.set(x(field), crossed)];
          });
    const multiplied = () =>
      all((field) => [field.multiply(x(field), [{ a: x(field), b: field.number('factor') }])]);
    const body: Code[] = [
      scaled,
      acrossVectors(true),
      acrossLanes(),
      multiplied(),
      acrossLanes(),
      acrossVectors(false),
    ];
    const stored = all((field) => [field.store(data.get, x(field))]);
    return [prologue(), times(rows, body, stored, advance(data, row), advance(factors, row))];
  });
}
