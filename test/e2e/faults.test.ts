// Whole federations whose members die between any two writes, find their disk full, have wrong clocks, lose their
// provider or their chain, or run twice: nothing is lost. `npm run faults` plays the long form, and docs/faults.md tells.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Staged } from '../../bench/faults/federation.ts';
import { type FaultName, mostPoints } from '../../bench/faults/plan.ts';
import { mayMount, scenes } from '../../bench/faults/scenes.ts';
import { lossesOf } from '../../bench/faults/verdict.ts';
import { cacheFolder } from '../cache_folder.ts';

const options = { preset: 'tiny', rounds: 1, trainers: 3, validators: 2 } as const;
const play = (fault: FaultName): Promise<Staged> => scenes[fault]({ options, cacheFolder, away: 800 });

describe('a federation', () => {
  let undisturbed: Staged;
  beforeAll(async () => {
    undisturbed = await play('none');
  }, 600_000);

  const expectNothingLost = (staged: Staged) => {
    expect(lossesOf(staged, undisturbed)).toEqual([]);
    expect(staged.ended).toBe(true);
  };

  it('without a fault accepts its round and pays everybody', () => {
    expectNothingLost(undisturbed);
    for (const { name, earned } of undisturbed.members) expect(earned, name).toBeGreaterThan(0);
    for (const [name, { effects }] of Object.entries(undisturbed.traces)) {
      expect(effects.length, name).toBeGreaterThan(5);
      expect(effects.length, name).toBeLessThan(mostPoints);
    }
  });

  it('whose members die after each write and call, and in the middle of each write, loses nothing', async () => {
    const staged = await play('every-write');
    expectNothingLost(staged);
    for (const [name, { effects, deaths, late }] of Object.entries(staged.traces))
      expect(deaths + late, name).toBeGreaterThanOrEqual(effects.length);
  });

  it.skipIf(!mayMount())('whose disk is full for a while in each phase loses nothing', async () => {
    const staged = await play('full-disk');
    expectNothingLost(staged);
    expect(staged.faults.some((text) => text.includes('ENOSPC'))).toBe(true);
  });

  it('whose clocks are ten minutes ahead waits for what comes late, and loses nothing', async () => {
    expectNothingLost(await play('clock-ahead'));
  });

  it('whose provider is gone for a while in each phase loses nothing', async () => {
    expectNothingLost(await play('provider-pauses'));
  });

  it('whose chain goes on from a file three phases old sends again what was lost, and nothing else', async () => {
    expectNothingLost(await play('chain-goes-back'));
  });

  it.each(['two-homes', 'copied-home'] as const)(
    'of which three run twice (%s) loses nothing',
    async (fault) => {
      expectNothingLost(await play(fault));
    },
  );
});
