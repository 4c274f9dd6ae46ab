// The tables of docs/privacy.md.
import { table } from '../page.ts';
import type { MembershipResult } from './membership.ts';
import { memberCounts, partNames, type Run, runsOf, seeds } from './plan.ts';
import { type InversionResult, kept } from './play.ts';
import type { Recovery } from './recovery.ts';
import { type LocalName, locals, type Sending, sendings } from './update.ts';
import { clinicColumns, type WorldName } from './worlds.ts';

type Inversion = Run & { readonly part: 'inversion' };

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0)} %`;

/** The kept rounds of one kind, one a seed. */
function rounds(folder: string, of: Pick<Inversion, 'world' | 'local' | 'members'>): InversionResult[] {
  return seeds.long.flatMap((seed) => kept(folder, { part: 'inversion', seed, ...of }) ?? []);
}

const sent = ({ density, noise }: Sending): string =>
  `${density === undefined ? 'as it is' : `${100 * density} %, 8 bits`}${noise ? ', noise' : ''}`;

const shareOf = (found: readonly Recovery[]): number => mean(found.map(({ share }) => share));
const errorOf = (found: readonly Recovery[]): number => mean(found.map(({ error }) => error));
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Recovered rows and the error, of one kind of result, over the seeds. */
const shown = (all: readonly (Recovery | undefined)[]): string => {
  const there = all.filter((one) => one !== undefined);
  if (there.length === 0) return 'none';
  return `${percent(shareOf(there))}, ${errorOf(there).toFixed(2)}`;
};

/** What both attacks recover, and what is found without any. */
export function inversionTable(folder: string, world: WorldName): string {
  const lines = (Object.keys(locals) as LocalName[]).flatMap((local) =>
    memberCounts.flatMap((members) => {
      const results = rounds(folder, { world, local, members });
      if (results.length === 0) return [];
      const rows = `${local}, ${members === 1 ? 'one member' : `${members} members`}`;
      const count = Math.round(mean(results.map((one) => one.rows)));
      const size = `${counted(count, 'row')}, ${counted(results.length, 'seed')}`;
      const blind = [shown(results.map(({ mean }) => mean)), shown(results.map(({ others }) => others))];
      return sendings.map((sending, i) => [
        i === 0 ? `${rows} (${size})` : '',
        sent(sending),
        shown(results.map(({ attacks }) => attacks[i]!.division)),
        shown(results.map(({ attacks }) => attacks[i]!.search)),
        ...(i === 0 ? blind : ['', '']),
      ]);
    }),
  );
  return table(['what is opened', 'sent', 'division', 'search', 'the mean, guessed', 'other rows'], lines);
}

/** By column, the error of one update of one row, as it is and in 8 bits, and of a round's sum of five. */
export function columnTable(folder: string): string {
  const kinds = [
    { local: 'one row', members: 1, sending: 0 },
    { local: 'one row', members: 1, sending: 1 },
    { local: 'one row', members: 1, sending: 4 },
    { local: 'a round', members: 1, sending: 0 },
    { local: 'a round', members: 5, sending: 0 },
  ] as const;
  const found = kinds.map((kind) => rounds(folder, { world: 'clinics', ...kind }));
  const cell = (
    results: readonly InversionResult[],
    of: (one: InversionResult) => Recovery | undefined,
    at: number,
  ) => {
    const there = results.flatMap((one) => of(one) ?? []);
    return there.length === 0 ? 'none' : mean(there.map(({ columns }) => columns[at]!)).toFixed(2);
  };
  const titles = kinds.map(({ local, members, sending }) => {
    const whose = members === 1 ? 'one member' : `${members} members`;
    return `${local}, ${whose}, ${sent(sendings[sending]!)}`;
  });
  const head = ['column', ...titles, 'the mean, guessed', 'other rows'];
  return table(
    head,
    clinicColumns().map(({ name, at }) => [
      name,
      ...kinds.map(({ sending }, k) => cell(found[k]!, ({ attacks }) => attacks[sending]!.division, at)),
      cell(found[3]!, (one) => one.mean, at),
      cell(found[3]!, (one) => one.others, at),
    ]),
  );
}

/** The deviate of Student's law below which 97.5 % lie, by degrees of freedom. */
const student = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

/** A mean over seeds with its interval of 95 %; one seed has none. */
export function interval(values: readonly number[], format: (x: number) => string): string {
  const m = mean(values);
  if (values.length < 2) return format(m);
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - m) ** 2, 0) / (values.length - 1));
  const half = (student[values.length - 2]! * spread) / Math.sqrt(values.length);
  return `${format(m)} (${format(m - half)} to ${format(m + half)})`;
}

/** Who took part, by both tests, and by a model that cannot know. */
export function membershipTable(folder: string): string {
  const lines = (['digits', 'clinics'] as const).flatMap((world) => {
    const all = seeds.long.flatMap((seed) => kept(folder, { part: 'membership', world, seed }) ?? []);
    if (all.length === 0) return [];
    const { rows, shadows } = all[0]!;
    const accuracy = (i: 0 | 1) => percent(mean(all.map((one) => one.accuracy[i])));
    const line = (name: string, of: 'loss' | 'ratio' | 'blind') => [
      world,
      name,
      interval(
        all.map((one: MembershipResult) => one[of].auc),
        (x) => x.toFixed(2),
      ),
      interval(
        all.map((one) => 100 * one[of].found),
        (x) => `${x.toFixed(1)} %`,
      ),
      of === 'loss' ? `${rows} rows, ${counted(all.length, 'seed')}; ${accuracy(0)} and ${accuracy(1)}` : '',
    ];
    return [
      line('loss', 'loss'),
      line(`likelihood ratio, ${shadows} shadows`, 'ratio'),
      line('loss of a model of other rows', 'blind'),
    ];
  });
  return table(
    ['rows', 'test', 'area under the curve', 'found at 1 % false alarms', 'of; right on own and others'],
    lines,
  );
}

/** Of the two worlds, what the extremes came to: the figures that the page begins with. */
export function shortTable(folder: string): string {
  const kinds = [
    { local: 'one row', members: 1, sending: 0 },
    { local: 'one row', members: 5, sending: 0 },
    { local: 'one row', members: 1, sending: 2 },
    { local: 'one row', members: 1, sending: 4 },
    { local: 'a round', members: 1, sending: 0 },
    { local: 'a round', members: 5, sending: 2 },
  ] as const;
  const lines = kinds.map(({ local, members, sending }) => [
    `${local}, ${members === 1 ? 'one member' : `${members} members`}, ${sent(sendings[sending]!)}`,
    ...(['digits', 'clinics'] as const).flatMap((world) => {
      const all = rounds(folder, { world, local, members });
      if (all.length === 0) return ['not run', 'not run'];
      const better = (...ways: readonly ((one: InversionResult) => Recovery | undefined)[]) =>
        ways
          .map((of) => all.flatMap((one) => of(one) ?? []))
          .filter((found) => found.length > 0)
          .toSorted((x, y) => shareOf(y) - shareOf(x) || errorOf(x) - errorOf(y))[0];
      return [
        shown(
          better(
            ({ attacks }) => attacks[sending]!.division,
            ({ attacks }) => attacks[sending]!.search,
          )!,
        ),
        shown(
          better(
            (one) => one.mean,
            (one) => one.others,
          )!,
        ),
      ];
    }),
  ]);
  const head = [
    'recovered share, error',
    'digits',
    'without an attack',
    'clinical rows',
    'without an attack',
  ];
  return table(head, lines);
}

/** How many of the runs the page's figures are of, part by part. */
export function runsLine(folder: string): string {
  const count = (form: keyof typeof seeds) =>
    partNames
      .map((part) => {
        const runs = runsOf(part, seeds[form]);
        const there = runs.filter((run) => kept(folder, run as Inversion) !== undefined).length;
        return `${part} ${there} of ${runs.length}`;
      })
      .join(', ');
  const [short, long] = [seeds.short.length, seeds.long.length];
  return [
    `Runs of the short form, ${short} seeds: ${count('short')};`,
    `of the long one, ${long} seeds: ${count('long')}.`,
  ].join('\n');
}
