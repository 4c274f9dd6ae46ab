// The terms of a local federation's task: its policy, and who may join it.
import type { Deadlines } from '@murmuration/contracts';
import { type Hex, zeroHash } from 'viem';
import { defaultDeadlines } from '../demo/index.ts';
import type { UnlockedAccount } from '../keystore/index.ts';
import { allowList, type ListedPlace } from '../protocol/index.ts';
import type { Listing, TaskPolicy } from '../roles/index.ts';
import type { DealtScenario } from '../scenarios/index.ts';
import type { LocalOptions } from './options.ts';
import type { Seats } from './seats.ts';

/** Who may join. */
export interface Membership {
  /** Of the allow-list; zero where the task is open to everybody. */
  readonly root: Hex;
  /** Each member's place on it, by the member's name. */
  readonly places: ReadonlyMap<string, Listing>;
}

/** The allow-list of a scenario that has one, with the accounts of all its seats. */
export function membershipOf(
  { trainer, validator }: Seats,
  { weights }: DealtScenario,
  accounts: ReadonlyMap<string, UnlockedAccount>,
): Membership {
  if (!weights) return { root: zeroHash, places: new Map() };
  const place = (name: string, role: ListedPlace['role'], weight: number): ListedPlace => ({
    account: accounts.get(name)!.account.address,
    role,
    weight,
  });
  const list = [
    ...trainer.map(({ name }, at) => place(name, 'trainer', weights[at]!)),
    ...validator.map(({ name }) => place(name, 'validator', 1)),
  ];
  const { root, proofs } = allowList(list);
  const names = [...trainer, ...validator].map(({ name }) => name);
  const places = names.map((name, at) => [name, { weight: list[at]!.weight, proof: proofs[at]! }] as const);
  return { root, places: new Map(places) };
}

/** Seconds for which a seat stays free: as long as the contracts let it. */
const longestJoining = 365 * 86_400;

/** The policy of a local task: every phase ends when it is complete, or after `phase` seconds. */
export function policyOf(
  { trainers, validators, minGain, phase, freeSeat, ...options }: LocalOptions,
  { terms: { economics, rules, appeal = 1 } }: DealtScenario,
  { root }: Membership,
): TaskPolicy {
  const majority = Math.floor(trainers / 2) + 1;
  const threshold = options.threshold || majority;
  const durations = Object.keys(defaultDeadlines).map((name) => [name, phase]);
  return {
    trainers: { min: Math.max(threshold, majority), max: trainers },
    validators: { min: Math.max(2, Math.floor(validators / 2) + 1), max: validators },
    threshold,
    members: root,
    economics,
    rules: { ...rules, minGain },
    deadlines: {
      ...(Object.fromEntries(durations) as Deadlines),
      ...(freeSeat && { join: longestJoining }),
      appeal,
    },
  };
}
