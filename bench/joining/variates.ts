// Control variates in the simulation (SCAFFOLD, Karimireddy et al. 2020, option II), as trainers could keep them without
// a message of their own: each step of a site takes away what the site's gradient is known to differ by from all sites'.
// The site's variate comes from its own last change, all sites' from the opened sums, which everybody sees.
import { type Dataset, Network, take } from '../../node/learn/index.ts';
import type { SimulatedRound, World } from '../../node/simulate/index.ts';

/** What a network trains by. */
type TrainingSteps = Parameters<Network['train']>[2];

/** A simulation's network that knows which site trains, watches where the sites point, and shifts their steps. */
export class VariateNetwork extends Network {
  readonly #world: World;
  readonly #shifts: (site: number) => boolean;
  readonly #weights: readonly number[];
  /** What each site's gradient was at its last change; all of them, weighted. */
  readonly #own: readonly Float64Array[];
  readonly #all: Float64Array;
  /** Of the round under way. */
  readonly #changes = new Map<number, Float32Array>();
  #before: Float32Array | undefined;
  /** The sites of an accepted round, until the model that it led to is seen. */
  #applied: readonly number[] | undefined;
  readonly #backwards: boolean[][];

  /** @param shifts which sites use their variate; all have one. */
  constructor(world: World, shifts: (site: number) => boolean) {
    super(world.task.model);
    this.#world = world;
    this.#shifts = shifts;
    this.#weights = world.weights ?? world.trainers.map(() => 1);
    this.#own = world.trainers.map(() => new Float64Array(this.size));
    this.#all = new Float64Array(this.size);
    this.#backwards = world.trainers.map(() => []);
  }

  override train(parameters: Float32Array, data: Dataset, steps: TrainingSteps): Float32Array {
    const site = this.#world.trainers.indexOf(data);
    if (site < 0) return super.train(parameters, data, steps);
    this.#learn(parameters);
    this.#before = parameters;
    const change = this.#shifts(site)
      ? this.#shifted(site, parameters, steps)
      : super.train(parameters, data, steps);
    this.#changes.set(site, change);
    return change;
  }

  /** Is told each round as it ends. */
  ended({ round, accepted, trainers }: Pick<SimulatedRound, 'round' | 'accepted' | 'trainers'>): void {
    const present = trainers.flatMap((one, site) => (one.present ? [site] : []));
    if (round > 1) for (const site of present) this.#backwards[site]!.push(this.#isBackwards(site, present));
    this.#applied = accepted ? present : undefined;
  }

  /** Of each site: the share of its rounds after the first in which its change pointed away from the others' sum. */
  get backwards(): number[] {
    return this.#backwards.map((rounds) => rounds.filter((is) => is).length / Math.max(1, rounds.length));
  }

  /** What is added to a site's gradients in the next accepted round's steps. */
  shiftOf(site: number): Float64Array {
    return this.#all.map((all, j) => all - this.#own[site]![j]!);
  }

  #shifted(
    site: number,
    parameters: Float32Array,
    { steps, batch, rate, random }: TrainingSteps,
  ): Float32Array {
    const data = this.#world.trainers[site]!;
    const shift = this.shiftOf(site);
    const at = parameters.slice();
    const rows = new Uint32Array(batch);
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < batch; i++) rows[i] = random.below(data.count);
      const { gradient } = this.gradient(at, take(data, rows));
      for (let j = 0; j < at.length; j++) at[j]! -= rate * (gradient[j]! + shift[j]!);
    }
    return at.map((x, j) => x - parameters[j]!);
  }

  /**
   * Moves the variates by the round that led to `model`. Sites that were away keep theirs, so that all sites' moves by
   * the share of those that were there; where they were all, it is the sum's own.
   */
  #learn(model: Float32Array): void {
    const sites = this.#applied;
    this.#applied = undefined;
    if (!sites) return;
    const { training, aggregation } = this.#world.task;
    const length = training.steps * training.rate;
    const share = this.#weightOf(sites) / this.#weightOf([...this.#weights.keys()]);
    for (let j = 0; j < model.length; j++) {
      const all = this.#all[j]!;
      for (const site of sites) this.#own[site]![j]! -= all + this.#changes.get(site)![j]! / length;
      const opened = (model[j]! - this.#before![j]!) / aggregation.eta;
      this.#all[j] = all - share * (all + opened / length);
    }
  }

  #isBackwards(site: number, present: readonly number[]): boolean {
    const others = present.filter((other) => other !== site);
    const change = this.#changes.get(site)!;
    let product = 0;
    for (let j = 0; j < change.length; j++)
      for (const other of others)
        product += change[j]! * this.#weights[other]! * this.#changes.get(other)![j]!;
    return product < 0;
  }

  #weightOf(sites: readonly number[]): number {
    return sites.reduce((sum, site) => sum + this.#weights[site]!, 0);
  }
}
