// The left-handed trainer's story is that of the rounds: one that goes otherwise is told otherwise.
import { describe, expect, it } from 'vitest';
import type { SettledTrainer } from '../../../../node/chain/index.ts';
import { storyOf, type ToldRound } from '../../../../node/cli/desk/runs/story.ts';

const who = '0x00000000000000000000000000000000000000aa';
const other = '0x00000000000000000000000000000000000000bb';

/** A round in which it is paid `reward` of 100. */
function round(number: number, reward: number, struck = false): ToldRound {
  const of = (trainer: typeof who | typeof other, paid: number, isStruck: boolean) =>
    ({
      trainer,
      seen: 0,
      struck: isStruck,
      level: isStruck ? 1 : 0,
      reward: BigInt(paid),
    }) as unknown as SettledTrainer;
  return { number, settled: [of(who, reward, struck), of(other, 100 - reward, false)] };
}
const told = (...rounds: ToldRound[]) => storyOf(rounds, who).join(' ');

describe("the left-handed trainer's story", () => {
  it('is not told before a round is settled', () => {
    expect(told()).toContain('nothing to tell');
    expect(told({ number: 1, settled: [] })).toContain('nothing to tell');
  });

  it('tells strikes and a share that rises from the rounds themselves', () => {
    const text = told(round(1, 0, true), round(2, 10), round(3, 20), round(4, 60), round(5, 80));
    expect(text).toContain('struck in round 1:');
    expect(text).toContain('No strike of it stands');
    expect(text).toContain(
      'In rounds 1, 2, 3 it got 10 % of what the trainers were paid; an even share is 50 %',
    );
    expect(text).toContain('In rounds 4, 5 it got 70 %');
    expect(text).toContain('has risen');
  });

  it('does not tell what the rounds do not show', () => {
    const text = told(round(1, 50), round(2, 50), round(3, 50), round(4, 40));
    expect(text).toContain('It was not struck in any of the 4 rounds');
    expect(text).toContain('has not risen in this run');
    expect(text).not.toContain('has risen:');
    const unpaid = { number: 1, settled: [{ ...round(1, 0).settled[0]!, struck: true, level: 1 }] };
    expect(told(unpaid)).toContain('In round 1 no trainer was paid.');
    expect(told(unpaid)).toContain('1 of its strikes still stand');
  });
});
