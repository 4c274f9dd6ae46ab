// A task as the page shows it: what the chain and its description say, the review of its terms, what a seat can cost.
import type { Task } from '@murmuration/desk';
import { zeroHash } from 'viem';
import type { PostedTask } from '../../../chain/index.ts';
import type { TaskDescription } from '../../../learn/index.ts';
import {
  costsOf,
  describePrivacy,
  gasOfRound,
  type ReviewedMember,
  reviewTask,
  statedPrivacy,
} from '../../../review/index.ts';
import { presetName } from '../../open/preset_name.ts';
import { dataOf } from './data_words.ts';
import { plainText } from './plain_text.ts';
import { termsDigest } from './terms_digest.ts';

/** What a view of a task is made of. */
export interface TaskParts {
  readonly posted: PostedTask;
  /** Undefined where it cannot be had yet. */
  readonly description: TaskDescription | undefined;
  /** Why it cannot be worked on, whatever its terms. */
  readonly fault?: string | undefined;
  readonly members: readonly ReviewedMember[];
  /** All that the rounds pay. */
  readonly bounty: bigint;
  /** Wei for one gas. */
  readonly gasPrice: bigint;
  /** The own account's. */
  readonly seat: Task['seat'];
}

const longestName = 200;
const longestText = 2000;

/** The view; nothing that the planner wrote is in it but as plain text. */
export function taskView(parts: TaskParts): Task {
  const { posted, description, fault, members, bounty, gasPrice, seat } = parts;
  const { parameters, economics, deadlines } = posted;
  const stated = description && statedPrivacy(description);
  const cost = (role: 'trainer' | 'validator') => {
    const gas = gasOfRound(role, parameters.chunks);
    return { slashes: costsOf(posted, role), gas: `${gas}`, wei: `${gas * gasPrice}` };
  };
  const { support, submit, inspect, aggregate, commit, reveal, settle } = deadlines;
  return {
    task: `${posted.task}`,
    ...(description && { name: plainText(description.name, longestName) }),
    status: posted.status,
    planner: posted.planner,
    bounty: `${bounty}`,
    roundReward: `${economics.roundReward}`,
    validatorFee: `${economics.validatorFee}`,
    minStake: `${economics.minStake}`,
    rounds: parameters.rounds,
    trainers: { taken: posted.trainers.length, least: parameters.minTrainers, most: parameters.maxTrainers },
    validators: {
      taken: posted.validators.length,
      least: parameters.minValidators,
      most: parameters.maxValidators,
    },
    threshold: parameters.threshold,
    listed: parameters.members !== zeroHash,
    deadline: `${posted.deadline}`,
    roundSeconds: support + submit + inspect + aggregate + commit + reveal + settle,
    preset: presetName(parameters.preset),
    parameters: parameters.modelSize,
    chunks: parameters.chunks,
    data: dataOf(description),
    ...(description?.model.kind === 'program' && {
      program: description.model.files.map(({ name, sha256 }) => ({
        name: plainText(name, longestName),
        sha256,
      })),
    }),
    privacy: description
      ? plainText(describePrivacy(stated), longestText)
      : 'not known: the description of this task cannot be had now',
    ...(stated && Number.isFinite(stated.epsilon) && { epsilon: stated.epsilon }),
    ...(fault !== undefined && { fault: plainText(fault, longestText) }),
    findings: reviewTask({ ...posted, members, description }).map((finding) => ({
      ...finding,
      says: plainText(finding.says, longestText),
    })),
    costs: { trainer: cost('trainer'), validator: cost('validator') },
    terms: termsDigest(posted),
    seat,
  };
}
