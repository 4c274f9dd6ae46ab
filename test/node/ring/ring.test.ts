// The ring on loopback sockets: every member gets the exact weighted sum, also when members are late, gone or killed.
import { afterEach, describe, expect, it } from 'vitest';
import { openAll, ringOf, type Setting } from './fixture.ts';

const settings: Setting[] = [];

async function ring(count: number): Promise<Setting> {
  const setting = await ringOf(count);
  settings.push(setting);
  return setting;
}

afterEach(async () => {
  for (const setting of settings.splice(0)) await setting.stop();
});

describe('a ring', () => {
  it.each([2, 3, 5, 8])('of %i gives everybody the weighted sum', async (count) => {
    const setting = await ring(count);
    const sessions = openAll(setting);
    for (const { result } of sessions) {
      const { sum, how, absent } = await result;
      expect(sum).toEqual(setting.sum);
      expect({ how, absent }).toEqual({ how: 'ring', absent: [] });
    }
  });
});
