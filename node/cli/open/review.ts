// The review of a task's terms, told to whoever is about to lock money or stake.
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { type PostedTask, readSeat } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { TaskDescription } from '../../learn/index.ts';
import {
  describePrivacy,
  type Finding,
  type ReviewedMember,
  type ReviewedTask,
  reviewTask,
  type StatedPrivacy,
  statedPrivacy,
} from '../../review/index.ts';
import { fetchDescription } from '../../roles/task/load.ts';
import { StoreError } from '../../store/index.ts';
import { visible } from '../output/visible.ts';
import { type StoreSettings, storeOf } from './content_place.ts';
import { openStore } from './store.ts';

/** What those pledge who have joined a task. */
export async function readMembers(
  client: PublicClient,
  deployment: Deployment,
  { task, trainers, validators }: PostedTask,
): Promise<ReviewedMember[]> {
  const accounts = [...trainers, ...validators];
  const seats = await Promise.all(accounts.map((account) => readSeat(client, deployment, { task, account })));
  return seats.map(({ weight, pledged }, at) => ({
    role: at < trainers.length ? 'trainer' : 'validator',
    weight,
    pledged,
  }));
}

/** A task's description; undefined where its store does not have it: what the chain says is known without it. */
export async function readDescription(
  settings: StoreSettings,
  deployment: Deployment,
  posted: PostedTask,
): Promise<TaskDescription | undefined> {
  const store = await openStore(settings, deployment, posted);
  return fetchDescription(store, posted)
    .catch((error: unknown) => {
      if (error instanceof StoreError) return undefined;
      throw error;
    })
    .finally(() => store.stop());
}

/** Lines for somebody who looks, where they are in nobody's way who reads the result. */
const onStandardError = (line: string) => console.error(visible(line));

/**
 * Says what privacy a task states, before anything is locked in it.
 * @returns the statement; undefined where the task adds no noise, or where its description is not known.
 */
export function tellPrivacy(
  description: TaskDescription | undefined,
  place: {
    readonly settings: StoreSettings;
    readonly deployment: Deployment;
    readonly hear?: (line: string) => void;
  },
): StatedPrivacy | undefined {
  const stated = description && statedPrivacy(description);
  const { hear = onStandardError } = place;
  hear(
    description
      ? `privacy: ${describePrivacy(stated)}`
      : `privacy: not known, since the description is not in ${storeOf(place.settings, place.deployment)}; ` +
          '--store, or --peer of a member that is up, finds it',
  );
  return stated;
}

/** A finding as people read it. */
export const describeFinding = ({ severity, rule, says, mend }: Finding): string =>
  `${severity.padEnd(8)} ${says} ${mend} (${rule})`;

/**
 * Reviews a task before money is locked in it, and tells what is found.
 * @param acceptRisks whether to go on in spite of a danger.
 * @throws NodeError `input` where there is a danger that is not accepted.
 */
export function checkTerms(
  task: ReviewedTask,
  acceptRisks: boolean,
  hear: (line: string) => void = onStandardError,
): Finding[] {
  const findings = reviewTask(task);
  for (const finding of findings) hear(describeFinding(finding));
  const dangers = findings.filter(({ severity }) => severity === 'danger');
  if (dangers.length > 0 && !acceptRisks)
    throw new NodeError(
      'input',
      `the review of the task's terms found ${dangers.map(({ rule }) => rule).join(', ')}: a member could lose data ` +
        'or stake by no fault of its own',
      { mend: 'See the lines above, and change the terms; --accept-risks goes on all the same.' },
    );
  return findings;
}
