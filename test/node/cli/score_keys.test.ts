// Which keys of the statement `score` a deployment takes: development keys stop where money is real.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../../node/cli/murmur.ts';
import { openScoreKeySet } from '../../../node/cli/open/score_keys.ts';
import { inspectCeremonies } from '../../../node/cli/open/trust.ts';
import { verifyScoreCeremony } from '../../../node/cli/verbs/keys/origin.ts';
import { type ScoreKeySet, scoreKeysJson } from '../../../node/lending/index.ts';
import { cacheFolder } from '../../cache_folder.ts';
import { faultOf } from './fault.ts';

const home = mkdtempSync(join(tmpdir(), 'score-keys-'));
const say = () => {};
let keys: ScoreKeySet;
beforeAll(async () => {
  keys = await openScoreKeySet({ cache: cacheFolder }, { chainId: 31_337 }, say);
}, 600_000);
afterAll(() => rmSync(home, { recursive: true }));

const open = (...given: readonly string[]) =>
  openScoreKeySet({ keys: given, cache: cacheFolder }, { chainId: 1 }, say);

describe('keys of score', () => {
  it('are of each shape once, and say that they are insecure', async () => {
    const { logistic, network } = keys;
    expect(scoreKeysJson(keys)).toMatchObject({ developmentKeys: true });
    expect(await open(logistic.folder, join(network.folder, 'manifest.json'))).toEqual(keys);
    expect(await faultOf(open(logistic.folder))).toMatch(
      /no manifest is of shape network, but one of each is needed\. Give one manifest for each/,
    );
    expect(await faultOf(open(logistic.folder, logistic.folder, network.folder))).toMatch(
      /are both of shape logistic/,
    );
  });

  it('are given where money is real, and are of a ceremony', async () => {
    expect(await faultOf(openScoreKeySet({ cache: cacheFolder }, { chainId: 1 }, say))).toMatch(
      /chain 1 is no development chain\. Give --keys with the manifest of each shape/,
    );
    const settings = { ptau: [], cache: cacheFolder, log: say };
    expect(await faultOf(verifyScoreCeremony(keys.logistic, settings))).toMatch(
      /holds keys that no ceremony made/,
    );
  });

  it('of development fail a deployment where money is real, shape by shape', async () => {
    const checks = await inspectCeremonies({ keys: [], score: keys });
    expect(checks.map(({ what, verdict }) => [what, verdict])).toEqual([
      ['ceremony of score/logistic', 'fails'],
      ['ceremony of score/network', 'fails'],
    ]);
    expect(checks[0]!.detail).toMatch(/holds keys that no ceremony made/);
  });

  it('of a preset are none of score, and a ceremony is for one of both', async () => {
    writeFileSync(join(home, 'manifest.json'), '{"format":"murmuration-keys/1"}');
    expect(await faultOf(open(home))).toMatch(/manifest\.json: /);
    const quiet = vi.spyOn(console, 'log').mockReturnValue();
    const both = main(['ceremony', 'init', '--ptau', 'a.ptau', '--preset', 'tiny', '--score', '--json']);
    expect(await faultOf(both)).toMatch(/a ceremony is for one of them\. Hold a ceremony for each/);
    quiet.mockRestore();
  });
});
