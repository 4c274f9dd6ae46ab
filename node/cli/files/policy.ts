// What a planner decides, from files and flags: a task's description and its policy.
import { zeroHash } from 'viem';
import { z } from 'zod';
import {
  amongMembers,
  type DemoPreset,
  defaultDeadlines,
  defaultEconomics,
  defaultRules,
  demoTask,
} from '../../demo/index.ts';
import { NodeError } from '../../errors.ts';
import { type TaskDescription, taskDescription } from '../../learn/index.ts';
import type { TaskPolicy } from '../../roles/index.ts';
import { describeIssues } from '../output/fault.ts';
import { type MembersFile, readMembersFile } from './members.ts';
import { parseJson, readJson } from './read.ts';

/** What says what a task learns. */
export interface DescriptionSettings {
  readonly description?: string;
  readonly preset: DemoPreset;
  readonly rounds?: number;
}

/** What a policy's flags decide; durations in seconds. */
export interface PolicySettings {
  readonly policy?: string;
  /** A file of `planner members`. */
  readonly members?: string;
  readonly trainers?: number;
  readonly validators?: number;
  readonly threshold?: number;
  /** In the token's smallest unit. */
  readonly roundReward?: bigint;
  readonly validatorFee?: bigint;
  readonly minStake?: bigint;
  readonly minGain?: number;
  readonly phase?: number;
  readonly join?: number;
  readonly appeal?: number;
}

/** The task's description: a file's, or the demonstration's. */
export async function readDescription({
  description,
  preset,
  rounds,
}: DescriptionSettings): Promise<TaskDescription> {
  if (!description) return demoTask({ preset, ...(rounds && { rounds }) });
  if (rounds)
    throw new NodeError(
      'input',
      '--rounds is for the demonstration, but a description says its rounds itself',
      {
        mend: 'Leave it out.',
      },
    );
  return parseFile(description, taskDescription);
}

const count = (low: number, high: number) =>
  z.strictObject({ min: z.int().min(low).max(high), max: z.int().min(low).max(high) });
const amount = z
  .string()
  .regex(/^\d{1,38}$/, 'decimal digits, in the smallest unit')
  .transform(BigInt);
const each = <T extends z.ZodType>(names: object, value: T) =>
  z.strictObject(Object.fromEntries(Object.keys(names).map((name) => [name, value.optional()])));

/** A policy's file: whatever it leaves out has its default. The marketplace checks the ranges once more. */
const policySchema = z.strictObject({
  trainers: count(2, 64).optional(),
  validators: count(2, 32).optional(),
  threshold: z.int().min(2).max(64).optional(),
  members: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/, 'a Merkle root: 0x and 64 hexadecimal digits')
    .optional(),
  economics: each(defaultEconomics, amount).optional(),
  rules: each(defaultRules, z.int()).optional(),
  deadlines: each(defaultDeadlines, z.int().min(1)).optional(),
});

/** A policy's file. */
export type PolicyFile = z.output<typeof policySchema>;

/** A policy's file from its text, as a page sends it. @param name of the file, for people */
export const parsePolicyFile = (name: string, text: string): PolicyFile =>
  fit(name, parseJson(name, text), policySchema);

/** The policy, of files that are named. */
export async function readPolicy(settings: PolicySettings): Promise<TaskPolicy> {
  const file = settings.policy ? await parseFile(settings.policy, policySchema) : {};
  const listed = settings.members ? await readMembersFile(settings.members) : undefined;
  return policyOf(settings, file, listed);
}

/**
 * The policy: flags over the file over the defaults, which are gentler where an allow-list says who may join.
 * @throws NodeError `input` where the file names another list than the one that is given
 */
export function policyOf(
  settings: Omit<PolicySettings, 'policy' | 'members'>,
  file: PolicyFile,
  listed: MembersFile | undefined,
): TaskPolicy {
  if (listed && file.members && file.members !== listed.root)
    throw new NodeError(
      'input',
      `--members has the root ${listed.root}, but --policy names ${file.members}`,
      { mend: 'Leave `members` out of the policy.' },
    );
  const members = (listed?.root ?? file.members ?? zeroHash) as TaskPolicy['members'];
  const gentler: Partial<typeof amongMembers> = members === zeroHash ? {} : amongMembers;
  const half = (seats: number) => Math.floor(seats / 2) + 1;
  const seatsOf = (role: 'trainer' | 'validator') =>
    listed?.members.filter((member) => member.role === role).length;
  const trainers = settings.trainers ?? file.trainers?.max ?? seatsOf('trainer') ?? 5;
  const validators = settings.validators ?? file.validators?.max ?? seatsOf('validator') ?? 6;
  const threshold = settings.threshold ?? file.threshold ?? Math.max(2, half(trainers));
  const { phase, join, appeal } = settings;
  const rounds = Object.keys(defaultDeadlines).filter((name) => name !== 'join' && name !== 'appeal');
  return {
    // One more than decrypt: of fewer updates, those who cannot decrypt could subtract all but one.
    trainers: {
      min: file.trainers?.min ?? Math.min(trainers, Math.max(threshold + 1, half(trainers))),
      max: trainers,
    },
    validators: { min: file.validators?.min ?? Math.max(2, half(validators)), max: validators },
    threshold,
    members,
    economics: {
      ...defaultEconomics,
      ...gentler.economics,
      ...(file.economics as Partial<typeof defaultEconomics>),
      ...(settings.roundReward !== undefined && { roundReward: settings.roundReward }),
      ...(settings.validatorFee !== undefined && { validatorFee: settings.validatorFee }),
      ...(settings.minStake !== undefined && { minStake: settings.minStake }),
    },
    rules: {
      ...defaultRules,
      ...gentler.rules,
      ...(file.rules as Partial<typeof defaultRules>),
      ...(settings.minGain !== undefined && { minGain: settings.minGain }),
    },
    deadlines: {
      ...defaultDeadlines,
      ...(file.deadlines as Partial<typeof defaultDeadlines>),
      ...(phase && Object.fromEntries(rounds.map((name) => [name, phase]))),
      ...(join && { join }),
      ...(appeal && { appeal }),
    },
  };
}

async function parseFile<T extends z.ZodType>(file: string, schema: T): Promise<z.output<T>> {
  return fit(file, await readJson(file), schema);
}

function fit<T extends z.ZodType>(file: string, value: unknown, schema: T): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new NodeError('input', `${file}: ${describeIssues(parsed.error)}`);
}
