// What a scenario needs after its training is made before anybody has stake in it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createThrowawayFederation } from '../../../node/local/throwaway.ts';

it('the circuits of a score are compiled before there is a chain: stake is held for a time after the task', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'murmuration-throwaway-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const settings = {
    // Nothing is compiled here; compiling takes minutes, so it ends at its first word.
    cacheFolder: join(folder, 'cache'),
    observe() {},
    say(text: string) {
      said.push(text);
      if (/score/.test(text) && /compiling/.test(text)) throw new Error(text);
    },
  };
  const made = createThrowawayFederation({ scenario: 'credit' }, folder, settings);
  await expect(made).rejects.toThrow(/score/);
  expect(said).not.toContain('chain and deployment');
});
