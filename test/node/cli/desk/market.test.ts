// What a planner wrote, on a stranger's page: scripts, marks that turn text around, numbers beyond every screen.
import { describe, expect, it } from 'vitest';
import { taskSchema } from '../../../../desk/index.ts';
import { plainText } from '../../../../node/cli/desk/market/plain_text.ts';
import { taskView } from '../../../../node/cli/desk/market/task_view.ts';
import { demoTask } from '../../../../node/demo/index.ts';
import { type TaskDescription, taskDescription } from '../../../../node/learn/index.ts';
import { gasOfCalls, gasOfRound } from '../../../../node/review/index.ts';
import snapshot from '../../../../snapshots/Round.json' with { type: 'json' };
import { postedTask } from './posted.ts';

const view = (description: TaskDescription | undefined, posted = postedTask()) =>
  taskView({ posted, description, members: [], bounty: 2n ** 200n, gasPrice: 10n ** 9n, seat: 'none' });

describe('plain text', () => {
  it.each([
    ['a mark that turns what follows around', 'free\u202Eyenom', 'free\uFFFDyenom'],
    ['an isolate that is never closed', '\u2067heart', '\uFFFDheart'],
    ['characters that nobody sees', 'a\u200Bb\u{E0041}c', 'a\uFFFDb\uFFFDc'],
    ['lines and tabs', 'a\n\n\tb\u2028c', 'a b c'],
    ['a heap of accents', `o${'\u0301'.repeat(40)}!`, 'o\u0301\u0301\u0301!'],
    ['half a character', '\uD800', '\uFFFD'],
    ['what is longer than its place', 'abcdef', 'abc…'],
    ['text in any script', 'Herz 心臓 قلب', 'Herz 心臓 قلب'],
  ])('of %s', (name, given, shown) => {
    expect(plainText(given, name.startsWith('what is longer') ? 4 : 100)).toBe(shown);
  });
});

describe('a task', () => {
  it('is shown with its terms, in the form that the page knows', () => {
    const task = taskSchema.parse(view(demoTask({ preset: 'tiny' })));
    expect(task).toMatchObject({
      name: 'handwritten digits, tiny',
      bounty: `${2n ** 200n}`,
      minStake: '20000000000000000000',
      data: { kind: 'digits', side: 7 },
      listed: false,
    });
    expect(task.privacy).toContain('no noise is added');
    expect(task.costs.trainer.slashes.join(' ')).toContain('2 tokens');
    expect(task.findings.map(({ rule }) => rule)).toContain('open-to-all');
  });

  it('whose description cannot be had says so, and nothing is made up', () => {
    const task = taskSchema.parse(view(undefined));
    expect(task.name).toBeUndefined();
    expect(task.data).toEqual({ kind: 'unknown' });
    expect(task.privacy).toContain('not known');
  });

  it('with the largest figures that the contracts take is shown with all of their digits', () => {
    const huge = 2n ** 128n - 1n;
    const posted = postedTask();
    const task = view(demoTask({ preset: 'tiny' }), {
      ...posted,
      economics: { ...posted.economics, roundReward: huge, minStake: huge },
      parameters: { ...posted.parameters, rounds: 2 ** 32 - 1 },
    });
    expect(taskSchema.parse(task)).toMatchObject({ roundReward: `${huge}`, minStake: `${huge}` });
  });

  it('that names itself, its columns and its classes by tricks is plain text everywhere', () => {
    const trick = '\u202E<img src=x onerror=alert(1)>';
    const description = taskDescription.parse({
      ...demoTask({ preset: 'tiny' }),
      name: trick,
      model: {
        input: [50],
        layers: [{ type: 'dense', units: 1, activation: 'linear' }],
        loss: 'binary',
      },
      data: {
        kind: 'csv',
        columns: [
          { type: 'numeric', name: trick, mean: 0, deviation: 1 },
          {
            type: 'categorical',
            name: 'b',
            values: [trick, ...Array.from({ length: 48 }, (_, i) => `${i}`)],
          },
        ],
        target: { name: `${trick}!`, classes: [[trick], ['\u2066no']] },
      },
    });
    const task = taskSchema.parse(view(description));
    expect(JSON.stringify(task)).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/);
    expect(task.name).toBe('\uFFFD<img src=x onerror=alert(1)>');
    expect(task.data).toMatchObject({
      kind: 'table',
      columns: [{ takes: 'numbers; none may be missing' }, {}],
    });
  });
});

it('gas is what the calls took in the tests of the contracts', () => {
  const taken: Readonly<Record<string, string>> = snapshot;
  for (const [call, gas] of Object.entries(gasOfCalls)) expect(`${gas}`, call).toBe(taken[call]);
  expect(gasOfRound('trainer', 2)).toBe(2n * (gasOfCalls.submitUpdate + gasOfCalls.proveAlignment));
});
