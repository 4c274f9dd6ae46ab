// Plays the runs of docs/privacy.md, each once.
import { concat, permutation, seeded, startBackend, take } from '../../node/learn/index.ts';
import { PlainNetwork } from '../incentives/plain_network.ts';
import { keptResult, playMissing } from '../kept_runs.ts';
import { byDivision, bySearch, type Seen } from './invert.ts';
import { GradientMatcher } from './matching.ts';
import { type MembershipResult, membership } from './membership.ts';
import { nameOf, type Run } from './plan.ts';
import { type Recovery, recoveryOf } from './recovery.ts';
import { playRound, type Round, type Sending, seenOf, sendings } from './update.ts';
import { type AttackedWorld, openWorld, rowOf } from './worlds.ts';

/** Where runs are kept. */
export const defaultFolder = 'build/privacy';

/** How hard the search tries, and for how many rows at once; one row alone is looked for from as many beginnings. */
export const effort = { iterations: 200, rate: 0.03, rows: 5 } as const;

/** What came of the attacks on one way of sending. */
export interface AttackResult {
  readonly sending: Sending;
  /** By division; undefined where no unit's bias was carried. */
  readonly division: Recovery | undefined;
  readonly search: Recovery;
  /** The nearest candidate of either attack to the first row: 8 bits a number, base64; of digits alone. */
  readonly picture: string | undefined;
}

/** What came of one round. */
export interface InversionResult {
  readonly rows: number;
  readonly attacks: readonly AttackResult[];
  /** The mean, guessed. */
  readonly mean: Recovery;
  /** Known rows, as many as the attack by division has candidates at most. */
  readonly others: Recovery;
  /** The first row itself, as a picture. */
  readonly picture: string | undefined;
}

/** A kept run; undefined where it was not played yet. */
export function kept(folder: string, run: Run & { readonly part: 'inversion' }): InversionResult | undefined;
export function kept(
  folder: string,
  run: Run & { readonly part: 'membership' },
): MembershipResult | undefined;
export function kept(folder: string, run: Run): InversionResult | MembershipResult | undefined {
  return keptResult({ folder, nameOf }, run);
}

/** Plays what is missing of `runs`, one after the other. */
export async function playAll(
  folder: string,
  runs: readonly Run[],
  say: (line: string) => void,
): Promise<void> {
  await startBackend('wasm');
  await playMissing<Run, InversionResult | MembershipResult>({ folder, nameOf, play }, runs, say);
}

async function play(run: Run): Promise<InversionResult | MembershipResult> {
  const world = await openWorld(run.world, run.seed);
  const network = new PlainNetwork(world.task.model);
  try {
    if (run.part === 'inversion') return invert(world, network, run);
    const all = concat([...world.trainers, ...(run.world === 'clinics' ? [world.known] : [])]);
    const count = Math.min(all.count, 1000);
    const pool = take(all, permutation(all.count, seeded(run.seed, 'pool')).slice(0, count & ~1));
    const { task } = world;
    return membership({ task, network, pool, members: 5, rounds: 8, shadows: 8, seed: run.seed });
  } finally {
    network.dispose();
  }
}

function invert(
  world: AttackedWorld,
  network: PlainNetwork,
  run: Run & { part: 'inversion' },
): InversionResult {
  const { seed, local, members } = run;
  const { known, measure, guesses } = world;
  const model = network.initial(seed);
  const round = playRound(world, { network, model }, { local, members, seed });
  const truth = Array.from({ length: round.truth.count }, (_, r) => rowOf(round.truth, r));
  const probe = network.gradient(model, known).gradient;
  const matcher = new GradientMatcher(network, model);
  const isPicture = run.world === 'digits';
  const attacks = sendings.map((sending): AttackResult => {
    const seen = seenOf(world, round, { sending, probe, seed });
    const divided = byDivision(matcher, seen, world.prior);
    const searched = search({ world, matcher }, { seen, round, seed });
    return {
      sending,
      division: divided.length > 0 ? recoveryOf(truth, divided, measure) : undefined,
      search: recoveryOf(truth, searched, measure),
      picture: isPicture ? pixels(nearest(truth[0]!, [...divided, ...searched])) : undefined,
    };
  });
  const others = Array.from({ length: matcher.hiddens }, (_, k) => rowOf(known, k));
  return {
    rows: truth.length,
    attacks,
    mean: recoveryOf(truth, guesses, measure),
    others: recoveryOf(truth, others, measure),
    picture: isPicture ? pixels(truth[0]!) : undefined,
  };
}

/** Searches rows of the classes that took part; of many rows, as many as the search can bear, of random classes. */
function search(
  { world, matcher }: { readonly world: AttackedWorld; readonly matcher: GradientMatcher },
  { seen, round, seed }: { readonly seen: Seen; readonly round: Round; readonly seed: number },
): Float64Array[] {
  const { count, labels } = round.truth;
  const order = permutation(count, seeded(seed, 'searched'));
  const chosen = Array.from(order.slice(0, Math.min(count, effort.rows)), (r) => labels[r]!);
  const { prior } = world;
  const restarts = Math.floor(effort.rows / chosen.length);
  return bySearch(matcher, { seen, prior }, { ...effort, restarts, labels: chosen, seed: `${seed}/search` })
    .rows;
}

const nearest = (row: ArrayLike<number>, candidates: readonly Float64Array[]): Float64Array => {
  const distance = (of: Float64Array) => of.reduce((sum, x, j) => sum + (x - row[j]!) ** 2, 0);
  return candidates.reduce((best, one) => (distance(one) < distance(best) ? one : best));
};

const pixels = (row: ArrayLike<number>): string =>
  Buffer.from(Uint8Array.from(row, (x) => Math.round(255 * x))).toString('base64');
