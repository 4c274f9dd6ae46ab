// The runs of docs/adversaries.md, in parts that can be made one by one: whole federations for what is about
// cryptography and protocol, the simulation for what is about learning.
import { type AdversaryRole, adversaryRoles } from '../../node/demo/index.ts';
import type { LocalInput } from '../../node/local/index.ts';
import type { AdversaryName, SimulationInput } from '../../node/simulate/index.ts';

/**
 * Raised where a change of code may change what a run comes to; runs of before are shown as such until they are played
 * anew. Federations: 2, content can be excluded and members disputed. Simulations of small models: 2, training written
 * anew, with another order of additions.
 */
const editionOf = ({ kind, options }: Run): number =>
  kind === 'simulation' && options.preset === 'base' ? 1 : 2;

/** Seeds of the document. */
export const seeds = [1, 2, 3] as const;

/** A whole federation. */
export interface FederationRun {
  readonly kind: 'federation';
  readonly seed: number;
  readonly options: LocalInput & { readonly adversary: readonly AdversaryRole[] };
}

/** A simulation. */
export interface SimulationRun {
  readonly kind: 'simulation';
  readonly seed: number;
  readonly options: SimulationInput & { readonly adversary: readonly AdversaryName[] };
}

/** One run. */
export type Run = FederationRun | SimulationRun;

/** A part of the document. */
export const partNames = ['roles', 'learning', 'strength', 'together'] as const;
/** One of {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** Adversaries that are about learning: the simulation plays them, far cheaper, on larger models. */
export const learners = [
  'noise',
  'opposite',
  'label-flip',
  'backdoor',
  'replay-aggregate',
  'replay-probe',
  'shield',
] as const satisfies readonly AdversaryName[];

/** Adversaries that break what is proven, signed, shown or voted: whole federations play them. */
export const breakers = adversaryRoles.filter((name) => !(learners as readonly string[]).includes(name));

/** Seconds that a phase may take where somebody keeps the others waiting. */
const waiting: Partial<Record<AdversaryRole, number>> = {
  'bad-share': 60,
  silent: 30,
  'withhold-key': 15,
  'withhold-ciphertext': 40,
  'withhold-proposal': 40,
  'bad-ciphertext': 40,
  'other-vector': 40,
};

/** Of a federation for one adversary; without any, the honest run beside it. */
const federation = (seed: number, adversary: readonly AdversaryRole[]): FederationRun => ({
  kind: 'federation',
  seed,
  options: {
    preset: 'tiny',
    // What keeps sums closed is left out after three rounds at most, of five trainers.
    rounds: adversary.includes('other-vector') ? 6 : 2,
    trainers: adversary.includes('other-vector') ? 5 : 4,
    validators: adversary.some((name) => ['lazy-vote', 'biased-probe', 'empty-support'].includes(name))
      ? 6
      : 2,
    phase: Math.min(...adversary.map((name) => waiting[name] ?? 600)),
    adversary,
  },
});

const simulated = (seed: number, options: Omit<SimulationRun['options'], 'seed'>): SimulationRun => ({
  kind: 'simulation',
  seed,
  options: { preset: 'quick', rounds: 16, trainers: 7, validators: 6, selector: 'probe', ...options },
});

/** A learner in the simulation; a shield has a validator that shields it. */
export const learning = (seed: number, adversary: readonly AdversaryName[]): SimulationRun =>
  simulated(seed, { adversary, corrupt: adversary.includes('shield') ? 1 : 0 });

/** Adversaries whose data are wrong, by how many of seven trainers do it. */
export const strengths = [1, 2, 3] as const;

/** Pairs of adversaries of different kinds among seven trainers, beside one validator of six that votes against. */
export const pairs = [
  ['grab', 'refused'],
  ['noise', 'refused'],
  ['replay-probe', 'backdoor'],
  ['grab', 'label-flip'],
  ['opposite', 'noise'],
] as const satisfies readonly (readonly AdversaryName[])[];

/** Ten rounds of the demonstration's own model. */
export const together = (seed: number, adversary: readonly AdversaryName[], trainers = 7): SimulationRun =>
  simulated(seed, {
    preset: 'base',
    rounds: 10,
    trainers,
    adversary,
    corrupt: adversary.length > 0 ? 1 : 0,
    corruptVotes: 'against',
  });

/** The honest five without the two that cheat: what is lost when two are merely away. */
export const withoutThem = (seed: number): SimulationRun => together(seed, [], 5);

/** The same with real roles. */
export const togetherAsRoles: FederationRun = {
  kind: 'federation',
  seed: 2,
  options: {
    preset: 'tiny',
    rounds: 10,
    trainers: 7,
    validators: 6,
    adversary: ['garbage-proof', 'label-flip', 'biased-probe'],
  },
};

const makers: Readonly<Record<PartName, (seed: number) => Run[]>> = {
  roles: (seed) => breakers.map((name) => federation(seed, [name])),
  learning: (seed) => [[], ...learners.map((name) => [name])].map((names) => learning(seed, names)),
  strength: (seed) =>
    (['label-flip', 'backdoor'] as const).flatMap((name) =>
      strengths.map((count) => learning(seed, Array<AdversaryName>(count).fill(name))),
    ),
  together: (seed) => [
    ...[[], ...pairs].map((names) => together(seed, names)),
    withoutThem(seed),
    ...(seed === togetherAsRoles.seed ? [togetherAsRoles] : []),
  ],
};

/** All runs of a part, with some seeds. */
export const runsOf = (part: PartName, chosen: readonly number[]): Run[] => chosen.flatMap(makers[part]);

/** A run's name, which is also its file's, with today's code. */
export const nameOf = (run: Run): string => namedIn(run, editionOf(run));

/** The names that the run had with older code, the latest first. */
export const olderNames = (run: Run): string[] =>
  Array.from({ length: editionOf(run) - 1 }, (_, i) => namedIn(run, editionOf(run) - 1 - i));

const namedIn = ({ kind, seed, options }: Run, edition: number): string => {
  const { adversary, preset, rounds, trainers, validators } = options;
  const who = adversary.length > 0 ? adversary.join('_') : 'honest';
  return [kind, who, preset, `${rounds}r`, `${trainers}t${validators}v`, `s${seed}`, `e${edition}`].join('-');
};
