// The part of docs/faults.md that a long run with churn fills, from its record.
import { wholeTokens } from '../../../node/protocol/index.ts';
import { isHonest } from '../../adversaries/outcome.ts';
import { table, wrapped } from '../../page.ts';
import { type Measure, measures } from '../sample.ts';
import { measureNames, shownGrowth, shownMeasure } from '../shown.ts';
import { sumOf } from './books.ts';
import { type Line, linesOf } from './record.ts';
import { growthByRound, growthByTask, wrongIn } from './verdict.ts';

/** What became of the run, in words and tables. */
export function churnSection(lines: readonly Line[]): string {
  const [begun] = linesOf(lines, 'begun');
  if (!begun) return 'Not played yet.';
  return [
    wrapped(headLine(lines)),
    '',
    tasksTable(lines),
    '',
    heldTable(lines),
    '',
    wrapped(booksLine(lines)),
    '',
    wrongLines(lines),
  ].join('\n');
}

function headLine(lines: readonly Line[]): string {
  const [begun] = linesOf(lines, 'begun');
  const { seed, tasks, rounds, at } = begun!;
  const played = linesOf(lines, 'round');
  const ended = linesOf(lines, 'ended');
  const [kills, outages] = [linesOf(lines, 'kill'), linesOf(lines, 'outage')];
  const newcomers = linesOf(lines, 'task').reduce((sum, task) => sum + task.newcomers.length, 0);
  const seconds = outages.reduce((sum, { milliseconds }) => sum + milliseconds / 1000, 0);
  const requests = outages.reduce((sum, outage) => sum + outage.requests, 0);
  const whole = ended.length === tasks && linesOf(lines, 'over').length > 0;
  const cut = whole ? '' : ' The run was cut there: it is no run of the whole length.';
  return (
    `Seed ${seed}, begun ${at.slice(0, 10)}: ${played.length} of ${tasks * rounds} rounds, ${ended.length} of ${tasks} ` +
    `tasks to their end.${cut} ${newcomers} honest members joined one after the other; ${kills.length} lives ` +
    `were ended; the provider was away ${outages.length} times, ${seconds.toFixed(0)} s together, and let ` +
    `${requests} requests go without an answer.`
  );
}

function tasksTable(lines: readonly Line[]): string {
  const of = <Each extends { readonly task: number }>(all: readonly Each[], task: number) =>
    all.filter((line) => line.task === task);
  const [kills, outages] = [linesOf(lines, 'kill'), linesOf(lines, 'outage')];
  const rows = linesOf(lines, 'ended').map(({ task, rounds, members, audit }) => {
    const cheat = members.find(({ kind }) => !isHonest({ kind }));
    const lost = members.filter(isHonest).reduce((sum, member) => sum + member.lost, 0);
    const accepted = rounds.filter((outcome) => outcome === 'accepted').length;
    return [
      `${task}`,
      cheat ? `\`${cheat.kind}\`, lost ${cheat.lost}${cheat.ejected ? ' and its seat' : ''}` : 'nobody',
      `${accepted} of ${rounds.length}`,
      `${of(kills, task).length}`,
      `${of(outages, task).length}`,
      `${lost}`,
      `${audit.outcome}: ${audit.checks} checks, ${audit.proofs} proofs`,
    ];
  });
  const head = [
    'task',
    'who cheats',
    'rounds accepted',
    'killed',
    'provider away',
    'honest members lost',
    'audit',
  ];
  return table(head, rows);
}

function heldTable(lines: readonly Line[]): string {
  const closed = linesOf(lines, 'closed');
  const [first, last] = [closed[0], closed.at(-1)];
  if (!first || !last) return 'No task has ended.';
  const shown = (measure: Measure, growth: number | undefined) =>
    growth === undefined ? 'too few' : shownGrowth(measure, growth);
  return table(
    [
      '',
      `after task ${first.task}`,
      `after task ${last.task}`,
      'growth a task',
      'growth a round within a task',
    ],
    measures.map((measure) => [
      measureNames[measure],
      shownMeasure(measure, first[measure]),
      shownMeasure(measure, last[measure]),
      shown(measure, growthByTask(lines, measure)),
      shown(measure, growthByRound(lines, measure)),
    ]),
  );
}

function booksLine(lines: readonly Line[]): string {
  const over = linesOf(lines, 'over')[0];
  const books = over?.books ?? linesOf(lines, 'ended').at(-1)?.books;
  if (!books) return 'No task has ended, so there are no books.';
  const { accounts, tasks, held, balance } = books;
  const tokens = (amount: bigint) => wholeTokens(amount).toFixed(2);
  const stake = sumOf(accounts, ({ bonded }) => bonded);
  const bounties = sumOf(tasks, ({ funded }) => funded);
  const out = sumOf(accounts, ({ withdrawn }) => withdrawn);
  const paid = sumOf(accounts, ({ claimed }) => claimed);
  const rest = BigInt(balance) - BigInt(held.burnt);
  return (
    `The books of ${tasks.length} tasks and ${accounts.length} accounts, in tokens: ${tokens(stake)} of stake and ` +
    `${tokens(bounties)} of bounties came in; ${tokens(out)} of stake and ${tokens(paid)} of pay and refunds went out; ` +
    `${tokens(BigInt(held.burnt))} are burnt, ${tokens(rest)} are held${over ? ' after everybody has left' : ''}.`
  );
}

function wrongLines(lines: readonly Line[]): string {
  const wrong = wrongIn(lines);
  if (wrong.length === 0) return 'Found wrong: nothing.';
  return ['Found wrong:', '', ...wrong.map((text) => wrapped(`- ${text}`, '  '))].join('\n');
}
