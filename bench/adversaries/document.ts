// Writes docs/adversaries.md from kept runs; what the page says in words stands in page.txt.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adversaryLines } from '../../node/cli/command/adversaries.ts';
import type { AdversaryName } from '../../node/simulate/index.ts';
import { keptResult } from '../kept_runs.ts';
import { fillPage, table } from '../page.ts';
import { defences } from './defences.ts';
import { isHonest, type MemberOutcome } from './outcome.ts';
import {
  breakers,
  type FederationRun,
  learners,
  learning,
  nameOf,
  pairs,
  partNames,
  type Run,
  runsOf,
  type SimulationRun,
  seeds,
  strengths,
  together,
  togetherAsRoles,
} from './plan.ts';
import type { Outcome } from './play.ts';

const page = new URL('../../docs/adversaries.md', import.meta.url);
const template = new URL('page.txt', import.meta.url);

/** Writes the page from the runs in a folder. @returns the file written. */
export function writeDocument(folder: string): string {
  const find: Find = (run) => keptResult({ folder, nameOf }, run);
  const text = fillPage(readFileSync(template, 'utf8'), {
    runs: () => runsLine(find),
    roles: () => rolesTable(find),
    learning: () => learningTable(find),
    strength: () => strengthTable(find),
    together: () => togetherTable(find),
    'together-as-roles': () => togetherAsRolesList(find),
  });
  writeFileSync(page, text);
  return fileURLToPath(page);
}

/** Finds what is kept of a run. */
type Find = <Of extends Run>(run: Of) => Outcome<Of> | undefined;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const most = (values: readonly number[]): number => Math.max(0, ...values);
const fixed = (value: number): string => value.toFixed(value % 1 === 0 ? 0 : 2);
const percent = (share: number): string => (100 * share).toFixed(1);
const points = (difference: number): string => (100 * difference).toFixed(1);
const note = (there: number, meant: number): string =>
  there === meant ? '' : ` (${there} of ${meant} runs)`;

/** How many of the runs the page's figures are of, part by part. */
function runsLine(find: Find): string {
  const count = (part: (typeof partNames)[number]) => {
    const runs = runsOf(part, seeds);
    return `${part} ${runs.filter(find).length} of ${runs.length}`;
  };
  return `Runs: ${partNames.map(count).join(', ')}.`;
}

function there<Of extends Run>(find: Find, runs: readonly Of[]): Outcome<Of>[] {
  return runs.map((run) => find(run)).filter((outcome) => outcome !== undefined);
}

const faultsOf = (members: readonly MemberOutcome[]): string =>
  [...new Set(members.flatMap(({ faults }) => Object.keys(faults)))].join(', ');

/** What became of each adversary in a whole federation. */
function rolesTable(find: Find): string {
  const all = runsOf('roles', seeds) as FederationRun[];
  const lines = breakers.flatMap((name) => {
    const meant = all.filter(({ options }) => options.adversary[0] === name);
    const outcomes = there(find, meant);
    if (outcomes.length === 0) return [];
    const [seat, ...what] = adversaryLines[name].split(': ');
    const own = outcomes.map(({ members }) => members.find(({ kind }) => kind === name)!);
    const honest = outcomes.flatMap(({ members }) => members.filter(isHonest));
    const rounds = outcomes.flatMap((outcome) => outcome.rounds);
    const lost = mean(own.map((member) => member.lost));
    const faults = faultsOf(own);
    return [
      [
        `\`${name}\`${note(outcomes.length, meant.length)}`,
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
  find: Find,
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
    const [outcome, beside] = [find(run), find(honest[i]!)];
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
    note: note(both.length, runs.length),
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

function learningTable(find: Find): string {
  const honest = seeds.map((seed) => learning(seed, []));
  const lines = learners.flatMap((kind) => {
    const found = learned(find, { kind, honest, runs: seeds.map((seed) => learning(seed, [kind])) });
    return found ? [[`\`${kind}\`${found.note}`, ...found.cells]] : [];
  });
  return table(['adversary', ...learnedHead], lines);
}

/** Wrong data, by how many trainers have it; of the backdoor how often it works. */
function strengthTable(find: Find): string {
  const honest = seeds.map((seed) => learning(seed, []));
  const clean = there(find, honest).flatMap(({ backdoor }) => backdoor ?? []);
  const lines = (['label-flip', 'backdoor'] as const).flatMap((kind) =>
    strengths.flatMap((count) => {
      const runs = seeds.map((seed) => learning(seed, Array<AdversaryName>(count).fill(kind)));
      const found = learned(find, { kind, honest, runs });
      if (!found) return [];
      const works = there(find, runs).flatMap(({ backdoor }) => backdoor ?? []);
      const success = kind === 'backdoor' ? `${percent(mean(works))} (${percent(mean(clean))} without)` : '';
      return [[`\`${kind}\`, ${count} of 7${found.note}`, ...found.cells, success]];
    }),
  );
  return table(['adversary', ...learnedHead, 'backdoor works, %'], lines);
}

function togetherTable(find: Find): string {
  const lines = pairs.flatMap((pair) => {
    const both = seeds.flatMap((seed) => {
      const [outcome, honest] = [find(together(seed, pair)), find(together(seed, []))];
      return outcome && honest ? [{ outcome, honest }] : [];
    });
    if (both.length === 0) return [];
    const falls = both.map(({ outcome, honest }) => honest.accuracy - outcome.accuracy);
    const held = both.flatMap(({ outcome }) =>
      outcome.trainers.filter((trainer) => isHonest(trainer)).map((trainer) => trainer.held),
    );
    return [
      [
        `${pair.map((name) => `\`${name}\``).join(' and ')}${note(both.length, seeds.length)}`,
        percent(mean(both.map(({ honest }) => honest.accuracy))),
        percent(mean(both.map(({ outcome }) => outcome.accuracy))),
        `${points(Math.min(...falls))} to ${points(Math.max(...falls))}`,
        fixed(most(held)),
      ],
    ];
  });
  return table(
    ['two of seven trainers', 'honest run, %', 'with them, %', 'points lost', 'most held of an honest one'],
    lines,
  );
}

function togetherAsRolesList(find: Find): string {
  const outcome = find(togetherAsRoles);
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
