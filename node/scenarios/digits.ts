// Handwritten digits, as the demonstration deals them: the last trainer is left-handed.
import {
  dealDigits,
  defaultEconomics,
  defaultRules,
  demoMirroredShare,
  demoSeed,
  demoTask,
} from '../demo/index.ts';
import { type Dataset, scaledData } from '../learn/index.ts';
import type { Party, Scenario, TestFigure, TestSet } from './scenario.ts';

/** The demonstration. */
export const digits: Scenario = {
  // Six validators form three groups: the fewest that strike, and one of them may be corrupt.
  defaults: { preset: 'base', rounds: 8, trainers: 5, validators: 6, seed: demoSeed },
  trainers: { min: 3, max: 16 },
  adversarySeat: (trainers) => trainers - 2,

  async deal({ preset, rounds, trainers, validators, seed, selector }) {
    const description = demoTask({ preset, rounds, selector });
    const kinds = Array.from({ length: trainers }, (_, i) =>
      i === trainers - 1 ? ('mirrored' as const) : ('plain' as const),
    );
    const dealt = await dealDigits({
      seed,
      trainers: kinds,
      validators,
      mirroredShare: demoMirroredShare,
      side: description.data.kind === 'mnist' ? description.data.side : 28,
    });
    return {
      description,
      terms: { economics: defaultEconomics, rules: defaultRules },
      trainers: dealt.trainers.map(party('trainer', (at) => kinds[at]!)),
      validators: dealt.validators.map(party('validator', () => 'plain')),
      tests: [
        testSet(dealt.test, 'plain digits', 'accuracy'),
        testSet(dealt.testMirrored, 'mirrored digits', 'mirroredAccuracy'),
      ],
    };
  },
};

const party =
  (role: string, kindOf: (at: number) => string) =>
  (data: Dataset, at: number): Party => ({
    name: `${role} ${at + 1}`,
    kind: kindOf(at),
    data: scaledData(data),
  });

const testSet = (data: Dataset, name: string, field: TestFigure['field']): TestSet => ({
  rows: scaledData(data),
  figures: [
    { name, field, of: ({ accuracy }) => accuracy, shown: (value) => `${(value * 100).toFixed(1)} %` },
  ],
});
