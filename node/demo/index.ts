// The demonstration that `npm start`, `murmur up` and the simulation share: its task, data, money and
// adversaries.
export {
  type Adversary,
  type AdversaryRole,
  type AdversarySeat,
  adversaryOf,
  adversaryRoles,
  backdoorTest,
  type Flood,
  flipped,
  floodCode,
  floodGas,
  part,
  poisoned,
  spamPosts,
} from './adversaries/index.ts';
export { type Digits, type DigitsPlan, dealDigits } from './deal_digits.ts';
export { amongMembers, defaultDeadlines, defaultEconomics, defaultRules } from './economics.ts';
export {
  type DemoChoice,
  type DemoPreset,
  demoMirroredShare,
  demoPresets,
  demoSeed,
  demoTask,
} from './task.ts';
