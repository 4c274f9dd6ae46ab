// The demonstration's flags are data, apart from the options that they become: both say the same.
import { describe, expect, it } from 'vitest';
import type { ZodObject } from 'zod';
import { demonstration, seed } from '../../../node/cli/command/flags.ts';
import { readFlags } from '../../../node/cli/command/read_flags.ts';
import { scenarioNames } from '../../../node/cli/command/scenarios.ts';
import { simulate } from '../../../node/cli/verbs/simulate/help.ts';
import { start } from '../../../node/cli/verbs/start/help.ts';
import { up } from '../../../node/cli/verbs/up/help.ts';
import { demoSeed } from '../../../node/demo/index.ts';
import { givenOptions, localOptions } from '../../../node/local/index.ts';
import { scenarioNames as playable } from '../../../node/scenarios/index.ts';
import { simulationOptions } from '../../../node/simulate/index.ts';

/** Texts at and beyond the ends of every option. */
const texts = [
  ...[-10_001, -10_000, -1, 0, 0.04, 1, 1.5, 2, 3, 8, 9, 16, 17, 32, 33, 64, 65, 1000, 1001].map(String),
  ...[10_000, 10_001, 65_535, 65_536, 86_400, 86_401, Number.MAX_SAFE_INTEGER].map(String),
  ...['tiny', 'quick', 'base', 'probe', 'leader', 'sum', 'even', 'by-label', 'none', 'honest', 'noise'],
  ...['opposite', 'replay', 'garbage-proof', 'polite', ''],
];

describe.each([
  ['start', start, givenOptions, ['out', 'cache', 'json']],
  ['up', up, givenOptions, ['home', 'cache', 'json']],
  ['simulate', simulate, simulationOptions, ['out', 'json']],
] as const)('the flags of %s', (name, { flags }, options, apart) => {
  const names = Object.keys(flags).filter((flag) => !(apart as readonly string[]).includes(flag));
  const { shape } = options as unknown as ZodObject;

  it.each(names)('--%s takes what the options take, and no more', (flag) => {
    for (const text of texts) {
      const one = /^-?[\d.]+$/.test(text) ? Number(text) : text;
      // Kinds are a list, with commas between.
      const value = flag === 'adversary' ? [one] : one;
      expect(flags[flag]!.rule.read(text) !== undefined, text).toBe(shape[flag]!.safeParse(value).success);
    }
  });

  it('has their defaults, but for the port', () => {
    const settings: Record<string, unknown> = readFlags(`murmur ${name}`, flags, []);
    const defaults: Record<string, unknown> = options.parse({});
    for (const flag of names.filter((each) => each !== 'port'))
      expect(settings[flag], flag).toEqual(defaults[flag]);
  });
});

it("the seed's default is the demonstration's", () => {
  expect(seed.fallback!('')).toBe(demoSeed);
});

describe('the scenarios', () => {
  it('are those that help names, in its order', () => {
    expect(scenarioNames).toEqual(playable);
  });

  it.each(['rounds', 'trainers', 'validators', 'preset', 'seed'] as const)(
    '--%s of the first has the default that help shows',
    (name) => {
      expect(demonstration[name].shown).toBe(`${localOptions.parse({})[name]} for ${playable[0]}`);
    },
  );

  it.each([
    [{ trainers: 4, adversary: ['noise', 'noise', 'noise'] }, 'adversary'],
    [{ validators: 2, adversary: ['lazy-vote', 'lazy-vote'] }, 'adversary'],
    [{ scenario: 'credit', adversary: ['noise', 'noise', 'noise'] }, 'adversary'],
    [{ scenario: 'clinics', trainers: 5 }, 'trainers'],
  ])('%j is no federation, and is refused', (options, path) => {
    const { error } = localOptions.safeParse(options);
    expect(error!.issues.map((issue) => issue.path)).toEqual([[path]]);
  });
});
