// What a review looks at, and what it says: words that somebody understands who signs for an institution.
import type { NewTask } from '@murmuration/contracts';
import type { TaskDescription } from '../learn/index.ts';

/** Somebody who has joined, or is about to. */
export interface ReviewedMember {
  readonly role: 'trainer' | 'validator';
  /** Of a trainer's updates in the sum. */
  readonly weight: number;
  /** In the token's smallest unit. */
  readonly pledged: bigint;
}

/** A task before or after it was posted: what is known of it. Unknown parts are not judged. */
export interface ReviewedTask extends NewTask {
  readonly members?: readonly ReviewedMember[];
  readonly description?: TaskDescription | undefined;
}

/**
 * How bad a finding is: `danger`, a member can lose data or stake by no fault of its own; `warning`, the task may
 * fail, or judge badly; `note`, what a member should know.
 */
export type Severity = 'danger' | 'warning' | 'note';

/** What a rule found. */
export interface Finding {
  /** The rule's name. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is so, and what it leads to: whole sentences. */
  readonly says: string;
  /** What the planner should change, or the member ask for. */
  readonly mend: string;
}

/** One rule of a review: undefined where there is nothing to say. */
export interface Rule {
  readonly name: string;
  find(task: ReviewedTask): Omit<Finding, 'rule'> | undefined;
}
