// What a prover says of tasks: each reason once, until another is said, and nothing of what is over.
import { expect, it } from 'vitest';
import { Notices } from '../../../../node/roles/market/notices.ts';
import type { RoleEvent } from '../../../../node/roles/runtime/observer.ts';

const account = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

function open() {
  const events: RoleEvent[] = [];
  const notices = new Notices(account, (event) => events.push(event));
  return { notices, events, texts: () => events.splice(0).map((event) => 'text' in event && event.text) };
}

it('says a reason once, in whatever figures, and a fault as often as it is another', () => {
  const { notices, texts } = open();
  const task = { task: 1n, round: 2 };
  notices.skip(task, 'fee', 'costs 5');
  notices.skip(task, 'fee', 'costs 6');
  notices.skip(task, 'stake', 'lacks 1');
  notices.skip(task, 'fee', 'costs 7');
  expect(texts()).toEqual(['costs 5', 'lacks 1', 'costs 7']);
  for (const text of ['no disk', 'no disk', 'no memory', 'no disk'])
    notices.skip({ ...task, sum: 0 }, 'fault', text);
  expect(texts()).toEqual(['no disk', 'no memory', 'no disk']);
});

it('tells apart tasks, sums, and pushes from all else of a task', () => {
  const { notices, texts } = open();
  for (let look = 0; look < 2; look++) {
    notices.skip({ task: 1n, round: 2 }, 'fee', 'task 1');
    notices.skip({ task: 1n, round: 2 }, 'push', 'pushes of 1');
    notices.skip({ task: 2n, round: 2 }, 'fee', 'task 2');
    for (const sum of [0, 1]) notices.skip({ task: 1n, round: 2, sum }, 'taken', `sum ${sum}`);
  }
  expect(texts()).toEqual(['task 1', 'pushes of 1', 'task 2', 'sum 0', 'sum 1']);
  // Of a round that is over nothing is kept; of the task it is.
  notices.skip({ task: 1n, round: 3, sum: 0 }, 'taken', 'next round');
  notices.skip({ task: 1n, round: 3 }, 'fee', 'task 1');
  notices.skip({ task: 1n, round: 2, sum: 1 }, 'taken', 'sum 1');
  expect(texts()).toEqual(['next round', 'sum 1']);
});

it('names who skips what, the sum where it is one', () => {
  const { notices, events } = open();
  notices.skip({ task: 1n, round: 2 }, 'fee', 'dear');
  notices.skip({ task: 1n, round: 2, sum: 0 }, 'late', 'over');
  const common = { type: 'skipped', account, task: 1n, round: 2 };
  expect(events).toStrictEqual([
    { ...common, reason: 'fee', text: 'dear' },
    { ...common, sum: 0, reason: 'late', text: 'over' },
  ]);
});

it('takes a task only that it skipped as a whole, and forgets one that is over', () => {
  const { notices, events, texts } = open();
  const task = { task: 1n, round: 2 };
  notices.skip({ ...task, sum: 0 }, 'taken', 'a sum');
  notices.skip(task, 'push', 'pushes');
  expect(notices.skips(1n)).toBe(false);
  notices.take(1n, 'taken');
  expect(texts()).toEqual(['a sum', 'pushes']);
  notices.skip(task, 'fee', 'dear');
  expect([notices.skips(1n), notices.skips(2n)]).toEqual([true, false]);
  notices.take(1n, 'again');
  notices.take(1n, 'again');
  expect(notices.skips(1n)).toBe(false);
  expect(events.splice(0)).toMatchObject([
    { type: 'skipped' },
    { type: 'task', account, task: 1n, what: 'takes' },
  ]);
  notices.skip(task, 'fee', 'dear');
  notices.leave(1n, 'over');
  expect(notices.skips(1n)).toBe(false);
  notices.skip({ ...task, sum: 0 }, 'taken', 'a sum');
  notices.follow(1n, 'back');
  expect(events).toMatchObject([
    { text: 'dear' },
    { what: 'leaves' },
    { text: 'a sum' },
    { what: 'follows' },
  ]);
});
