// The runs of docs/incentives.md, in parts that can be made one by one.
import type { ClueFamily } from '../../node/protocol/index.ts';
import { clueFamilies } from '../../node/protocol/index.ts';
import type { AdversaryName, SimulationInput } from '../../node/simulate/index.ts';

/** Raised where a change to learning or to the rule makes kept runs wrong. */
const edition = 2;

/** Seeds of the document; the adversaries and the rule's numbers were chosen on others. */
export const seeds = [1, 2, 3, 4, 5] as const;

/** Worlds: the demonstration's digits, and four hospitals with hold-outs mixed or of one hospital each. */
export type WorldName = 'digits' | 'clinics' | 'clinics-own';

/** One run. */
export interface Run {
  readonly world: WorldName;
  readonly adversary: AdversaryName | 'honest';
  readonly corrupt: number;
  readonly votes: NonNullable<SimulationInput['corruptVotes']>;
  readonly validators: number;
  readonly selector: 'leader' | 'probe';
  readonly rounds: number;
  readonly seed: number;
  /** How the rule is changed, for ablation. */
  readonly without: ClueFamily | 'clues' | 'groups' | 'strikes_on_innovation' | undefined;
  readonly only: readonly ClueFamily[] | undefined;
  readonly mirroredShare: number | undefined;
}

/** A part of the document. */
export const partNames = ['story', 'adversaries', 'strikes', 'ablation', 'sensitivity'] as const;
/** One of {@link partNames}. */
export type PartName = (typeof partNames)[number];

/** The adversaries of the tables, with the validators that work for them. */
export const rows: readonly (Pick<Run, 'adversary'> &
  Partial<Pick<Run, 'corrupt' | 'votes' | 'validators'>>)[] = [
  { adversary: 'honest' },
  { adversary: 'noise' },
  { adversary: 'opposite' },
  { adversary: 'label-flip' },
  { adversary: 'backdoor' },
  { adversary: 'replay-aggregate' },
  { adversary: 'replay-probe' },
  { adversary: 'ridge' },
  { adversary: 'ridge-innovation' },
  { adversary: 'ridge-wide' },
  { adversary: 'lazy' },
  { adversary: 'on-off' },
  { adversary: 'idle' },
  { adversary: 'sybil' },
  { adversary: 'leak', corrupt: 1 },
  { adversary: 'grab', corrupt: 1 },
  { adversary: 'grab', corrupt: 1, votes: 'for' },
  { adversary: 'grab', corrupt: 2 },
  { adversary: 'grab-veto-ridge', corrupt: 1 },
  { adversary: 'grab-veto-ridge', corrupt: 2, validators: 10 },
  { adversary: 'target', corrupt: 1 },
  { adversary: 'target', corrupt: 1, votes: 'against' },
  { adversary: 'target', corrupt: 2, validators: 10 },
  { adversary: 'shield', corrupt: 1 },
];

const base = {
  world: 'digits',
  adversary: 'honest',
  corrupt: 0,
  votes: 'honest',
  validators: 6,
  selector: 'leader',
  rounds: 16,
  without: undefined,
  only: undefined,
  mirroredShare: undefined,
} as const;

const roundsOf: Readonly<Record<WorldName, number>> = { digits: 16, clinics: 10, 'clinics-own': 10 };
const selectors = ['leader', 'probe'] as const;

/** Whom strikes are for, and whom they must spare. */
export const struck = ['honest', 'opposite', 'label-flip'] as const;

/** The adversaries that a part of the rule is for. */
export const ablated = {
  clues: ['replay-aggregate', 'replay-probe', 'ridge', 'ridge-innovation', 'ridge-wide'],
  groups: ['grab', 'leak', 'target'],
} as const satisfies Record<string, readonly AdversaryName[]>;

/** A guess beside a validator that takes its own probe out of what is paid: it looks where the others do not. */
export const guessBesideGrab = { adversary: 'grab-veto-ridge', corrupt: 1 } as const satisfies Partial<Run>;

type Maker = (over: Partial<Run>) => Run;

const makers: Readonly<Record<PartName, (run: Maker) => Run[]>> = {
  story: (run) => selectors.map((selector) => run({ rounds: 40, selector })),
  adversaries: (run) =>
    (['clinics', 'digits'] as const).flatMap((world) =>
      rows.flatMap((row) =>
        selectors.map((selector) => run({ world, rounds: roundsOf[world], selector, ...row })),
      ),
    ),
  strikes: (run) =>
    (['clinics', 'digits'] as const).flatMap((world) =>
      struck.flatMap((adversary) =>
        ([undefined, 'strikes_on_innovation'] as const).map((without) =>
          run({ world, adversary, rounds: world === 'digits' ? 24 : roundsOf[world], without }),
        ),
      ),
    ),
  ablation: (run) =>
    (['clinics', 'digits'] as const).flatMap((world) => {
      const here = (over: Partial<Run>) => run({ world, rounds: roundsOf[world], ...over });
      return [
        ...ablated.clues.flatMap((adversary) =>
          (['clues', ...clueFamilies] as const).map((without) => here({ adversary, without })),
        ),
        ...(['clues', ...clueFamilies] as const).map((without) => here({ ...guessBesideGrab, without })),
        ...ablated.groups.map((adversary) => here({ adversary, corrupt: 1, without: 'groups' })),
        here({ without: 'clues' }),
        here({ without: 'groups' }),
      ];
    }),
  sensitivity: (run) => [
    ...[2, 4, 8, 10, 14].flatMap((validators) => [
      run({ validators }),
      run({ validators, adversary: 'grab', corrupt: 1 }),
      run({ validators, adversary: 'opposite' }),
    ]),
    ...[0, 0.05, 0.5].map((mirroredShare) => run({ mirroredShare })),
    ...(['honest', 'opposite', 'label-flip'] as const).map((adversary) =>
      run({ world: 'clinics-own', rounds: roundsOf['clinics-own'], validators: 8, adversary }),
    ),
  ],
};

/** All runs of a part, with some seeds. */
export const runsOf = (part: PartName, chosen: readonly number[]): Run[] =>
  chosen.flatMap((seed) => makers[part]((over) => ({ ...base, seed, ...over })));

/** A run's name, which is also its file's. */
export const nameOf = (run: Run): string =>
  [
    run.world,
    run.adversary,
    `${run.corrupt}of${run.validators}`,
    run.votes,
    run.selector,
    `${run.rounds}r`,
    ...(run.without ? [`without_${run.without}`] : []),
    ...(run.only ? [`only_${run.only.join('_')}`] : []),
    ...(run.mirroredShare === undefined ? [] : [`m${run.mirroredShare}`]),
    `s${run.seed}`,
    `e${edition}`,
  ].join('-');
