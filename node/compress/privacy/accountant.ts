// The accountant: what a trainer's updates cost in differential privacy over rounds. Renyi accounting of the
// Gaussian mechanism (Mironov, "Renyi differential privacy", CSF 2017): one release with noise multiplier z
// is (alpha, alpha / (2 z^2))-RDP; rounds add up (Proposition 1), also when later ones depend on earlier
// outputs.
//
// RDP becomes (epsilon, delta) by Proposition 12 of Canonne, Kamath and Steinke (NeurIPS 2020), which is
// never worse than Mironov's Proposition 3; the best order is taken. No amplification by sampling is claimed.

/**
 * A guarantee: the mechanism is (epsilon, delta)-differentially private. `order` is the Renyi order that gave
 * it.
 */
export interface Guarantee {
  readonly epsilon: number;
  readonly delta: number;
  readonly order: number;
}

/**
 * `1.01 ... 10` finely, then up to 2^20: the best order for epsilon from below 0.01 to above 100 is among
 * them.
 */
const orders: readonly number[] = [
  ...Array.from({ length: 900 }, (_, i) => 1 + (i + 1) / 100),
  ...Array.from({ length: 400 }, (_, i) => 10 * 2 ** ((i + 1) / 24)),
];

/**
 * Renyi divergence of order `alpha` of `rounds` releases with noise multiplier `z`: `rounds * alpha / (2
 * z^2)`.
 */
export function renyi(z: number, rounds: number, alpha: number): number {
  if (!(z > 0)) throw new RangeError(`accountant: noise multiplier is ${z}, but must be positive`);
  if (!Number.isInteger(rounds) || rounds < 0)
    throw new RangeError(`accountant: rounds is ${rounds}, but must be an integer, 0 or more`);
  if (!(alpha > 1)) throw new RangeError(`accountant: order is ${alpha}, but must be above 1`);
  return (rounds * alpha) / (2 * z * z);
}

/** Epsilon after `rounds` releases at `delta`. @param z deviation of the noise over the l2 sensitivity. */
export function gaussianEpsilon(z: number, rounds: number, delta: number): Guarantee {
  if (!(delta > 0 && delta < 1))
    throw new RangeError(`accountant: delta is ${delta}, but must lie in (0, 1)`);
  if (rounds === 0) return { epsilon: 0, delta, order: Number.POSITIVE_INFINITY };
  let best: Guarantee = { epsilon: Number.POSITIVE_INFINITY, delta, order: 0 };
  for (const order of orders) {
    const epsilon =
      renyi(z, rounds, order) + Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
    if (epsilon < best.epsilon) best = { epsilon: Math.max(0, epsilon), delta, order };
  }
  return best;
}

/**
 * The privacy that a task's updates of one trainer have spent after `rounds` of them. Neighbours are any two
 * data sets of that trainer, whose clipped updates differ by at most `2 * clip`: the noise multiplier is
 * `sigma / 2`.
 */
export function localEpsilon({ sigma, delta }: { sigma: number; delta: number }, rounds: number): Guarantee {
  return gaussianEpsilon(sigma / 2, rounds, delta);
}
