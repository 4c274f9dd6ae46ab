// Vectors in float64, added from left to right: every honest party gets the same bits. Only sums, products,
// divisions and square roots occur, which IEEE 754 rounds in one way.

/** `<a, b>` over the length of `a`. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

/** The l2 length. */
export const length = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** `a += factor b`, in place. */
export function addScaled(a: Float64Array, factor: number, b: ArrayLike<number>): void {
  for (let j = 0; j < a.length; j++) a[j]! += factor * b[j]!;
}

/** `a` with a root mean square of 1; undefined where all of it is 0. */
export function withUnitRms(a: ArrayLike<number>): Float64Array | undefined {
  const size = length(a);
  if (size === 0) return undefined;
  const factor = Math.sqrt(a.length) / size;
  return Float64Array.from(a, (x) => x * factor);
}

/** A vector of which less than this part is new to a basis adds nothing to it. */
const leastNew = 1e-3;

/**
 * An orthonormal basis of what `vectors` span, by Gram and Schmidt, each vector twice against those before it:
 * once leaves what rounding brought in.
 * @param limit vectors that the basis has, at most; the first ones count.
 */
export function orthonormal(vectors: Iterable<Float64Array>, limit: number): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    if (basis.length >= limit) break;
    const size = length(vector);
    if (size === 0) continue;
    const rest = vector.slice();
    for (let pass = 0; pass < 2; pass++) removeInPlace(rest, basis);
    const left = length(rest);
    if (left <= leastNew * size) continue;
    basis.push(rest.map((x) => x / left));
  }
  return basis;
}

/** What of `vector` lies outside of the span of an orthonormal basis. */
export function without(vector: ArrayLike<number>, basis: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(vector);
  removeInPlace(rest, basis);
  return rest;
}

function removeInPlace(rest: Float64Array, basis: readonly Float64Array[]): void {
  for (const direction of basis) addScaled(rest, -dot(rest, direction), direction);
}
