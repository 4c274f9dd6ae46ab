// Writes docs/faults.md from kept runs; what the page says in words stands in page.txt.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { keptResult } from '../kept_runs.ts';
import { fillPage, table } from '../page.ts';
import { readRecord } from './churn/record.ts';
import { churnSection } from './churn/section.ts';
import type { Staged } from './federation.ts';
import {
  type FaultName,
  type FaultRun,
  faultNames,
  nameOf,
  type PointRun,
  type ProcessRun,
  partNames,
  type Run,
  recordNameOf,
  runsOf,
  type SoakRun,
  seeds,
} from './plan.ts';
import type { Outcome } from './play.ts';
import { measures } from './sample.ts';
import { measureNames, shownGrowth, shownMeasure } from './shown.ts';
import { growth } from './soak.ts';
import { lossesOf } from './verdict.ts';

const page = new URL('../../docs/faults.md', import.meta.url);
const template = new URL('page.txt', import.meta.url);
/** The record of the long run with churn, which is a part of the repository: the run takes hours. */
const churnRecord = new URL('../../docs/faults/churn.jsonl.gz', import.meta.url);
/** Where its part of the page stands. */
const churnPlace = /(<!-- npm run faults -- --only churn -->\n)[\s\S]*?(<!-- its end -->)/;

/** What happens, and what keeps it from costing anything. */
const words: Readonly<Record<FaultName, readonly [what: string, why: string]>> = {
  none: ['nothing', ''],
  'every-write': [
    'a trainer, a validator and the prover die after each of their writes and calls, and in the middle of each write',
    'what is sent is written before; a call that was made already counts as done; half a file is none',
  ],
  'full-at-every-write': [
    'each write of theirs finds no space once',
    'nothing counts before it is written: the step is taken again',
  ],
  'full-disk': [
    'the disk of all members and of their store is full for 2.5 s in each phase of each round',
    'likewise; a write fails whole',
  ],
  'clock-ahead': [
    'the clocks of all members are 10 minutes ahead of the chain; one shows what it names 2.5 s later',
    'deadlines are held against the time of the chain',
  ],
  'clock-behind': ['10 minutes behind', 'likewise'],
  'provider-pauses': [
    'the only provider answers nothing but 503 for 2.5 s in each phase',
    'a failed request says nothing of the chain; roles ask again, less and less often',
  ],
  'provider-falls-over': ['the first of two providers is gone for whole phases', 'the next address is asked'],
  'chain-restarts': [
    'the chain ends in a phase and goes on from its file, at the next start',
    'likewise, and what is read of it is checked block by block',
  ],
  'chain-goes-back': [
    'it goes on from a file that is three phases old: what was sent since is lost',
    'the journal is read anew; what was sealed, voted or decrypted is sent again as it was',
  ],
  'two-homes': [
    'a second process has the key of a trainer, of a validator and of the prover, and a folder of its own',
    'the key belongs to the folder that registered it: the other one stands back',
  ],
  'copied-home': [
    'a second process begins in the first round, in a copy of the folder',
    'the contract takes one update, one vote, one sum; what came second is not sent',
  ],
};

/** Writes the page from the runs in a folder. @returns the file written. */
export function writeDocument(folder: string): string {
  const kept = new KeptOutcomes(folder);
  const text = fillPage(readFileSync(template, 'utf8'), {
    runs: () => runsTable(kept),
    matrix: () => matrixTable(kept),
    effects: () => effectsTable(kept),
    points: () => pointsLine(kept),
    processes: () => processesTable(kept),
    soak: () => soakTable(kept),
  });
  writeFileSync(page, withChurn(text));
  return fileURLToPath(page);
}

/** Writes its part of the page alone, from the record in a folder, whole or cut. @returns the files written. */
export function writeChurn(folder: string): string[] {
  const found = runsOf('churn', seeds).map((run) => join(folder, recordNameOf(run)));
  for (const file of found.filter((name) => existsSync(name))) {
    mkdirSync(new URL('.', churnRecord), { recursive: true });
    // Every task's books name all accounts so far: a tenth of the bytes tell it.
    writeFileSync(churnRecord, gzipSync(readFileSync(file), { level: 9 }));
  }
  writeFileSync(page, withChurn(readFileSync(page, 'utf8')));
  return [page, churnRecord].map((file) => fileURLToPath(file));
}

/** A page with that part filled from the repository's record. */
function withChurn(text: string): string {
  if (!churnPlace.test(text)) throw new Error('faults: the page has no place for the long run with churn');
  const lines = existsSync(churnRecord) ? readRecord(fileURLToPath(churnRecord)) : [];
  return text.replace(churnPlace, (_, begin, end) => `${begin}\n${churnSection(lines)}\n\n${end}`);
}

/** What is kept of runs. */
class KeptOutcomes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  find<Of extends Run>(run: Of): Outcome<Of> | undefined {
    return keptResult<Run, Outcome<Of>>({ folder: this.#folder, nameOf }, run);
  }

  /** The federation of a seed without any fault. */
  undisturbed(seed: number): Staged | undefined {
    return this.find<FaultRun>({ kind: 'fault', seed, fault: 'none' });
  }
}

function runsTable(kept: KeptOutcomes): string {
  const lines = partNames.map((part) => {
    const runs = runsOf(part, seeds);
    return [`\`${part}\``, `${runs.filter((run) => kept.find(run)).length} of ${runs.length}`];
  });
  return table(['part', 'runs'], lines);
}

/** What each fault cost. */
function matrixTable(kept: KeptOutcomes): string {
  const lines = faultNames.flatMap((fault) => {
    const played = seeds.flatMap((seed) => {
      const [staged, before] = [kept.find<FaultRun>({ kind: 'fault', seed, fault }), kept.undisturbed(seed)];
      return staged && before ? [{ seed, staged, losses: lossesOf(staged, before) }] : [];
    });
    if (fault === 'none' || played.length === 0) return [];
    const [what, why] = words[fault];
    const traces = played.flatMap(({ staged }) => Object.values(staged.traces));
    const count = (of: 'deaths' | 'full') => traces.reduce((sum, trace) => sum + trace[of], 0);
    const times =
      count('deaths') > 0
        ? `, ${count('deaths')} deaths`
        : count('full') > 0
          ? `, ${count('full')} times`
          : '';
    const lost = [...new Set(played.flatMap(({ losses }) => losses))];
    const seconds = played.reduce((sum, { staged }) => sum + staged.seconds, 0) / played.length;
    return [
      [
        `\`${fault}\``,
        what,
        why,
        `${played.length}${times}`,
        lost.length === 0 ? 'nothing' : lost.join('; '),
        seconds.toFixed(0),
      ],
    ];
  });
  return table(['fault', 'what happens', 'what holds', 'runs', 'lost', 'seconds'], lines);
}

/** What a member does that lasts or leaves it. */
function effectsTable(kept: KeptOutcomes): string {
  const staged = kept.undisturbed(seeds[0]);
  if (!staged) return 'Not played yet.';
  const lines = Object.entries(staged.traces).map(([name, { effects }]) => {
    const count = (kind: string) => `${effects.filter((effect) => effect.kind === kind).length}`;
    return [name, count('write'), count('remove'), count('put'), count('call'), `${effects.length}`];
  });
  return table(['member', 'files written', 'removed', 'contents', 'calls', 'together'], lines);
}

/** What became of members that died once. */
function pointsLine(kept: KeptOutcomes): string {
  const runs = runsOf('points', seeds) as PointRun[];
  const played = runs.flatMap((run) => {
    const staged = kept.find(run);
    return staged ? [staged] : [];
  });
  const deathsIn = ({ traces }: (typeof played)[number]) =>
    Object.values(traces).reduce((sum, trace) => sum + trace.deaths, 0);
  // What lies beyond a member's last effect happens to nobody: such a federation is one without a fault.
  const before = played.find((staged) => deathsIn(staged) === 0);
  if (!before) return 'Not played yet.';
  const deaths = played.reduce((sum, staged) => sum + deathsIn(staged), 0);
  const lost = played.flatMap((staged) => lossesOf(staged, before));
  return (
    `${played.length} of ${runs.length} federations are kept, in which ${deaths} lives ended. ` +
    `Lost: ${lost.length === 0 ? 'nothing' : [...new Set(lost)].join('; ')}.`
  );
}

/** Where processes were killed. */
function processesTable(kept: KeptOutcomes): string {
  const played = (runsOf('processes', seeds) as ProcessRun[]).flatMap((run) => {
    const found = kept.find(run);
    return found ? [found] : [];
  });
  if (played.length === 0) return 'Not played yet.';
  const phases = ['keying', 'support', 'submit', 'inspect', 'aggregate', 'commit', 'reveal', 'settle'];
  const roles = ['trainer', 'validator', 'prover'];
  const count = (name: string) => played.reduce((sum, { kills }) => sum + (kills[name] ?? 0), 0);
  const lines = roles.map((role) => [role, ...phases.map((phase) => `${count(`${role}/${phase}`)}`)]);
  const rounds = played.flatMap((run) => run.rounds);
  const members = played.flatMap((run) => Object.values(run.members));
  const sum = (of: (member: (typeof members)[number]) => number) =>
    members.reduce((total, each) => total + of(each), 0);
  const failed = members.filter(({ code }) => code !== 0).length;
  return [
    table(['killed in', ...phases], lines),
    '',
    `${rounds.filter((outcome) => outcome === 'accepted').length} of ${rounds.length} rounds accepted; members lost ` +
      `${sum(({ lost }) => lost)} tokens; ${failed} of ${members.length} processes ended with another code than 0.`,
  ].join('\n');
}

/** What grew over many rounds. */
function soakTable(kept: KeptOutcomes): string {
  const [run] = runsOf('soak', seeds) as SoakRun[];
  const found = kept.find(run!);
  if (!found) return 'Not played yet.';
  const { samples } = found;
  const from = samples.length - 150;
  const [first, last] = [samples.find(({ round }) => round > from)!, samples.at(-1)!];
  return table(
    ['', `after round ${first.round}`, `after round ${last.round}`, 'growth a round'],
    measures.map((measure) => [
      measureNames[measure],
      shownMeasure(measure, first[measure]),
      shownMeasure(measure, last[measure]),
      shownGrowth(measure, growth(samples, measure, from)),
    ]),
  );
}
