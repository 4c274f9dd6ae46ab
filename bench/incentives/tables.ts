// The tables of docs/incentives.md, from kept runs.
import { clueFamilies, type ScorePolicy } from '../../node/protocol/index.ts';
import { table } from '../page.ts';
import { ablated, guessBesideGrab, type Run, rows, runsOf, struck, type WorldName } from './plan.ts';
import { type RunRecord, settledBy } from './record.ts';

/** Finds kept runs. */
export type Find = (run: Run) => RunRecord | undefined;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / (values.length || 1);
const percent = (x: number): string => (100 * x).toFixed(0);
const range = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((x) => x.toFixed(0));
  return low === high ? `${low}` : `${low} to ${high}`;
};

/** The honest trainers that are no minority. */
const plainOf = ({ trainers, minority, adversary }: RunRecord): number[] =>
  trainers.map((_, i) => i).filter((i) => i !== minority && !adversary.includes(i));

const adversaryShare = (run: RunRecord, share = run.trainers.map((t) => t.share)): number =>
  run.adversary.reduce((sum, i) => sum + share[i]!, 0);

/** Runs of a row that are there, and how many were meant to be. */
function found(find: Find, runs: readonly Run[]): { runs: RunRecord[]; note: string } {
  const there = runs.map(find).filter((run) => run !== undefined);
  return {
    runs: there,
    note: there.length === runs.length ? '' : ` (${there.length} of ${runs.length} runs)`,
  };
}

const isHonest = (run: RunRecord, i: number) => !run.adversary.includes(i);

/** Every adversary in a world: its share, and what the honest trainers got and lost. */
export function adversaryTable(find: Find, world: WorldName, seeds: readonly number[]): string {
  const all = runsOf('adversaries', seeds).filter((run) => run.world === world);
  const lines = rows.flatMap((row) => {
    const { corrupt = 0, votes = 'honest', validators = 6, adversary } = row;
    const meant = all.filter(
      (run) =>
        run.adversary === adversary &&
        run.corrupt === corrupt &&
        run.votes === votes &&
        run.validators === validators,
    );
    const { runs, note } = found(find, meant);
    if (runs.length === 0) return [];
    const shares = runs.map((run) => adversaryShare(run));
    const last = runs.map((run) => run.rounds.at(-1)!);
    const who = [
      adversary,
      ...(corrupt ? [`${corrupt} of ${validators}`] : []),
      ...(votes === 'honest' ? [] : [`votes ${votes}`]),
    ];
    const ejected = runs.filter((run) => run.adversary.some((i) => run.trainers[i]!.ejected)).length;
    const honestHeld = runs.map((run) =>
      Math.max(...run.trainers.map((t, i) => (isHonest(run, i) ? t.mostHeld : 0))),
    );
    const honestOut = runs.filter((run) => run.trainers.some((t, i) => isHonest(run, i) && t.ejected)).length;
    const backdoors = runs.map((run) => run.backdoor).filter((share) => share !== undefined);
    return [
      [
        `${who.join(', ')}${note}`,
        runs[0]!.adversary.length ? `${percent(mean(shares))} (${percent(Math.max(...shares))})` : '',
        runs[0]!.adversary.length ? `${ejected} of ${runs.length}` : '',
        percent(mean(runs.map((run) => mean(plainOf(run).map((i) => run.trainers[i]!.share))))),
        percent(mean(runs.map((run) => run.trainers[run.minority!]!.share))),
        Math.max(...honestHeld).toFixed(1),
        `${honestOut} of ${runs.length}`,
        `${percent(mean(last.map((r) => r.accuracy)))} / ${percent(mean(last.map((r) => r.minorityAccuracy)))}`,
        ...(world === 'digits' ? [backdoors.length ? percent(mean(backdoors)) : ''] : []),
      ],
    ];
  });
  const head = [
    'adversary',
    'its share, % (most)',
    'ejected',
    'a plain one, %',
    'the minority, %',
    'most held of an honest one',
    'honest ones ejected',
    'accuracy, all / minority, %',
  ];
  return table(world === 'digits' ? [...head, 'backdoor, %'] : head, lines);
}

/** What guesses get where a family of clues, or all of them, is left in the references. */
export function clueTable(find: Find, world: WorldName, seeds: readonly number[]): string {
  const all = runsOf('ablation', seeds).filter((run) => run.world === world);
  const whole = runsOf('adversaries', seeds).filter(
    (run) => run.world === world && run.selector === 'leader' && run.validators === 6,
  );
  const guesses = [...ablated.clues, guessBesideGrab.adversary];
  const cell = (runs: readonly Run[]): string => {
    const { runs: there, note } = found(find, runs);
    return there.length ? `${percent(mean(there.map((run) => adversaryShare(run))))}${note}` : '';
  };
  return table(
    ['left in the references', ...guesses],
    [
      ['nothing', ...guesses.map((adversary) => cell(whole.filter((run) => run.adversary === adversary)))],
      ...(['clues', ...clueFamilies] as const).map((without) => [
        without === 'clues' ? 'everything public' : without,
        ...guesses.map((adversary) =>
          cell(all.filter((run) => run.adversary === adversary && run.without === without)),
        ),
      ]),
    ],
  );
}

type Change = Partial<ScorePolicy> & { readonly debts?: boolean };

/** Other numbers of the rule, over the same figures. */
const changes: readonly (readonly [name: string, Change])[] = [
  ['the rule', {}],
  ['no toll', { toll: 0 }],
  ['toll 5', { toll: 5 }],
  ['toll 15', { toll: 15 }],
  ['no debt', { debts: false }],
  ['no credit', { reserve: 0 }],
  ['reserve 10', { reserve: 10 }],
  ['reserve 28', { reserve: 28 }],
  ['cap 24', { cap: 24 }],
  ['cap 64', { cap: 64 }],
  ['no cap', { cap: 127 }],
];

const payers = [
  'noise',
  'ridge-innovation',
  'ridge-wide',
  'lazy',
  'on-off',
  'idle',
  'leak',
  'sybil',
] as const;

/** What each number of the pay buys: shares, in percent, of adversaries and of honest trainers. */
export function payTable(find: Find, world: WorldName, seeds: readonly number[]): string {
  const all = runsOf('adversaries', seeds).filter((run) => run.world === world && run.votes === 'honest');
  const runs = (adversary: Run['adversary']) =>
    found(
      find,
      all.filter((run) => run.adversary === adversary),
    ).runs;
  return table(
    ['rule', 'a plain one', 'the minority', ...payers],
    changes.map(([name, change]) => {
      const honest = runs('honest').map((run) => ({ run, ...settledBy(run, change) }));
      if (honest.length === 0) return [name, ...Array<string>(2 + payers.length).fill('')];
      return [
        name,
        percent(mean(honest.map(({ run, share }) => mean(plainOf(run).map((i) => share[i]!))))),
        percent(mean(honest.map(({ run, share }) => share[run.minority!]!))),
        ...payers.map((adversary) => {
          const there = runs(adversary);
          return there.length
            ? percent(mean(there.map((run) => adversaryShare(run, [...settledBy(run, change).share]))))
            : '';
        }),
      ];
    }),
  );
}

/** How many strikes fall at another phi: on adversaries, on the minority, on the most struck plain one. */
export function phiTable(find: Find, seeds: readonly number[]): string {
  const all = runsOf('adversaries', seeds).filter((run) => run.votes === 'honest' && run.validators === 6);
  const lines = [6000, 7500, 8500, 9500].map((phi) => [
    (phi / 10_000).toFixed(2),
    ...(['digits', 'clinics'] as const).flatMap((world) => {
      const runs = (adversary: Run['adversary']) =>
        found(
          find,
          all.filter((run) => run.world === world && run.adversary === adversary),
        ).runs.map((run) => ({ run, ...settledBy(run, { phi }) }));
      const honest = runs('honest');
      if (honest.length === 0) return ['', '', '', ''];
      return [
        range(honest.map(({ run, strikes }) => strikes[run.minority!]!)),
        range(honest.map(({ run, strikes }) => Math.max(...plainOf(run).map((i) => strikes[i]!)))),
        ...(['opposite', 'label-flip'] as const).map((adversary) =>
          range(runs(adversary).map(({ run, strikes }) => strikes[run.adversary[0]!]!)),
        ),
      ];
    }),
  ]);
  const of = (world: string) =>
    ['minority', 'plain', 'opposite', 'label-flip'].map((who) => `${world}: ${who}`);
  return table(['phi', ...of('digits'), ...of('hospitals')], lines);
}

/** The left-handed trainer: strikes and shares, early and late. */
export function storyTable(find: Find, seeds: readonly number[]): string {
  const lines = runsOf('story', seeds).flatMap((run) => {
    const record = find(run);
    if (!record) return [];
    const minority = record.minority!;
    const shareIn = (from: number, to: number, i: number) => {
      const part = record.rounds.slice(from, to);
      const all = part.reduce((sum, r) => sum + r.rewards.reduce((a, b) => a + b, 0), 0) || 1;
      return part.reduce((sum, r) => sum + r.rewards[i]!, 0) / all;
    };
    const third = Math.floor(record.rounds.length / 3);
    const others = (from: number, to: number) => plainOf(record).map((i) => 100 * shareIn(from, to, i));
    const struck = record.rounds.flatMap((r, t) =>
      r.levels[minority]! > (record.rounds[t - 1]?.levels[minority] ?? 0) ? [t + 1] : [],
    );
    return [
      [
        `${run.seed}, ${run.selector}`,
        struck.length ? struck.join(', ') : 'none',
        record.trainers[minority]!.mostHeld.toFixed(1),
        record.trainers[minority]!.held.toFixed(1),
        `${percent(shareIn(0, 3, minority))} (${range(others(0, 3))})`,
        `${percent(shareIn(third, record.rounds.length, minority))} (${range(others(third, record.rounds.length))})`,
        `${percent(record.rounds.at(-1)!.accuracy)} / ${percent(record.rounds.at(-1)!.minorityAccuracy)}`,
      ],
    ];
  });
  return table(
    [
      'seed, selector',
      'struck in rounds',
      'most held',
      'held at the end',
      'share in rounds 1 to 3, % (others)',
      'after a third, % (others)',
      'accuracy, plain / mirrored, %',
    ],
    lines,
  );
}

/** The number of validators, and their data. */
export function validatorTable(find: Find, seeds: readonly number[]): string {
  const all = [...runsOf('sensitivity', seeds), ...runsOf('adversaries', seeds)].filter(
    (run) => run.world === 'digits' && run.selector === 'leader' && run.mirroredShare === undefined,
  );
  return table(
    [
      'validators',
      'groups',
      'honest: a plain one / the minority, %',
      'grab with 1 corrupt, %',
      'opposite: strikes',
    ],
    [2, 4, 6, 8, 10, 14].map((validators) => {
      const runs = (adversary: Run['adversary'], corrupt: number) =>
        found(
          find,
          all.filter(
            (run) =>
              run.validators === validators &&
              run.adversary === adversary &&
              run.corrupt === corrupt &&
              run.votes === 'honest',
          ),
        ).runs;
      const honest = runs('honest', 0);
      const [grab, opposite] = [runs('grab', 1), runs('opposite', 0)];
      return [
        `${validators}`,
        `${Math.min(7, Math.max(1, Math.floor(validators / 2)))}`,
        honest.length
          ? `${percent(mean(honest.map((run) => mean(plainOf(run).map((i) => run.trainers[i]!.share)))))} / ${percent(mean(honest.map((run) => run.trainers[run.minority!]!.share)))}`
          : '',
        grab.length ? percent(mean(grab.map((run) => adversaryShare(run)))) : '',
        opposite.length ? range(opposite.map((run) => run.trainers[run.adversary[0]!]!.strikes)) : '',
      ];
    }),
  );
}

/** Hold-outs with more or fewer mirrored digits, and hospitals that judge by their own patients. */
export function holdOutTable(find: Find, seeds: readonly number[]): string {
  const all = [...runsOf('sensitivity', seeds), ...runsOf('adversaries', seeds)];
  const line = (name: string, keep: (run: Run) => boolean): string[] => {
    const there = found(find, all.filter(keep)).runs;
    if (there.length === 0) return [name, ...Array<string>(6).fill('')];
    const last = there.map((run) => run.rounds.at(-1)!);
    const minority = there.map((run) => run.trainers[run.minority!]!);
    return [
      name,
      percent(mean(there.map((run) => mean(plainOf(run).map((i) => run.trainers[i]!.share))))),
      percent(mean(minority.map((t) => t.share))),
      range(minority.map((t) => t.strikes)),
      Math.max(...minority.map((t) => t.mostHeld)).toFixed(1),
      there[0]!.adversary.length ? percent(mean(there.map((run) => adversaryShare(run)))) : '',
      `${percent(mean(last.map((r) => r.accuracy)))} / ${percent(mean(last.map((r) => r.minorityAccuracy)))}`,
    ];
  };
  const digits = (share: number | undefined) => (run: Run) =>
    run.world === 'digits' &&
    run.adversary === 'honest' &&
    run.validators === 6 &&
    run.selector === 'leader' &&
    run.mirroredShare === share;
  const own = (adversary: Run['adversary']) => (run: Run) =>
    run.world === 'clinics-own' && run.adversary === adversary;
  return table(
    [
      'hold-outs',
      'a plain one, %',
      'the minority, %',
      'its strikes',
      'most held of it',
      'the adversary, %',
      'accuracy, all / minority, %',
    ],
    [
      line('digits, none mirrored', digits(0)),
      line('digits, 5 % mirrored', digits(0.05)),
      line('digits, 20 % mirrored', digits(undefined)),
      line('digits, half mirrored', digits(0.5)),
      line(
        'hospitals, mixed',
        (run) => run.world === 'clinics' && run.adversary === 'honest' && run.selector === 'leader',
      ),
      line('hospitals, two validators each of one', own('honest')),
      line('the same, an opponent', own('opposite')),
      line('the same, a label flipper', own('label-flip')),
    ],
  );
}

/** What one sum in place of several groups' would give to validators who cheat. */
export function groupTable(find: Find, seeds: readonly number[]): string {
  const ablation = runsOf('ablation', seeds);
  const whole = runsOf('adversaries', seeds).filter(
    (run) => run.selector === 'leader' && run.votes === 'honest' && run.validators === 6,
  );
  const cell = (runs: readonly Run[], of: (run: RunRecord) => number): string => {
    const { runs: there, note } = found(find, runs);
    return there.length ? `${percent(mean(there.map(of)))}${note}` : '';
  };
  const minority = (run: RunRecord) => run.trainers[run.minority!]!.share;
  return table(
    [
      'with one of six validators corrupt',
      'digits: groups of two',
      'digits: one sum',
      'hospitals: groups of two',
      'hospitals: one sum',
    ],
    ablated.groups.map((adversary) => [
      adversary === 'target' ? "target: the minority's share, %" : `${adversary}: the adversary's share, %`,
      ...(['digits', 'clinics'] as const).flatMap((world) =>
        [whole, ablation.filter((run) => run.without === 'groups')].map((runs) =>
          cell(
            runs.filter((run) => run.world === world && run.adversary === adversary && run.corrupt === 1),
            adversary === 'target' ? minority : (run) => adversaryShare(run),
          ),
        ),
      ),
    ]),
  );
}

/** Honest rounds and two adversaries by who proposes the support. */
export function selectorTable(find: Find, seeds: readonly number[]): string {
  const all = runsOf('adversaries', seeds).filter(
    (run) => run.votes === 'honest' && run.validators === 6 && run.corrupt <= 1,
  );
  const lines = (['digits', 'clinics'] as const).flatMap((world) =>
    (['leader', 'probe'] as const).map((selector) => {
      const runs = (adversary: Run['adversary']) =>
        found(
          find,
          all.filter(
            (run) => run.world === world && run.selector === selector && run.adversary === adversary,
          ),
        ).runs;
      const honest = runs('honest');
      const share = (adversary: Run['adversary']) => {
        const there = runs(adversary);
        return there.length ? percent(mean(there.map((run) => adversaryShare(run)))) : '';
      };
      return [
        `${world === 'digits' ? 'digits' : 'hospitals'}, ${selector}`,
        honest.length ? percent(mean(honest.map((run) => run.trainers[run.minority!]!.share))) : '',
        honest.length ? range(honest.map((run) => run.trainers[run.minority!]!.strikes)) : '',
        honest.length ? percent(mean(honest.map((run) => run.rounds.at(-1)!.accuracy))) : '',
        ...(['ridge-wide', 'lazy', 'leak', 'grab-veto-ridge'] as const).map(share),
      ];
    }),
  );
  return table(
    [
      'world, selector',
      'the minority, %',
      'its strikes',
      'accuracy, %',
      'ridge-wide',
      'lazy',
      'leak',
      'grab-veto-ridge',
    ],
    lines,
  );
}

/** Strikes that read the innovation, as the rule has it, and strikes that read the whole of the opened probes. */
export function strikeTable(find: Find, seeds: readonly number[]): string {
  const all = runsOf('strikes', seeds);
  const lines = (['digits', 'clinics'] as const).flatMap((world) =>
    struck.flatMap((adversary) =>
      ([undefined, 'strikes_on_innovation'] as const).flatMap((without) => {
        const meant = all.filter(
          (run) => run.world === world && run.adversary === adversary && run.without === without,
        );
        const { runs, note } = found(find, meant);
        if (runs.length === 0) return [];
        const cheat = runs.flatMap((run) => run.adversary.slice(0, 1).map((i) => run.trainers[i]!));
        const minority = runs.map((run) => run.trainers[run.minority!]!);
        const plain = runs.flatMap((run) => plainOf(run).map((i) => run.trainers[i]!.mostHeld));
        const last = runs.map((run) => run.rounds.at(-1)!);
        return [
          [
            `${world === 'digits' ? 'digits' : 'hospitals'}, ${adversary}${note}`,
            without ? 'whole' : 'innovation',
            cheat.length ? range(cheat.map((t) => t.strikes)) : '',
            cheat.length ? `${cheat.filter((t) => t.ejected).length} of ${cheat.length}` : '',
            range(minority.map((t) => t.strikes)),
            `${Math.max(...minority.map((t) => t.mostHeld)).toFixed(1)} / ${Math.max(...plain).toFixed(1)}`,
            `${percent(mean(last.map((r) => r.accuracy)))} / ${percent(mean(last.map((r) => r.minorityAccuracy)))}`,
          ],
        ];
      }),
    ),
  );
  return table(
    [
      'world, adversary',
      'strikes read',
      'its strikes',
      'ejected',
      "the minority's strikes",
      'most held of the minority / a plain one',
      'accuracy, all / minority, %',
    ],
    lines,
  );
}
