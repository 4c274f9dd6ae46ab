// Posting a planned task: what the command line and the desk do alike.
import type { Deployment, NewTask } from '@murmuration/contracts';
import { countTasks, escrowOf, readTask } from '../../chain/index.ts';
import { NodeError } from '../../errors.ts';
import type { Finding } from '../../review/index.ts';
import { describeTask, type TaskPlan } from '../../roles/index.ts';
import type { Member } from '../../roles/runtime/member.ts';
import { recordedStore } from '../../site/index.ts';
import type { ContentStore } from '../../store/index.ts';
import type { KeysSettings } from './keys.ts';
import { checkMoney } from './money.ts';
import { checkTerms } from './review.ts';
import { checkTrust } from './trust.ts';

/** @throws NodeError `input` where the deployment has no verifiers for the task's preset. */
export function checkPreset(preset: string, { verifiers }: Pick<Deployment, 'verifiers'>): void {
  if (Object.hasOwn(verifiers, preset)) return;
  const deployed = Object.keys(verifiers).join(', ');
  throw new NodeError('input', `the task is of preset ${preset}, but the deployment has ${deployed}`, {
    mend: 'Choose one of these, or deploy again with `murmur deploy --presets`.',
  });
}

/** Where a plan is posted, and in spite of what. */
export interface PostingPlace {
  readonly settings: KeysSettings & {
    /** Post although the same task of this planner is open already. */
    readonly again: boolean;
    readonly acceptRisks: boolean;
  };
  readonly planner: Member;
  readonly deployment: Deployment;
  readonly store: ContentStore;
  /** Hears what the review finds. */
  readonly hear?: (line: string) => void;
}

/** A task that is posted. */
export interface Posted {
  readonly task: bigint;
  /** What is locked for it, in the token's smallest unit. */
  readonly escrow: bigint;
  readonly findings: readonly Finding[];
}

/**
 * Puts description and first model into the store, locks the bounty, posts the task.
 * @throws NodeError `input` of whatever speaks against it: terms, money, keys, the same task once more.
 */
export async function postPlan(
  { settings, planner, deployment, store, hear }: PostingPlace,
  plan: TaskPlan,
): Promise<Posted> {
  const { description } = plan;
  checkPreset(description.preset, deployment);
  const posting = await describeTask(recordedStore(planner.log, store), plan);
  const findings = checkTerms({ ...posting, description }, settings.acceptRisks, hear);
  if (!settings.again) await refuseTwice(planner, deployment, posting);
  const escrow = await escrowOf(planner.client, deployment, posting);
  const { address } = planner.signer;
  await checkMoney(planner.client, deployment, address, { amount: escrow, what: 'the bounty' });
  await checkTrust(settings, planner, description.preset);
  return { task: await planner.actions.post(posting), escrow, findings };
}

/** A planner that was killed after its posting and runs again must not pay twice. */
async function refuseTwice(
  { client, signer }: Member,
  deployment: Deployment,
  { parameters }: NewTask,
): Promise<void> {
  const count = await countTasks(client, deployment);
  for (let task = 1n; task <= count; task++) {
    const posted = await readTask(client, deployment, task);
    if (posted.planner !== signer.address || posted.status !== 'open') continue;
    const { metadata, model } = posted.parameters;
    if (metadata === parameters.metadata && model === parameters.model)
      throw new NodeError('input', `task ${task} of this planner is the same and open`, {
        mend: 'Give --again to post another.',
      });
  }
}
