// Elements of Fp or of Fp2 = Fp[u] / (u^2 + 1), as one or two numbers.
import type { Code } from '@murmuration/core/wasm';
import type { Addend, FieldCode, Num, Step } from '../field/index.ts';
import { numberBytes } from '../kernel.ts';
import type { Degree } from './layout.ts';

export type Element = readonly Num[];

/** Code for elements over one vector's field. */
export interface Tower {
  readonly field: FieldCode;
  element(name: string): Element;
  load(to: Element, address: Code, offset?: number): Step[];
  store(address: Code, from: Element, offset?: number): Step[];
  /** `to = a - b`, reduced in Fp2, where two products make one number and their sum has to stay small. */
  subtract(to: Element, a: Element, b: Element): Step[];
  /** `to = a + a`. */
  double(to: Element, a: Element): Step[];
  /** `to = a b - sum of subtrahends`. `to` may be `a` or `b`. */
  multiply(to: Element, a: Element, b: Element, subtrahends?: readonly Element[]): Step[];
  /** `to = a^2 - sum of subtrahends`. `to` may not be `a`. */
  square(to: Element, a: Element, subtrahends?: readonly Element[]): Step[];
}

export function createTower(field: FieldCode, degree: Degree, lanes: number): Tower {
  const row = numberBytes * lanes;
  const indices = Array.from({ length: degree }, (_, i) => i);
  const minus = (elements: readonly Element[], i: number): Addend[] =>
    elements.map((element) => ({ a: element[i]!, minus: true }));
  return {
    field,
    element: (name) => indices.map((i) => field.number(`${name}/${i}`)),
    load: (to, address, offset = 0) => to.map((number, i) => field.load(number, address, offset + row * i)),
    store: (address, from, offset = 0) =>
      from.map((number, i) => field.store(address, number, offset + row * i)),
    subtract: (to, a, b) =>
      indices.flatMap((i) => {
        const step = field.subtract(to[i]!, a[i]!, b[i]!);
        return degree === 1 ? [step] : [step, field.reduce(to[i]!)];
      }),
    double: (to, a) =>
      indices.flatMap((i) => {
        const step = field.add(to[i]!, a[i]!, a[i]!);
        return degree === 1 ? [step] : [step, field.reduce(to[i]!)];
      }),
    multiply(to, a, b, subtrahends = []) {
      if (degree === 1) return [field.multiply(to[0]!, [{ a: a[0]!, b: b[0]! }], minus(subtrahends, 0))];
      const real = field.number('real part');
      return [
        field.multiply(
          real,
          [
            { a: a[0]!, b: b[0]! },
            { a: a[1]!, b: b[1]!, minus: true },
          ],
          minus(subtrahends, 0),
        ),
        field.multiply(
          to[1]!,
          [
            { a: a[0]!, b: b[1]! },
            { a: a[1]!, b: b[0]! },
          ],
          minus(subtrahends, 1),
        ),
        field.set(to[0]!, real),
      ];
    },
    square(to, a, subtrahends = []) {
      if (degree === 1) return [field.multiply(to[0]!, [{ a: a[0]!, b: a[0]! }], minus(subtrahends, 0))];
      const twice = field.number('twice the real part');
      return [
        field.multiply(
          to[0]!,
          [
            { a: a[0]!, b: a[0]! },
            { a: a[1]!, b: a[1]!, minus: true },
          ],
          minus(subtrahends, 0),
        ),
        field.add(twice, a[0]!, a[0]!),
        field.multiply(to[1]!, [{ a: twice, b: a[1]! }], minus(subtrahends, 1)),
      ];
    },
  };
}
