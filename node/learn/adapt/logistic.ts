// Ridge logistic regression by Newton's method, for small tables: what a site fits by itself. With no inputs it fits
// one number, a bias on given logits.

/** Rows to fit to: `inputs` holds `width` floats a row; `labels` are 0 or 1; `offset` is added to each row's logit. */
export interface LogisticRows {
  readonly inputs: ArrayLike<number>;
  readonly width: number;
  readonly labels: ArrayLike<number>;
  readonly offset?: ArrayLike<number>;
}

/** What large coefficients cost, as half a square each beside the sum of the log losses. */
export interface Penalties {
  readonly weights: number;
  readonly bias: number;
}

/** Newton converges quadratically; separable rows under a weak penalty take the most. */
const mostSteps = 50;
/** The objective's gain in nats below which fitting ends. */
const smallestGain = 1e-9;

/** `ln(1 + exp(z))`, without overflow. */
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** The chance that a logit says. */
export const chanceOf = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** `-ln p(label)` of a logit, in nats. */
export const logLossOf = (logit: number, label: number): number => softplus(label === 1 ? -logit : logit);

/** A linear model's logit of one row. @param weights one an input, then the bias */
export function linearLogit(weights: ArrayLike<number>, inputs: ArrayLike<number>, row: number): number {
  const width = weights.length - 1;
  let logit = weights[width]!;
  for (let j = 0; j < width; j++) logit += weights[j]! * inputs[row * width + j]!;
  return logit;
}

/**
 * The weights of least penalised log loss over `rows` (Newton's method with halved steps).
 * @returns `width` weights, then the bias.
 */
export function fitLogistic(
  table: LogisticRows,
  rows: readonly number[],
  { weights: ridge, bias }: Penalties,
): Float64Array {
  const size = table.width + 1;
  const penalty = (j: number) => (j < table.width ? ridge : bias);
  const offset = (row: number) => table.offset?.[row] ?? 0;
  const logit = (weights: Float64Array, row: number) => linearLogit(weights, table.inputs, row) + offset(row);
  const objective = (weights: Float64Array) =>
    rows.reduce((sum, row) => sum + logLossOf(logit(weights, row), table.labels[row]!), 0) +
    weights.reduce((sum, w, j) => sum + 0.5 * penalty(j) * w * w, 0);
  let weights: Float64Array = new Float64Array(size);
  let now = objective(weights);
  for (let step = 0; step < mostSteps; step++) {
    const gradient = weights.map((w, j) => penalty(j) * w);
    const curvature = Array.from({ length: size }, (_, j) => {
      const line = new Float64Array(size);
      // A bias that nothing holds, on rows that are all sure, has next to no curvature.
      line[j] = penalty(j) + 1e-9;
      return line;
    });
    for (const row of rows)
      addRow(table, row, { chance: chanceOf(logit(weights, row)), gradient, curvature });
    const direction = solve(curvature, gradient);
    let reach = 1;
    let next = moved(weights, direction, reach);
    let after = objective(next);
    while (after > now && reach > 1e-6) {
      reach /= 2;
      next = moved(weights, direction, reach);
      after = objective(next);
    }
    if (!(after < now)) break;
    const gain = now - after;
    weights = next;
    now = after;
    if (gain < smallestGain) break;
  }
  return weights;
}

const moved = (weights: Float64Array, direction: Float64Array, reach: number): Float64Array =>
  weights.map((w, j) => w - reach * direction[j]!);

/** Adds a row's part to gradient and curvature, of which the lower triangle counts. */
function addRow(
  { inputs, width, labels }: LogisticRows,
  row: number,
  to: { readonly chance: number; readonly gradient: Float64Array; readonly curvature: Float64Array[] },
): void {
  const { chance, gradient, curvature } = to;
  const input = (j: number) => (j < width ? inputs[row * width + j]! : 1);
  const slope = chance - labels[row]!;
  const bend = chance * (1 - chance);
  for (let j = 0; j <= width; j++) {
    const x = input(j);
    if (x === 0) continue;
    gradient[j]! += slope * x;
    const line = curvature[j]!;
    for (let k = 0; k <= j; k++) line[k]! += bend * x * input(k);
  }
}

/** Solves `A x = b` for a symmetric, positive definite A by its lower triangle (Cholesky), which is overwritten. */
function solve(a: Float64Array[], b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let j = 0; j < n; j++) {
    const line = a[j]!;
    for (let k = 0; k <= j; k++) {
      let sum = line[k]!;
      for (let i = 0; i < k; i++) sum -= line[i]! * a[k]![i]!;
      line[k] = k < j ? sum / a[k]![k]! : Math.sqrt(Math.max(sum, 1e-12));
    }
    for (let k = 0; k < j; k++) x[j]! -= line[k]! * x[k]!;
    x[j]! /= line[j]!;
  }
  for (let j = n - 1; j >= 0; j--) {
    for (let k = j + 1; k < n; k++) x[j]! -= a[k]![j]! * x[k]!;
    x[j]! /= a[j]![j]!;
  }
  return x;
}
