// `murmur up`, killed in the middle of a round and started again from its folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createCommands } from './processes.ts';

const home = mkdtempSync(join(tmpdir(), 'murmuration-up-'));
const { murmur, stop } = createCommands({});
afterAll(async () => {
  await stop();
  rmSync(home, { recursive: true, force: true });
});

const flags = ['--home', home, '--preset', 'tiny', '--trainers', '3', '--validators', '2', '--port', '0'];

describe('murmur up', () => {
  it('goes on where it was when everything was killed, and pays everybody', async () => {
    const first = murmur('up', ...flags, '--rounds', '1');
    await first.prints(/decrypts its part of the sums/);
    await first.kill();

    const other = murmur('up', ...flags, '--rounds', '2');
    expect(await other.ended).toBe(1);
    expect(other.output()).toMatch(/holds a federation with other rounds \(1\)/);

    const second = murmur('up', ...flags, '--rounds', '1', '--json');
    expect(await second.ended, second.output()).toBe(0);
    const end = second.answer<{ earned: unknown[] }>();
    expect(end).toMatchObject({
      type: 'end',
      task: '1',
      status: 'ended',
      rounds: [{ round: 1, outcome: 'accepted' }],
    });
    // Three trainers, two validators, the prover, and what is left of the bounty to the planner.
    expect(end.earned.length).toBeGreaterThanOrEqual(6);
    expect(second.output()).not.toContain('deals shares');
  });
});
