// Numbers inside the kernels: limbs in local variables, and bounds that the generator knows of them. Every operation checks what it
// needs and tells what it leaves, in exact integers, while code is generated; nothing is checked when it runs.
import type { Code, Variable } from '@murmuration/core/wasm';

/** What is certain of a number: the size of each limb, and of the value that the limbs make together. */
export interface Bounds {
  readonly limbs: readonly bigint[];
  readonly value: bigint;
}

/** Something that can be read: limbs in variables, or constants. */
export interface Operand {
  readonly limbs: readonly { readonly get: Code }[];
  readonly bounds: Bounds;
}

/** A number in local variables; its bounds are those of what was last written to it. */
export interface Num extends Operand {
  readonly limbs: readonly Variable[];
  bounds: Bounds;
}

/** One term of a sum of products. */
export interface Product {
  readonly a: Operand;
  readonly b: Operand;
  readonly minus?: boolean;
}

/** A number added to a sum of products, at no cost of its own. */
export interface Addend {
  readonly a: Operand;
  readonly minus: boolean;
}

/**
 * A step of straight-line code. Steps of kind `memory` are single loads or stores; in a kernel of two vectors they are written pair by
 * pair, so that V8 finds the neighbours that it merges.
 */
export type Step = { readonly memory: readonly Code[] } | { readonly code: Code };

/** All code of a step. */
export const stepCode = (step: Step): Code => ('memory' in step ? step.memory : step.code);

/** A number that could leave the range in which the arithmetic is exact. Only a mistake in a kernel's formulas raises it. */
export class BoundError extends Error {
  override name = 'BoundError';
}

/** @throws BoundError unless `|actual| <= limit`. */
export function within(what: string, actual: bigint, limit: bigint): void {
  if (actual > limit) {
    const bits = (value: bigint) => value.toString(2).length;
    throw new BoundError(`${what} may need ${bits(actual)} bits (${actual}), but at most ${limit} is exact`);
  }
}

/** Whether a number with the bounds `inner` also has the bounds `outer`. @throws BoundError if not. */
export function implies(what: string, inner: Bounds, outer: Bounds): void {
  within(`${what}: the value`, inner.value, outer.value);
  inner.limbs.forEach((limb, i) => {
    within(`${what}: limb ${i}`, limb, outer.limbs[i]!);
  });
}

export const sumOf = (a: Bounds, b: Bounds): Bounds => ({
  limbs: a.limbs.map((limb, i) => limb + b.limbs[i]!),
  value: a.value + b.value,
});

/** `x / y` rounded up, for positive y. */
export const ceilDivide = (x: bigint, y: bigint): bigint => (x + y - 1n) / y;
