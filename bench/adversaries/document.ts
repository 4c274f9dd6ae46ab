// Writes docs/adversaries.md from kept runs; what the page says in words stands in page.txt.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adversaryLines } from '../../node/cli/command/adversaries.ts';
import { demoMirroredShare } from '../../node/demo/index.ts';
import type { AdversaryName } from '../../node/simulate/index.ts';
import { keptResult, olderResult } from '../kept_runs.ts';
import { fillPage, table } from '../page.ts';
import { defences } from './defences.ts';
import { isHonest, type MemberOutcome } from './outcome.ts';
import {
  breakers,
  type FederationRun,
  learners,
  learning,
  nameOf,
  olderNames,
  pairs,
  partNames,
  type Run,
  runsOf,
  type SimulationRun,
  seeds,
  strengths,
  together,
  togetherAsRoles,
  withoutThem,
} from './plan.ts';
import type { Outcome, SimulationOutcome } from './play.ts';

const page = new URL('../../docs/adversaries.md', import.meta.url);
const template = new URL('page.txt', import.meta.url);

/** Writes the page from the runs in a folder. @returns the file written. */
export function writeDocument(folder: string): string {
  const kept = new KeptOutcomes(folder);
  const text = fillPage(readFileSync(template, 'utf8'), {
    runs: () => runsTable(kept),
    roles: () => rolesTable(kept),
    learning: () => learningTable(kept),
    strength: () => strengthTable(kept),
    together: () => togetherTable(kept),
    'together-as-roles': () => togetherAsRolesList(kept),
  });
  writeFileSync(page, text);
  return fileURLToPath(page);
}

/** What is kept of runs. */
class KeptOutcomes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A run with today's code, or else with older code; undefined where it was never played. */
  find<Of extends Run>(run: Of): Outcome<Of> | undefined {
    return this.#current(run) ?? olderResult<Outcome<Of>>(this.#folder, olderNames(run));
  }

  /** Whether what is kept of the run is of older code. */
  isOlder(run: Run): boolean {
    return this.#current(run) === undefined && this.find(run) !== undefined;
  }

  /** Of how many of the runs that were meant the figures are, where not of all with today's code. */
  note(meant: readonly Run[]): string {
    const there = meant.filter((run) => this.find(run)).length;
    const older = meant.filter((run) => this.isOlder(run)).length;
    const notes = [
      ...(there < meant.length ? [`${there} of ${meant.length} runs`] : []),
      ...(older > 0 ? [older === there ? 'older code' : `${older} with older code`] : []),
    ];
    return notes.length > 0 ? ` (${notes.join(', ')})` : '';
  }

  #current<Of extends Run>(run: Of): Outcome<Of> | undefined {
    return keptResult<Run, Outcome<Of>>({ folder: this.#folder, nameOf }, run);
  }
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const most = (values: readonly number[]): number => Math.max(0, ...values);
const fixed = (value: number): string => value.toFixed(value % 1 === 0 ? 0 : 2);
const percent = (share: number): string => (100 * share).toFixed(1);
const points = (difference: number): string => (100 * difference).toFixed(1);

/** How many of the runs the page's figures are of, part by part, and of how many seeds. */
function runsTable(kept: KeptOutcomes): string {
  const lines = partNames.map((part) => {
    const runs = runsOf(part, seeds);
    const played = runs.filter((run) => kept.find(run));
    const seeded = new Set(played.map(({ seed }) => seed));
    const older = played.filter((run) => kept.isOlder(run)).length;
    return [part, `${played.length} of ${runs.length}`, [...seeded].join(', '), `${older}`];
  });
  return table(['part', 'runs', 'of seeds', 'with older code'], lines);
}

function there<Of extends Run>(kept: KeptOutcomes, runs: readonly Of[]): Outcome<Of>[] {
  return runs.map((run) => kept.find(run)).filter((outcome) => outcome !== undefined);
}

const faultsOf = (members: readonly MemberOutcome[]): string =>
  [...new Set(members.flatMap(({ faults }) => Object.keys(faults)))].join(', ');

/** What became of each adversary in a whole federation. */
function rolesTable(kept: KeptOutcomes): string {
  const all = runsOf('roles', seeds) as FederationRun[];
  const lines = breakers.flatMap((name) => {
    const meant = all.filter(({ options }) => options.adversary[0] === name);
    const outcomes = there(kept, meant);
    if (outcomes.length === 0) return [];
    const [seat, ...what] = adversaryLines[name].split(': ');
    const own = outcomes.map(({ members }) => members.find(({ kind }) => kind === name)!);
    const honest = outcomes.flatMap(({ members }) => members.filter(isHonest));
    const rounds = outcomes.flatMap((outcome) => outcome.rounds);
    const lost = mean(own.map((member) => member.lost));
    const faults = faultsOf(own);
    return [
      [
        `\`${name}\`${kept.note(meant)}`,
        `${seat}: ${what.join(': ')}`,
        defences[name]!,
        rounds.length === 0
          ? 'none: no key'
          : `${rounds.filter((outcome) => outcome === 'accepted').length} of ${rounds.length}`,
        `${fixed(lost)}${faults ? ` (${faults})` : ''}`,
        fixed(mean(own.map(({ earned }) => earned))),
        fixed(most(honest.map((member) => member.lost))),
      ],
    ];
  });
  return table(
    [
      'adversary',
      'what it tries',
      'what stops it',
      'rounds accepted',
      'it lost',
      'it earned',
      'most that an honest member lost',
    ],
    lines,
  );
}

/** What an adversary's trainers got, and what became of the others and of the model, beside the honest runs. */
function learned(
  kept: KeptOutcomes,
  {
    runs,
    honest,
    kind,
  }: {
    readonly runs: readonly SimulationRun[];
    readonly honest: readonly SimulationRun[];
    readonly kind: string;
  },
): { readonly cells: readonly string[]; readonly note: string } | undefined {
  const both = runs.flatMap((run, i) => {
    const [outcome, beside] = [kept.find(run), kept.find(honest[i]!)];
    return outcome && beside ? [{ outcome, beside }] : [];
  });
  if (both.length === 0) return undefined;
  const of = (match: (kind: string) => boolean) =>
    both.flatMap(({ outcome }) => outcome.trainers.filter((trainer) => match(trainer.kind)));
  const own = of((each) => each === kind);
  const honestOnes = of((each) => isHonest({ kind: each }));
  const paid = both.map(({ outcome: { trainers } }) => trainers.reduce((sum, { earned }) => sum + earned, 0));
  const share = both.map(
    ({ outcome: { trainers } }, i) =>
      trainers.filter((trainer) => trainer.kind === kind).reduce((sum, { earned }) => sum + earned, 0) /
      (paid[i]! || 1),
  );
  const rounds = both.flatMap(({ outcome }) => outcome.rounds);
  return {
    note: kept.note(runs),
    cells: [
      percent(mean(share)),
      `${fixed(mean(own.map(({ strikes }) => strikes)))}, ${fixed(mean(own.map(({ held }) => held)))}`,
      `${rounds.filter((accepted) => !accepted).length} of ${rounds.length}`,
      fixed(most(honestOnes.map(({ held }) => held))),
      points(mean(both.map(({ outcome, beside }) => outcome.accuracy - beside.accuracy))),
      points(mean(both.map(({ outcome, beside }) => outcome.mirroredAccuracy - beside.mirroredAccuracy))),
    ],
  };
}

const learnedHead = [
  'its share of all pay, %',
  'its strikes, tokens held',
  'rounds rejected',
  'most held of an honest one',
  'model, points',
  'on mirrored digits, points',
];

function learningTable(kept: KeptOutcomes): string {
  const honest = seeds.map((seed) => learning(seed, []));
  const lines = learners.flatMap((kind) => {
    const found = learned(kept, { kind, honest, runs: seeds.map((seed) => learning(seed, [kind])) });
    return found ? [[`\`${kind}\`${found.note}`, ...found.cells]] : [];
  });
  return table(['adversary', ...learnedHead], lines);
}

/** Wrong data, by how many trainers have it; of the backdoor how often it works. */
function strengthTable(kept: KeptOutcomes): string {
  const honest = seeds.map((seed) => learning(seed, []));
  const clean = there(kept, honest).flatMap(({ backdoor }) => backdoor ?? []);
  const lines = (['label-flip', 'backdoor'] as const).flatMap((kind) =>
    strengths.flatMap((count) => {
      const runs = seeds.map((seed) => learning(seed, Array<AdversaryName>(count).fill(kind)));
      const found = learned(kept, { kind, honest, runs });
      if (!found) return [];
      const works = there(kept, runs).flatMap(({ backdoor }) => backdoor ?? []);
      const success = kind === 'backdoor' ? `${percent(mean(works))} (${percent(mean(clean))} without)` : '';
      return [[`\`${kind}\`, ${count} of 7${found.note}`, ...found.cells, success]];
    }),
  );
  return table(['adversary', ...learnedHead, 'backdoor works, %'], lines);
}

function togetherTable(kept: KeptOutcomes): string {
  const rows = [
    ...pairs.map((pair) => ({
      name: pair.map((name) => `\`${name}\``).join(' and '),
      of: (seed: number) => together(seed, pair),
    })),
    { name: 'two that are not there', of: withoutThem },
  ];
  const lines = rows.flatMap(({ name, of }) => {
    const both = seeds.flatMap((seed) => {
      const [outcome, honest] = [kept.find(of(seed)), kept.find(together(seed, []))];
      return outcome && honest ? [{ outcome, honest }] : [];
    });
    if (both.length === 0) return [];
    const lost = (measure: (outcome: SimulationOutcome) => number): string => {
      const falls = both.map(({ outcome, honest }) => measure(honest) - measure(outcome));
      return `${points(Math.min(...falls))} to ${points(Math.max(...falls))}`;
    };
    const held = both.flatMap(({ outcome }) =>
      outcome.trainers.filter((trainer) => isHonest(trainer)).map((trainer) => trainer.held),
    );
    return [
      [
        `${name}${kept.note(seeds.map(of))}`,
        percent(mean(both.map(({ honest }) => honest.accuracy))),
        percent(mean(both.map(({ outcome }) => outcome.accuracy))),
        lost(({ accuracy }) => accuracy),
        lost(onHoldOuts),
        fixed(most(held)),
      ],
    ];
  });
  return table(
    [
      'two of seven trainers',
      'honest run, %',
      'with them, %',
      'points lost, plain digits',
      'points lost, digits as in the hold-outs',
      'most held of an honest one',
    ],
    lines,
  );
}

/** Accuracy on digits of which as many are mirrored as in the validators' hold-outs, by which the task is judged. */
const onHoldOuts = ({ accuracy, mirroredAccuracy }: SimulationOutcome): number =>
  (1 - demoMirroredShare) * accuracy + demoMirroredShare * mirroredAccuracy;

function togetherAsRolesList(kept: KeptOutcomes): string {
  const outcome = kept.find(togetherAsRoles);
  if (!outcome) return '- not played yet';
  const honest = outcome.members.filter(isHonest);
  const others = outcome.members.filter((member) => !isHonest(member));
  const accepted = outcome.rounds.filter((round) => round === 'accepted').length;
  return [
    `- rounds accepted: ${accepted} of ${outcome.rounds.length}`,
    ...others.map(
      ({ kind, lost, earned }) => `- \`${kind}\` lost ${fixed(lost)} and earned ${fixed(earned)}`,
    ),
    `- most that an honest member lost: ${fixed(most(honest.map(({ lost }) => lost)))}`,
  ].join('\n');
}
