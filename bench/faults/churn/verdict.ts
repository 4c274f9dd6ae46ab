// Whether a long run lost anything, or holds on to something: judged from its record alone.
import { wholeTokens } from '../../../node/protocol/index.ts';
import { isHonest } from '../../adversaries/outcome.ts';
import { type Measure, slope } from '../sample.ts';
import { imbalances, owed } from './books.ts';
import { type Line, linesOf } from './record.ts';

/** What a process may hold more after each further task, once its members are closed. */
const mostGrowth: Partial<Record<Measure, number>> = {
  heap: 2 ** 20,
  buffers: 2 ** 20,
  files: 0.2,
  threads: 0.2,
  resources: 0.2,
};
/** The first tasks load code and fill what is made once. */
const warming = 2;
/** Fewer are no line. */
const fewest = 3;

/** What grows by a task, of what is held when its members are closed; undefined of too few tasks. */
export function growthByTask(lines: readonly Line[], measure: Measure): number | undefined {
  const closed = linesOf(lines, 'closed').filter(({ task }) => task > warming);
  if (closed.length < fewest) return undefined;
  return slope(closed.map((line) => [line.task, line[measure]]));
}

/** What grows by a round within a task, in the mean of all tasks; undefined of too few rounds. */
export function growthByRound(lines: readonly Line[], measure: Measure): number | undefined {
  const slopes = [...Map.groupBy(linesOf(lines, 'round'), ({ task }) => task).values()].flatMap((rounds) => {
    const late = rounds.filter(({ round }) => round > warming);
    return late.length < fewest ? [] : [slope(late.map((line) => [line.round, line[measure]]))];
  });
  return slopes.length === 0 ? undefined : slopes.reduce((sum, each) => sum + each, 0) / slopes.length;
}

/** What is wrong, one line each; empty for a run in which nothing is. */
export function wrongIn(lines: readonly Line[]): string[] {
  const found: string[] = [];
  for (const ended of linesOf(lines, 'ended')) {
    const say = (text: string) => found.push(`task ${ended.task}: ${text}`);
    for (const [at, outcome] of ended.rounds.entries())
      if (outcome === 'void' || outcome === 'pending') say(`round ${at + 1} is ${outcome}`);
    for (const { name, kind, lost, ejected, faults } of ended.members) {
      if (!isHonest({ kind })) continue;
      if (lost > 0) say(`${name}, which is honest, lost ${lost} (${Object.keys(faults).join(', ')})`);
      if (ejected) say(`${name}, which is honest, lost its seat`);
    }
    for (const name of ended.pledged) say(`${name}: its stake is not free at the end`);
    for (const text of imbalances(ended.books)) say(text);
    if (ended.audit.outcome !== 'clean') say(`its audit is ${ended.audit.outcome}`);
    for (const text of [...ended.audit.findings, ...ended.left]) say(text);
  }
  for (const [name, most] of Object.entries(mostGrowth) as [Measure, number][]) {
    const growth = growthByTask(lines, name);
    if (growth !== undefined && growth > most) found.push(`${name} grows by ${growth.toFixed(1)} a task`);
  }
  for (const { books, halves } of linesOf(lines, 'over')) {
    found.push(...imbalances(books).map((text) => `at the end: ${text}`));
    const rest = owed(books);
    if (rest !== 0n) found.push(`at the end: ${wholeTokens(rest)} are left of members who are all gone`);
    if (halves > 0) found.push(`at the end: ${halves} halves of contents stay in the store`);
  }
  return found;
}
