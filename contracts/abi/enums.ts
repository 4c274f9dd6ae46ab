// biome-ignore-all format: written by contracts/tools/render_abi.ts, one member a line
// The enumerations of contracts/src/interfaces/, whose comments say what each member means. The
// number of a member is its index.

/** `enum DisputeStatus` of IDisputes.sol. */
export const disputeStatuses = [
  'none',
  'pending',
  'executed',
  'overturned',
] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];

/** `enum Circuit` of IVerifierRegistry.sol. */
export const circuits = [
  'update',
  'aggregate',
  'alignment',
] as const;
export type Circuit = (typeof circuits)[number];

/** `enum Role` of Types.sol. */
export const roles = [
  'none',
  'trainer',
  'validator',
] as const;
export type Role = (typeof roles)[number];

/** `enum TaskStatus` of Types.sol. */
export const taskStatuses = [
  'none',
  'open',
  'drawing',
  'keying',
  'running',
  'ended',
  'cancelled',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** `enum Phase` of Types.sol. */
export const phases = [
  'none',
  'support',
  'submit',
  'inspect',
  'aggregate',
  'commit',
  'reveal',
  'settle',
  'closed',
] as const;
export type Phase = (typeof phases)[number];

/** `enum Outcome` of Types.sol. */
export const outcomes = [
  'pending',
  'accepted',
  'rejected',
  'void',
] as const;
export type Outcome = (typeof outcomes)[number];

/** `enum Selector` of Types.sol. */
export const selectors = [
  'probe',
  'leader',
] as const;
export type Selector = (typeof selectors)[number];

/** `enum Standing` of Types.sol. */
export const standings = [
  'none',
  'good',
  'suspended',
  'ejected',
] as const;
export type Standing = (typeof standings)[number];

/** `enum Fault` of Types.sol. */
export const faults = [
  'none',
  'no-show',
  'invalid-proof',
  'outlier',
  'disputed',
  'excluded',
] as const;
export type Fault = (typeof faults)[number];

/** `enum Verdict` of Types.sol. */
export const verdicts = [
  'neither',
  'cleared',
  'struck',
  'harsher',
] as const;
export type Verdict = (typeof verdicts)[number];
