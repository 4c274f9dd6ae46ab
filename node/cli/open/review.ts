// The review of a task's terms, told to whoever is about to lock money or stake.
import type { Deployment } from '@murmuration/contracts';
import type { PublicClient } from 'viem';
import { type PostedTask, readSeat } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import { type Finding, type ReviewedMember, type ReviewedTask, reviewTask } from '../../review/index.ts';

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

/** A finding as people read it. */
export const describeFinding = ({ severity, rule, says, mend }: Finding): string =>
  `${severity.padEnd(8)} ${says} ${mend} (${rule})`;

/**
 * Reviews a task before money is locked in it: tells what is found on standard error, where it is in nobody's way who
 * reads the result.
 * @param acceptRisks whether to go on in spite of a danger.
 * @throws NodeError `input` where there is a danger that is not accepted.
 */
export function checkTerms(task: ReviewedTask, acceptRisks: boolean): Finding[] {
  const findings = reviewTask(task);
  for (const finding of findings) console.error(describeFinding(finding));
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
