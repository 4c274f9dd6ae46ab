// The demonstration that `npm start`, `murmur up` and the simulation share: its task, data, money and
// adversaries.
export {
  type AdversaryName,
  adversaries,
  type DishonestTraining,
  disguiseOf,
  dishonestTraining,
  dishonestTrainings,
} from './adversaries.ts';
export { type Digits, type DigitsPlan, dealDigits } from './deal_digits.ts';
export { defaultDeadlines, defaultEconomics, defaultRules } from './economics.ts';
export {
  type DemoChoice,
  type DemoPreset,
  demoMirroredShare,
  demoPresets,
  demoSeed,
  demoTask,
} from './task.ts';
