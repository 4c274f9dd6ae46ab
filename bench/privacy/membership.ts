// Whether a row took part in making a model: guessed from its loss alone, and from how models that were made with it
// and without it take it (the likelihood ratio of Carlini et al. 2022, with few shadow models).
import {
  type Dataset,
  type Network,
  partitionEvenly,
  permutation,
  seeded,
  type TaskDescription,
  take,
} from '../../node/learn/index.ts';

/** How well scores tell members from others. */
export interface Detection {
  /** Area under the curve: 0.5 is a guess. */
  readonly auc: number;
  /** Share of members found at the threshold at which at most 1 % of the others are taken for members. */
  readonly found: number;
}

/** Measures scores, of which a high one says that the row took part; equal scores count as half. */
export function detection(scores: readonly number[], isMember: readonly boolean[]): Detection {
  const members = scores.filter((_, i) => isMember[i]).sort((a, b) => b - a);
  const others = scores.filter((_, i) => !isMember[i]).sort((a, b) => b - a);
  let wins = 0;
  for (const own of members) for (const other of others) wins += own > other ? 1 : own === other ? 0.5 : 0;
  // The highest score of the others that must not be passed.
  const barrier = others[Math.floor(others.length / 100)]!;
  return {
    auc: wins / (members.length * others.length),
    found: members.filter((score) => score > barrier).length / members.length,
  };
}

/** What was found on one seed. */
export interface MembershipResult {
  readonly rows: number;
  readonly shadows: number;
  readonly loss: Detection;
  readonly ratio: Detection;
  /** The loss of a model that was made of other rows: what it finds, it finds without knowing anything. */
  readonly blind: Detection;
  /** Of the model on its own rows and on the others. */
  readonly accuracy: readonly [own: number, others: number];
}

/** What is attacked. */
export interface MembershipSubject {
  readonly task: TaskDescription;
  readonly network: Network;
  /** Rows of which a random half makes the model, and another each shadow. */
  readonly pool: Dataset;
  readonly members: number;
  readonly rounds: number;
  readonly shadows: number;
  readonly seed: number;
}

/** Makes the model and its shadows, and attacks it by both ways. */
export function membership(subject: MembershipSubject): MembershipResult {
  const { pool, shadows, seed } = subject;
  const target = made(subject, `${seed}/target`);
  const others = Array.from({ length: shadows }, (_, k) => made(subject, `${seed}/shadow ${k}`));
  const scores = Array.from({ length: pool.count }, (_, r) => target.logits[r]!);
  const isMember = scores.map((_, r) => target.isIn[r]!);
  const hits = (inside: boolean) => {
    const rows = scores.flatMap((score, r) => (isMember[r] === inside ? [score] : []));
    return rows.filter((score) => score > 0).length / rows.length;
  };
  return {
    rows: pool.count,
    shadows,
    loss: detection(scores, isMember),
    ratio: detection(likelihoodRatios(scores, others), isMember),
    blind: detection([...others[0]!.logits], isMember),
    accuracy: [hits(true), hits(false)],
  };
}

/** A model of half of the pool, by how sure it is of each row's class. */
export interface Shadow {
  readonly isIn: readonly boolean[];
  /** `ln(p / (1 - p))` of the row's own class: it falls as the loss rises. */
  readonly logits: readonly number[];
}

/**
 * By row, the log-likelihood of a model's logit among the shadows that had the row, less that among those that had
 * not. Few shadows: one deviation for all rows of either kind, and their mean where a row has no shadow of one kind.
 */
export function likelihoodRatios(scores: readonly number[], shadows: readonly Shadow[]): number[] {
  const of = (inside: boolean) => {
    const own = scores.map((_, r) =>
      shadows.flatMap(({ isIn, logits }) => (isIn[r] === inside ? [logits[r]!] : [])),
    );
    const all = mean(own.flat());
    const means = own.map((values) => (values.length > 0 ? mean(values) : all));
    const square = own.flatMap((values, r) => values.map((x) => (x - means[r]!) ** 2));
    const degrees = own.reduce((sum, values) => sum + Math.max(0, values.length - 1), 0);
    return { means, variance: square.reduce((a, b) => a + b, 0) / Math.max(1, degrees) + 1e-9 };
  };
  const [inside, outside] = [of(true), of(false)];
  const density = (x: number, m: number, variance: number) =>
    -0.5 * Math.log(variance) - (x - m) ** 2 / (2 * variance);
  return scores.map(
    (x, r) => density(x, inside.means[r]!, inside.variance) - density(x, outside.means[r]!, outside.variance),
  );
}

/** Federated averaging (McMahan et al. 2017) of half of the pool, dealt to the members. */
function made(subject: MembershipSubject, name: string): Shadow {
  const { task, network, pool, members, rounds, seed } = subject;
  const chosen = permutation(pool.count, seeded(name, 'half')).slice(0, pool.count >> 1);
  const isIn = new Array<boolean>(pool.count).fill(false);
  for (const r of chosen) isIn[r] = true;
  const parts = partitionEvenly(take(pool, chosen), members, seed);
  let model = network.initial(seed);
  for (let round = 0; round < rounds; round++) {
    const changes = parts.map((data, i) =>
      network.train(model, data, { ...task.training, random: seeded(`${name}/${i}`, 'batches', round) }),
    );
    model = model.map((x, j) => x + changes.reduce((sum, change) => sum + change[j]!, 0) / members);
  }
  const shares = network.predict(model, pool);
  const logits = Array.from(pool.labels, (label, r) => {
    const p = Math.min(1 - 1e-7, Math.max(1e-7, shares[r * pool.classes + label]!));
    return Math.log(p / (1 - p));
  });
  return { isIn, logits };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
